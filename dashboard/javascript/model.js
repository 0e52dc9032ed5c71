// What comes from the server and what goes to it.

// What is said before the page is drawn waits until then: its answer would be lost, as the server sends nothing earlier.
function once_drawn(act) {
  const [document] = window.Bokeh.documents;
  if (document.is_idle) act();
  else document.on_event("document_ready", act);
}

// The component's plain values, which come as JSON texts, under their own names; each text is opened once.
export function opened(bare) {
  const on = (name, act) => bare.on(name.startsWith("msg:") ? name : name + "_text", act);
  // Without a connection moves wait (`Turns`), and the page says of the rest that it cannot be done now.
  const send_msg = (message) => {
    if (!message.release) window.dispatchEvent(new Event("pushpull:sent"));
    if (!window.pushpull.lost) once_drawn(() => bare.send_msg(message));
    else if (!message.moves && !message.release) window.pushpull.in_vain();
  };
  const model = {on, send_msg};
  for (const name of ["words", "shown", "groups", "fragments", "summaries"]) {
    let text, values;
    Object.defineProperty(model, name, {get() {
      const now = bare[name + "_text"];
      if (now !== text) [text, values] = [now, JSON.parse(now)];
      return values;
    }});
  }
  return model;
}

// The moves of a panel: one message is under way at a time, and meanwhile only the last move of each slider waits.
export class Turns {
  constructor(model) {
    this.model = model; this.sent = new Map(); this.waiting = new Map(); this.turn = 0; this.quiet = true;
    this.made = new Set(); // the levers that were moved here
    // Moves that are not answered when the page goes are made again when it comes back.
    const panel = model.words.panel;
    window.pushpull.unanswered[panel] = () => [...new Map([...this.sent, ...this.waiting]).values()];
    this.send(...(window.pushpull.moves[panel] ?? []));
  }
  send(...moves) {
    moves.forEach((move) => this.made.add(move.id));
    moves.forEach((move) => this.waiting.set(move.id + "@" + (move.route ?? ""), move));
    if (this.quiet) this.next();
  }
  next() {
    this.sent = this.waiting;
    this.waiting = new Map();
    this.quiet = this.sent.size === 0;
    if (this.quiet) return;
    this.turn += 1;
    this.model.send_msg({moves: [...this.sent.values()], turn: this.turn, panel: this.model.words.panel});
  }
  done(turn) { if (turn === this.turn) this.next(); }
  // The hand has left the slider: axes may rescale, and the next move is a step of its own.
  release() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.model.send_msg({release: true, panel: this.model.words.panel}), 60);
  }
}
