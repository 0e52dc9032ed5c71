// For those who come for the first time: the panel over the overview, help, the tour, and the meaning of words.

import {$, make} from "./dom.js";
import {stored} from "./room/browser_storage.js";

const CLOSED = "pushpull_guide", OPEN = "pushpull_guide_open";
const GAP = 12; // pixels between the tour's box and what it is about

const is_seen = (element) => element !== null && element.getClientRects().length > 0;

// Whether this is a first visit: not to an address that holds a state, nor to one that asks for none of this. One that
// goes on in another language still is.
function is_first() {
  const given = new URLSearchParams(window.pushpull.entered);
  if (given.get("guide") === "off" || stored("localStorage", (store) => store.getItem(CLOSED))) return false;
  return !given.has("state") || stored("sessionStorage", (store) => store.getItem(OPEN)) !== null;
}

// Where a word is pointed at or focused, its meaning stands beside it until one goes on, or presses Escape.
function meanings() {
  const told = make("div", {class: "meaning-told", id: "meaning-told", "aria-hidden": "true", hidden: true});
  let term = null;
  document.body.append(told);
  function tell(wanted) {
    term = wanted;
    told.hidden = term === null;
    if (term === null) return;
    told.textContent = $(term.getAttribute("aria-describedby")).textContent;
    (term.closest("dialog") ?? document.body).append(told);
    const at = term.getBoundingClientRect(), box = told.getBoundingClientRect();
    const below = at.bottom + 6 + box.height <= window.innerHeight;
    told.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.width - 8))}px`;
    told.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - box.height - 6)}px`;
  }
  const over = ({target}) => {
    const found = target.closest?.(".term") ?? null;
    if (found !== null) tell(found);
    else if (term !== null && !told.contains(target) && document.activeElement !== term) tell(null);
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", ({target}) => tell(target.closest?.(".term") ?? null));
  document.addEventListener("focusout", () => tell(null));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || term === null) return;
    event.stopPropagation();
    event.preventDefault();
    tell(null);
  }, {capture: true});
  const follow = () => { if (term !== null) tell(document.activeElement === term ? term : null); };
  window.addEventListener("scroll", follow, {capture: true, passive: true});
}

// The tour: a box beside one part of the page after the other.
const STEPS = {
  levers: ["#levers", "#sheet"],
  cards: [".headline"],
  chart: [".main-chart"],
  why: ["[data-why]"],
  compare: ["#tab-compare"],
};

function tour_of(model) {
  const words = model.words.tour, names = Object.keys(STEPS);
  const place = make("p", {class: "hint"}), title = make("h2", {id: "tour-title", tabIndex: -1});
  const text = make("p", {id: "tour-text"});
  const back = make("button", {type: "button", class: "button", onclick: () => go(step - 1)}, words.back);
  const next = make("button", {type: "button", class: "button first", onclick: () => go(step + 1)});
  const leave = make("button", {type: "button", class: "close", "aria-label": words.leave, onclick: () => end()}, "\u00d7");
  const box = make("div", {id: "tour", class: "guide", role: "dialog", "aria-labelledby": "tour-title", "aria-describedby": "tour-text",
    hidden: true}, place, title, text, make("div", {class: "foot"}, back, next), leave);
  const spot = make("div", {class: "spot", hidden: true});
  document.body.append(spot, box);
  let step = -1, opener = null, last = "";

  const target = () => STEPS[names[step]].map((selector) => document.querySelector(selector)).find(is_seen) ?? null;
  function put(part) {
    const at = part.getBoundingClientRect(), size = box.getBoundingClientRect();
    const [width, height] = [window.innerWidth, window.innerHeight];
    Object.assign(spot.style, {left: `${at.left - 4}px`, top: `${at.top - 4}px`, width: `${at.width + 8}px`, height: `${at.height + 8}px`});
    let left = Math.min(at.left, width - size.width - GAP), top = at.bottom + GAP;
    if (top + size.height > height - GAP) top = at.top - size.height - GAP;
    if (top < GAP && at.right + GAP + size.width <= width) [left, top] = [at.right + GAP, Math.max(at.top, 70)];
    Object.assign(box.style, {
      left: `${Math.max(GAP, left)}px`,
      top: `${Math.max(GAP, Math.min(top < GAP ? height : top, height - size.height - GAP))}px`,
    });
  }
  // What it is about may move while the page is drawn.
  function follow() {
    if (step < 0) return;
    const part = target();
    if (part !== null) {
      const now = JSON.stringify([part.getBoundingClientRect(), box.getBoundingClientRect(), window.innerHeight]);
      if (now !== last) put(part);
      last = now;
    }
    requestAnimationFrame(follow);
  }
  function go(wanted) {
    if (wanted >= names.length) return end();
    const begins = step < 0;
    step = Math.max(0, wanted);
    box.hidden = spot.hidden = false;
    place.textContent = words.place.replace("{step}", step + 1).replace("{steps}", names.length);
    title.textContent = words[names[step]].title;
    text.textContent = words[names[step]].text;
    back.disabled = step === 0;
    next.textContent = step === names.length - 1 ? words.done : words.next;
    target()?.scrollIntoView({block: "nearest"});
    last = "";
    if (begins) requestAnimationFrame(follow);
    title.focus({preventScroll: true});
  }
  function end() {
    step = -1;
    box.hidden = spot.hidden = true;
    (is_seen(opener) ? opener : $("open-help")).focus();
  }
  box.addEventListener("keydown", (event) => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!by || (by < 0 && step === 0)) return;
    event.preventDefault();
    go(step + by);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && step >= 0) end(); });
  return (from) => {
    opener = from;
    if (model.shown.page !== "overview") model.send_msg({page: "overview"});
    go(0);
  };
}

export function guide(model) {
  const panel = $("guide"), help = $("help"), opener = $("open-help"), begin_tour = tour_of(model);
  let waits = is_first();
  meanings();
  const ask = () => model.send_msg({guide: true});
  const fold = () => { panel.hidden = true; waits = false; stored("sessionStorage", (store) => store.removeItem(OPEN)); };
  const close = () => { fold(); stored("localStorage", (store) => store.setItem(CLOSED, "closed")); };
  opener.addEventListener("click", () => {
    ask();
    help.showModal();
    $("help-title").focus();
  });
  // A click within the panel or help that leads elsewhere closes it.
  for (const room of [panel, help])
    room.addEventListener("click", ({target}) => {
      const chosen = target.closest("[data-guide]")?.dataset.guide;
      if (!chosen && !target.closest("[data-send]")) return;
      const was_panel = room === panel;
      if (was_panel) close();
      else help.close();
      if (chosen === "tour") begin_tour(opener);
      else if (chosen && was_panel) opener.focus();
    });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    opener.focus();
  });
  // Whoever moves a lever, or takes a package, is to see what it does.
  window.addEventListener("pushpull:sent", ({detail}) => { if (!panel.hidden && (detail.moves || detail.package)) fold(); });
  if (waits) {
    stored("sessionStorage", (store) => store.setItem(OPEN, "open"));
    ask();
  }
  return {
    filled() { if (waits && panel.querySelector("[data-fragment] *")) panel.hidden = false; },
  };
}
