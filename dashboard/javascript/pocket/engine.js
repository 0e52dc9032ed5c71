// The model of one corridor in threads: one for the run of the hand that moves a lever, and others that share the
// simulations for its ranges.

const LANES = 4, MOST_THREADS = 3, FOR_THE_PAGE = 2; // processors: the page's own, and that of the one run

// Members shared out in parts of whole lanes, [from, to] each.
export function shared_out(members, threads) {
  const parts = Math.ceil(members / LANES), each = Math.ceil(parts / threads) * LANES;
  return Array.from({length: threads}, (_, place) => [place * each, Math.min((place + 1) * each, members)]).filter(([from, to]) => from < to);
}

const spare_processors = () => Math.min(Math.max((navigator.hardwareConcurrency ?? 1) - FOR_THE_PAGE, 1), MOST_THREADS);

// A thread that does one thing at a time; of what is asked for meanwhile, the last alone is done and the rest are null.
class Thread {
  constructor(source) {
    this.worker = new Worker(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
    Object.assign(this, {number: 0, busy: null, waiting: null});
    this.worker.onmessage = ({data}) => this._heard(data);
    this.worker.onerror = (event) => this.busy?.refuse(new Error(event.message));
  }

  // With `at_once`, what is under way is given up.
  ask(message, {at_once = false, progress = () => {}} = {}) {
    return new Promise((tell, refuse) => {
      const job = {message, tell, refuse, progress};
      if (this.busy && !at_once) {
        this.waiting?.tell(null);
        this.waiting = job;
        return;
      }
      this.busy?.tell(null);
      this._begin(job);
    });
  }

  // Give up what is under way, and what waits.
  leave() {
    for (const job of [this.busy, this.waiting]) job?.tell(null);
    this.busy = this.waiting = null;
    this.worker.postMessage({id: ++this.number, kind: "rest"});
  }

  _begin(job) {
    this.busy = {...job, id: ++this.number};
    this.worker.postMessage({...job.message, id: this.number});
  }

  _heard({id, found, fault, done}) {
    if (id !== this.busy?.id) return;
    if (done !== undefined) { this.busy.progress(done); return; }
    const {tell, refuse} = this.busy, next = this.waiting;
    Object.assign(this, {busy: null, waiting: null});
    if (next) this._begin(next);
    if (fault === undefined) tell(found); else refuse(new Error(fault));
  }
}

export class Engine {
  // `packed`: what `pushpull.dashboard.pocket.packed_numbers` writes of a corridor; `source`: the text of `worker.js`.
  // The threads of simulations open their part when they are first asked, so that they take nothing from the first picture.
  static async open(packed, source, threads = spare_processors()) {
    const engine = new Engine(source, threads), part = (lanes) => ({kind: "open", lanes, packed: {...packed, kernels: {[lanes]: packed.kernels[lanes]}}});
    const {times, outcomes} = await engine.one.ask(part(1));
    return Object.assign(engine, {times, outcomes, part});
  }

  constructor(source, threads) {
    Object.assign(this, {one: new Thread(source), many: Array.from({length: threads}, () => new Thread(source))});
  }

  // One run: the structure's own numbers, `{ok, values: {outcome: array over times}, is_cut}`; null where a later call took its place.
  async run(changes) {
    const found = await this.one.ask({kind: "run", changes});
    return found && {ok: found.values !== null, ...found};
  }

  // So many simulations of a setting and of its baseline, pair by pair: `{members, broke, policy, baseline}`, each of the
  // last two an array over members for every outcome; null where a later call took its place.
  async simulate(changes, members, progress) {
    await (this.opened ??= Promise.all(this.many.map((thread) => thread.ask(this.part(LANES)))));
    const parts = shared_out(members, this.many.length), done = parts.map(() => 0);
    const found = await Promise.all(parts.map((part, place) => this.many[place].ask({kind: "simulate", changes, members: part}, {
      at_once: true, progress: (own) => { done[place] = own; progress(done.reduce((sum, each) => sum + each, 0), 2 * members); }})));
    if (found.includes(null)) return null;
    const sum = (name) => found.reduce((whole, each) => whole + each[name], 0), rows = (side) => found.flatMap((each) => each[side]);
    const by_outcome = (all) => Object.fromEntries(this.outcomes.map((name) => [name, all.map((row) => row[name])]));
    return {members: sum("members"), broke: sum("broke"), policy: by_outcome(rows("policy")), baseline: by_outcome(rows("baseline"))};
  }

  // A hand is moving: no simulation is to take the processor from it.
  hush() { for (const thread of this.many) if (thread.busy?.message.kind === "simulate") thread.leave(); }

  close() { for (const thread of [this.one, ...this.many]) thread.worker.terminate(); }
}
