// In the place of `javascript/model.js` in the one file of the pocket page: what components are told comes from the file
// itself, and what they ask for is done at once.

export const opened = (model) => model;

// The values of a component, and who is told when they change.
export class LocalModel {
  constructor(values, receive) {
    Object.assign(this, values);
    this.listeners = {};
    this.send_msg = (message) => {
      if (message.release) return;
      window.dispatchEvent(new CustomEvent("pushpull:sent", {detail: message}));
      receive(message);
    };
  }

  on(name, act) { (this.listeners[name] ??= []).push(act); }

  // What a server says once, such as a step of a story.
  say(message) { for (const act of this.listeners["msg:custom"] ?? []) act(message); }

  tell(values) {
    Object.assign(this, values);
    for (const name of Object.keys(values)) for (const act of this.listeners[name] ?? []) act();
  }
}

// The moves of a panel of levers: none waits for another.
export class Turns {
  constructor(model) { Object.assign(this, {model, made: new Set(), quiet: true}); }
  send(...moves) {
    moves.forEach((move) => this.made.add(move.id));
    this.model.send_msg({moves, panel: this.model.words.panel});
  }
  done() {}
  release() {}
}
