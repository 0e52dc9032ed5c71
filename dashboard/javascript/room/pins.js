// The levers that a presenter pinned: up to five, kept by the browser for each corridor.

import {make} from "../dom.js";

const LEAST = 3, MOST = 5, KEPT = "pushpull_pinned";

export function pins_of(model, changed) {
  const words = model.words.stage;
  const levers = () => model.words.found.filter(([kind]) => kind === "lever");
  const box = make("div", {class: "pins", hidden: true, role: "dialog", "aria-label": words.pins_title, tabIndex: -1});
  let from = null;
  const read = () => { try { return JSON.parse(window.localStorage.getItem(KEPT)) ?? {}; } catch { return {}; } };
  const corridor = () => model.shown.title ?? "";
  let held = read(), chosen = null;

  // Those that were pinned; before any were, those that have been moved and then the first of the page. They stay while
  // the view is open, whatever is moved.
  const pinned = () => chosen ??= first();
  function first() {
    const all = levers().map(([, id]) => id), own = (held[corridor()] ?? []).filter((id) => all.includes(id));
    if (own.length) return own.slice(0, MOST);
    const moved = (model.shown.moved_levers ?? []).filter((id) => all.includes(id)).slice(0, MOST);
    return [...moved, ...all.filter((id) => !moved.includes(id))].slice(0, Math.max(LEAST, moved.length));
  }
  function keep(ids) {
    held = {...held, [corridor()]: ids};
    try { window.localStorage.setItem(KEPT, JSON.stringify(held)); } catch { /* a browser that keeps nothing: until the page is left */ }
    chosen = null;
    changed();
    limit();
  }
  function limit() {
    const ticked = box.querySelectorAll("input:checked").length;
    for (const each of box.querySelectorAll("input")) each.disabled = each.checked ? ticked <= 1 : ticked >= MOST;
  }
  function open() {
    from = document.activeElement;
    const now = new Set(pinned());
    box.replaceChildren(make("h2", {}, words.pins_title), make("p", {}, words.pins_hint), make("div", {class: "choices"},
      ...levers().map(([, id, title]) => make("label", {}, make("input", {type: "checkbox", value: id, checked: now.has(id)}), title))),
    make("button", {type: "button", class: "button", onclick: close}, words.close));
    box.hidden = false;
    limit();
    box.focus();
  }
  function close() {
    if (box.hidden) return false;
    box.hidden = true;
    from?.focus?.();
    return true;
  }
  box.addEventListener("change", () => keep([...box.querySelectorAll("input:checked")].map((each) => each.value)));
  return {box, pinned, open, close, enter: () => { chosen = null; },
    focus: (number) => { window.dispatchEvent(new CustomEvent("pushpull:pin", {detail: number})); }};
}
