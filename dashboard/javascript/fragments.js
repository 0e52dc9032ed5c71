// Fragments: pieces of HTML that the server makes, each at its place in the page, and what is sent from within them.

import {fill_tables} from "./charts.js";
import {$, make, patch_children} from "./dom.js";
import {take} from "./exports.js";

const narrow = window.matchMedia("(max-width: 900px)");
narrow.addEventListener("change", () => {
  for (const each of document.querySelectorAll("[data-if-wide]"))
    if (!each.contains(document.activeElement)) each.open = !narrow.matches;
});

// Put each fragment that has changed at its place; what is open in it, the focus and whatever is the same stay. What is
// open only where there is room for it comes closed to a narrow page.
export function show_fragments(fragments) {
  for (const [name, html] of Object.entries(fragments)) {
    const place = document.querySelector(`[data-fragment="${name}"]`);
    if (!place || place.held === html) continue;
    place.held = html;
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const fresh = make("template");
    fresh.innerHTML = html;
    if (narrow.matches) for (const each of fresh.content.querySelectorAll("[data-if-wide]")) each.open = false;
    patch_children(place, fresh.content);
    fill_tables(place);
    if (active?.id && document.activeElement !== active) $(active.id)?.focus({preventScroll: true});
  }
}

// Where a run broke is told in English, whatever the page speaks.
const lines_of = ({lines, quoted}) =>
  [...lines.map((line) => [line, null]), ...(quoted ?? []).map((line) => [line, "en"])];

function notice(told, place, words) {
  const lines = lines_of(told).map(([line, lang]) => make("li", {lang}, line));
  return make("div",
    {class: told.good ? "notice good" : "notice", role: told.good ? "status" : "alert", "data-key": told.summary},
    make("div", {}, told.summary, lines.length ? make("ul", {tabIndex: 0}, ...lines) : null),
    make("button", {type: "button", "data-send": JSON.stringify({dismiss: place})}, words.dismiss));
}

export function show_notices(notices, words) {
  const box = $("notices"), wanted = JSON.stringify(notices);
  if (box.dataset.said === wanted) return;
  box.dataset.said = wanted;
  patch_children(box, make("div", {}, ...notices.map((told, place) => notice(told, place, words))));
  if (notices.length) box.scrollIntoView({block: "nearest"});
}

// What an element sends when it is clicked or chosen: `data-send` holds a message, `data-choose` the name of one whose
// value is what is chosen, `data-take` the format in which a chart is taken along.
export function listen(room, model) {
  room.addEventListener("click", (event) => {
    const sender = event.target.closest("[data-send]");
    if (sender) model.send_msg(JSON.parse(sender.dataset.send));
    const taker = event.target.closest("[data-take]");
    if (taker) {
      taker.closest("details").open = false;
      take(taker.dataset.take, taker.closest("figure"), model);
    }
  });
  room.addEventListener("keydown", (event) => {
    const sender = event.target.closest?.("[data-send]:not(button)");
    if (!sender || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    model.send_msg(JSON.parse(sender.dataset.send));
  });
  room.addEventListener("change", (event) => {
    const chosen = event.target.closest("[data-choose]");
    if (!chosen) return;
    const all = () => [...chosen.closest("[data-group]").querySelectorAll("input:checked")].map((each) => each.value);
    const value = chosen.type !== "checkbox" ? chosen.value : chosen.closest("[data-group]") ? all() : chosen.checked;
    model.send_msg({[chosen.dataset.choose]: value, ...JSON.parse(chosen.dataset.with ?? "{}")});
  });
}
