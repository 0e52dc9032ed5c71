// The charts of the page: their data, when they are painted, and their place among what the keyboard reaches.

import {$, make, paired, patch_children} from "./dom.js";
import {in_table} from "./numbers.js";

const data = (source) => window.Bokeh.documents[0].get_model_by_name(source)?.data ?? {};

// The words of the page, with the name of the settings that are shown.
export const named = ({words, shown}) => ({...words, yours: shown.yours ?? words.yours, file: shown.file});

// A chart's data as columns, read from the chart's own sources when they are asked for.
export function columns(outcome, words) {
  const twin = words.twins[outcome], found = [];
  for (const [source, title] of [["baseline", words.baseline], ["yours", words.yours]]) {
    const held = data(source);
    found.push([title, held.time, held[outcome]]);
    if (twin) found.push([paired(words, title, words.as_recorded), held.time, held[twin]]);
  }
  return found.filter(([, , row]) => row);
}

function table(outcome, words, title) {
  const found = columns(outcome, words), time = Array.from(found[0]?.[1] ?? []);
  const places = time.map((_, place) => place).filter((place) => Math.abs(time[place] % 5) < 1e-6);
  const titles = [words.year, ...found.map(([each]) => each)];
  const heads = titles.map((each) => make("th", {scope: "col"}, each));
  const rows = places.map((place) => make("tr", {}, make("th", {scope: "row"}, String(time[place])),
    ...found.map(([, , row]) => make("td", {}, in_table(row[place])))));
  return make("table", {}, make("caption", {class: "unseen"}, title), make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows));
}

// Miniatures of the gallery, drawn from the sources that the large chart has.
export function sparks() {
  const [yours, baseline] = [data("yours"), data("baseline")];
  for (const drawn of document.querySelectorAll("svg[data-spark]")) {
    if (!drawn.getClientRects().length) continue;
    const rows = [baseline, yours].map((held) => Array.from(held[drawn.dataset.spark] ?? []));
    const top = Math.max(...rows.flat()) || 1;
    rows.forEach((row, place) => drawn.children[place]?.setAttribute("points", row.map((value, number) =>
      `${(120 * number / (row.length - 1)).toFixed(1)},${(32 - 30 * value / top).toFixed(1)}`).join(" ")));
  }
}

// A plot does nothing for the keyboard, and its table and sentence say what it shows: Tab passes it by, whenever it
// draws itself anew.
const passedBy = new WeakSet();
function unfocusable(root) {
  for (const each of root.querySelectorAll("*")) {
    if (each.tabIndex >= 0 && each.hasAttribute("tabindex")) each.tabIndex = -1;
    if (each.shadowRoot) unfocusable(each.shadowRoot);
  }
  if (passedBy.has(root)) return;
  passedBy.add(root);
  new MutationObserver(() => unfocusable(root))
    .observe(root, {childList: true, subtree: true, attributeFilter: ["tabindex"]});
}

// Charts in sight are repainted at once; those out of sight wait until nothing has moved for a while.
export class Painter {
  constructor() {
    this.plots = [...document.querySelectorAll(".plot")];
    this.seen = new Set();
    this.round = 0;
    const watch = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) {
        this.seen[isIntersecting ? "add" : "delete"](target);
        this.hold(target, !isIntersecting);
      }
      this.later();
    }, {rootMargin: "120px"});
    this.plots.forEach((plot) => watch.observe(plot));
    this.plots.forEach(unfocusable);
    const release = () => this.plots.forEach((plot) => this.hold(plot, false));
    window.addEventListener("beforeprint", release);
    window.matchMedia("print").addEventListener("change", ({matches}) => { if (matches) release(); });
  }
  hold(plot, wanted) {
    const held = wanted && !window.matchMedia("print").matches;
    const root = plot.querySelector("[data-root-id]");
    const chart = window.Bokeh.documents[0].get_model_by_id(root?.dataset.rootId);
    chart?.setv({hold_render: held}, {sync: false});
  }
  later() {
    clearTimeout(this.timer);
    this.round += 1;
    this.timer = setTimeout(() => this.sweep(this.round), 250);
  }
  async sweep(round) {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // Bokeh paints in a frame after a timer of up to 17 ms: a later timer, then frames, come after it however busy we are.
    const timer = () => new Promise((resolve) => setTimeout(resolve, 34));
    const unseen = this.plots.filter((plot) => plot.offsetParent && !this.seen.has(plot));
    while (unseen.length && round === this.round) {
      const some = unseen.splice(0, 3);
      some.forEach((plot) => this.hold(plot, false));
      await timer();
      await frame();
      await frame();
      some.filter((plot) => !this.seen.has(plot)).forEach((plot) => this.hold(plot, true));
    }
  }
}

// The places for charts: which outcome each shows, the sentence under it, and its table while that is open.
export class Places {
  constructor(model) {
    this.model = model;
    for (const details of document.querySelectorAll("figure[data-place] details.data"))
      details.addEventListener("toggle", () => { if (details.open) this.fill(details); });
  }
  fill(details) {
    const figure = details.closest("figure"), title = figure.querySelector("h3").firstChild.textContent;
    const drawn = make("div", {}, table(figure.dataset.outcome, named(this.model), title));
    patch_children(details.querySelector(".table"), drawn);
  }
  show() {
    for (const [place, told] of Object.entries(this.model.shown.places ?? {})) {
      const figure = $("figure-" + place);
      figure.hidden = !told;
      if (!told || figure.dataset.outcome === told.outcome) continue;
      figure.dataset.outcome = told.outcome;
      figure.setAttribute("aria-label", told.title);
      figure.querySelector("h3").replaceChildren(told.title, make("small", {}, told.unit));
      figure.querySelector("h3").title = told.meaning;
      figure.querySelector("details.data").open = false;
    }
  }
  summarize() {
    for (const [place, sentence] of Object.entries(this.model.summaries)) {
      const summary = $("summary-" + place);
      if (summary && summary.textContent !== sentence) summary.textContent = sentence;
    }
    for (const details of document.querySelectorAll("figure[data-place] details.data[open]")) this.fill(details);
  }
}
