// The model of one corridor in two threads: one run for the hand that moves a lever, and simulations for its ranges.

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

  _heard({id, found, fault, done, all}) {
    if (id !== this.busy?.id) return;
    if (done !== undefined) { this.busy.progress(done, all); return; }
    const {tell, refuse} = this.busy, next = this.waiting;
    Object.assign(this, {busy: null, waiting: null});
    if (next) this._begin(next);
    if (fault === undefined) tell(found); else refuse(new Error(fault));
  }
}

export class Engine {
  // `packed`: what `pushpull.dashboard.pocket.packed_numbers` writes of a corridor; `source`: the text of `worker.js`.
  // The thread of simulations opens its part when it is first asked, so that it takes nothing from the first picture.
  static async open(packed, source) {
    const engine = new Engine(source), part = (lanes) => ({kind: "open", lanes, packed: {...packed, kernels: {[lanes]: packed.kernels[lanes]}}});
    const {times, outcomes} = await engine.one.ask(part(1));
    return Object.assign(engine, {times, outcomes, part});
  }

  constructor(source) { Object.assign(this, {one: new Thread(source), many: new Thread(source)}); }

  // One run: the structure's own numbers, `{ok, values: {outcome: array over times}, is_cut}`; null where a later call took its place.
  async run(changes) {
    const found = await this.one.ask({kind: "run", changes});
    return found && {ok: found.values !== null, ...found};
  }

  // So many simulations of a setting and of its baseline, pair by pair: `{members, broke, policy, baseline}`, each of the
  // last two an array over members for every outcome; null where a later call took its place.
  async simulate(changes, members, progress) {
    await (this.opened ??= this.many.ask(this.part(4)));
    const found = await this.many.ask({kind: "simulate", changes, members}, {at_once: true, progress});
    const by_outcome = (rows) => Object.fromEntries(this.outcomes.map((name) => [name, rows.map((row) => row[name])]));
    return found && {...found, policy: by_outcome(found.policy), baseline: by_outcome(found.baseline)};
  }

  // A hand is moving: no simulation is to take the processor from it.
  hush() { if (this.many.busy?.message.kind === "simulate") this.many.leave(); }

  close() { for (const thread of [this.one, this.many]) thread.worker.terminate(); }
}
