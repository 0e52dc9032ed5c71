// Questions that a presenter puts to a room without a story: a list of their kinds, about what the page shows.

import {make} from "../dom.js";

export function quick_questions(words, ask_for) {
  const faults = make("div", {class: "faults", role: "alert"});
  // Each is asked under a number of its own, by which a room keeps its answers apart.
  const button = ([kind, title]) => make("button", {type: "button", class: "story", "data-quick": kind,
    onclick: () => { close(); ask_for({quick: kind, number: Math.floor(Date.now() / 1000)}); }}, make("b", {}, title));
  const box = make("div", {class: "quick-list", hidden: true, role: "dialog", "aria-label": words.title, tabIndex: -1},
    make("h2", {}, words.title), make("p", {}, words.explain), make("div", {class: "story-heads"}, ...Object.entries(words.kinds).map(button)), faults,
    make("div", {class: "row"}, make("button", {type: "button", class: "button", onclick: () => close()}, words.close)));
  let from = null;
  function open() {
    from = document.activeElement;
    box.hidden = false;
    faults.replaceChildren();
    box.querySelector("[data-quick]").focus();
  }
  function close() {
    if (box.hidden) return false;
    box.hidden = true;
    from?.focus?.();
    return true;
  }
  function fault(lines) {
    if (box.hidden) open();
    faults.replaceChildren(...lines.map((each) => make("p", {}, each)));
  }
  return {box, open, close, fault};
}
