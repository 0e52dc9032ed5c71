// What comes from the server and what goes to it.

import {$, make} from "./dom.js";

// What is said before the page is drawn waits until then: its answer would be lost, as the server sends nothing earlier.
function once_drawn(act) {
  const [document] = window.Bokeh.documents;
  if (document.is_idle) act();
  else document.on_event("document_ready", act);
}

// The component's plain values, which come as JSON texts, under their own names; each text is opened once.
export function opened(bare) {
  const on = (name, act) => bare.on(name.startsWith("msg:") ? name : name + "_text", act);
  // Without a connection moves wait (`Turns`), and so do other changes of what is set and looked at (`changes`); of the
  // rest the page says that it cannot be done now.
  const send_msg = (message) => {
    if (!message.release) window.dispatchEvent(new CustomEvent("pushpull:sent", {detail: message}));
    const change = changes.number(message);
    if (!window.pushpull.lost) once_drawn(() => bare.send_msg(change ?? message));
    else if (!change && !message.moves && !message.release) window.pushpull.in_vain();
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

// Changes that may be asked for twice without harm. Each has a number, and is kept until the server has heard it: a page
// that goes before asks for it again when it comes back, ahead of the moves of sliders that came after it.
const CHANGES = [
  "corridor", "package", "reset", "unset", "schedule", "years", "formula", "loop", "page", "part", "way", "focus", "chosen",
  "compared", "year", "rename", "example",
];
const changes = {
  last: 0,
  unheard: window.pushpull.unheard,
  number(message) {
    if (!CHANGES.some((key) => key in message)) return null;
    this.last += 1;
    const numbered = {...message, heard: this.last};
    this.unheard.push(numbered);
    window.dispatchEvent(new CustomEvent("pushpull:change", {detail: message}));
    return numbered;
  },
  heard(number) { while (this.unheard.length && this.unheard[0].heard <= number) this.unheard.shift(); },
  // What the page before this one had not heard of.
  again(model) { window.pushpull.asked.splice(0).forEach((message) => model.send_msg(message)); },
};
export const heard = (number) => changes.heard(number);

// Whether a change sets what a move of a panel's slider had set, which then need not be made.
function overrides(change, panel, move) {
  const all = change.corridor !== undefined || change.reset === "both";
  if (panel === "context") return all || change.reset === "context" || (change.unset && change.panel === panel);
  if (all || change.package !== undefined || change.reset === "policies" || (change.unset && change.panel === panel))
    return true;
  return change.schedule?.id === move.id && [null, move.route].includes(change.schedule.route);
}

// The moves of a panel: one message is under way at a time, and meanwhile only the last move of each slider waits.
export class Turns {
  constructor(model) {
    this.model = model; this.sent = new Map(); this.waiting = new Map(); this.turn = 0; this.quiet = true;
    this.made = new Set(); // the levers that were moved here
    // Moves that are not answered when the page goes are made again when it comes back.
    const panel = model.words.panel;
    window.pushpull.unanswered[panel] = () => [...new Map([...this.sent, ...this.waiting]).values()];
    changes.again(model);
    this.send(...(window.pushpull.moves[panel] ?? []));
    window.addEventListener("pushpull:change", ({detail}) => {
      if (!window.pushpull.lost) return;
      for (const moves of [this.sent, this.waiting])
        for (const [key, move] of moves) if (overrides(detail, panel, move)) moves.delete(key);
    });
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

// The connection is lost: say so wherever one has scrolled to, and come back once the server has room. What is set or
// looked at meanwhile is set then; whatever else is tried is told to be in vain.
export function watch(words) {
  const bar = $("connection");
  const sign_in = make("a", {href: "login", target: "_blank", rel: "noopener"}, words.sign_in);
  const tell = (said, passing = false) => {
    bar.replaceChildren(...(said === words.signed_out ? [said, " ", sign_in] : [said]));
    bar.hidden = false;
    clearTimeout(bar.timer);
    if (passing) bar.timer = setTimeout(() => { bar.hidden = true; }, 8000);
  };
  if (window.pushpull.brought) tell(words.sent_again, true);
  window.pushpull.in_vain = () => tell(`${words.lost} ${words.in_vain}`);
  window.Bokeh.documents[0].on_event("connection_lost", () => {
    window.pushpull.lost = true;
    window.dispatchEvent(new Event("pushpull:lost"));
    tell(words.lost);
    window.pushpull.comeBack((how) => tell(words[{full: "full_now", signed_out: "signed_out"}[how] ?? "lost"]));
  });
}
