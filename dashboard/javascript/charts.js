// The charts of the page: their data, when they are painted, and their place among what the keyboard reaches.

import {$, make, paired, patch_children} from "./dom.js";
import {in_table, year_text} from "./numbers.js";

const SOON = "60px 0px"; // around what is in sight
const UNHURRIED = 20000; // milliseconds

const data = (source) => window.Bokeh.documents[0].get_model_by_name(source)?.data ?? {};

// The plot of a figure, as Bokeh knows it.
export const plot_in = (figure) => window.Bokeh.documents[0].get_model_by_name("chart_" + figure.dataset.place);

// The words of the page, with the name of the settings that are shown for their line.
const named = ({words, shown}) => ({...words, lines: {...words.lines, yours: shown.yours}});

// What a chart shows, read from the parts of its plot: lines with their titles, the record, and years that are marked.
function content(figure, words) {
  const column = (spec) => spec?.field ?? spec, chart = plot_in(figure);
  const twins = [], found = {lines: [], record: new Map(), marks: [], first: chart.x_range.start, last: chart.x_range.end};
  for (const {visible, glyph, data_source: source} of chart.renderers) {
    if (!visible) continue;
    const rows = (name) => Array.from(source.data[column(name)] ?? []);
    if (glyph.type === "Line") {
      const title = words.lines[source.name] ?? source.name, is_twin = column(glyph.y) === words.twins[figure.dataset.outcome];
      const values = rows(glyph.y), time = rows(glyph.x);
      const row = new Map(time.map((year, place) => [year.toFixed(3), values[place]]));
      if (is_twin) twins.push([paired(words, title, words.as_recorded), row]);
      else found.lines.push([title, row]);
    } else if (glyph.type === "Scatter") {
      const values = rows(glyph.y);
      rows(glyph.x).forEach((year, place) => { if (Number.isFinite(year)) found.record.set(year.toFixed(3), values[place]); });
    } else if (glyph.type === "VSpan") found.marks.push(...rows(glyph.x));
  }
  found.lines.push(...twins);
  return found;
}

// Numbers over the years as the children of a table: a row each, with the year that policy starts in marked.
function written({heads, rows, unit, start, note}) {
  const percent = unit === "%" ? "\u00a0%" : "", said = (value) => (Number.isFinite(value) ? in_table(value) + percent : "");
  const marked = (year) => (Math.abs(year - start) < 1e-3 ? make("small", {}, " ", note) : null);
  return [make("thead", {}, make("tr", {}, ...heads.map((each) => make("th", {scope: "col"}, each)))),
    make("tbody", {}, ...rows.map(([year, ...values]) => make("tr", {},
      make("th", {scope: "row"}, year_text(year), marked(year)), ...values.map((value) => make("td", {}, said(value))))))];
}

// Tables of fragments come as numbers, and are written out while they are open.
export function fill_tables(room) {
  for (const table of room.querySelectorAll("details[open] table[data-table]")) {
    if (table.written === table.dataset.table && table.tBodies.length) continue;
    table.written = table.dataset.table;
    table.replaceChildren(...table.querySelectorAll("caption"), ...written(JSON.parse(table.dataset.table)));
  }
}
document.addEventListener("toggle", ({target}) => { if (target.matches("details.data")) fill_tables(target.parentElement); }, true);

// A row for every year that the chart shows, for the policy start and for each time of the record.
function table(figure, words, title, is_share) {
  const {lines, record, marks, first, last} = content(figure, words), years = new Set(record.keys());
  for (let year = Math.ceil(first); year <= last; year += 1) years.add(year.toFixed(3));
  for (const year of [...marks, last]) years.add(year.toFixed(3));
  const shown = [...years].map(Number).filter((year) => year >= first - 1e-3 && year <= last + 1e-3).sort((one, other) => one - other);
  const columns = record.size ? [...lines, [words.exports.record, record]] : lines;
  const value = (values, year) => (is_share ? 100 : 1) * (values.get(year.toFixed(3)) ?? NaN);
  return make("table", {}, make("caption", {class: "unseen"}, title), ...written({
    heads: [words.year, ...columns.map(([each]) => each)], unit: is_share ? "%" : "", start: marks[0],
    note: words.exports.policy_start, rows: shown.map((year) => [year, ...columns.map(([, values]) => value(values, year))]),
  }));
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
export function unfocusable(root) {
  for (const each of root.querySelectorAll("*")) {
    if (each.tabIndex >= 0 && each.hasAttribute("tabindex")) each.tabIndex = -1;
    if (each.shadowRoot) unfocusable(each.shadowRoot);
  }
  if (passedBy.has(root)) return;
  passedBy.add(root);
  new MutationObserver(() => unfocusable(root))
    .observe(root, {childList: true, subtree: true, attributeFilter: ["tabindex"]});
}

// A chart is made by the server, and built here, once it is soon in sight, as all of them together take longer than the rest
// of a page; the others come while nothing else is done, as one may print them. Charts in sight are repainted at once; those
// out of sight wait until nothing has moved for a while. `built` is called when a chart stands.
export class Painter {
  constructor(model, built) {
    this.model = model;
    this.tell = built;
    this.plots = [...document.querySelectorAll(".plot")];
    this.wanted = new Set();
    this.built = new Set();
    this.seen = new Set();
    this.round = 0;
    const main = plot_in($("figure-main"));
    main.on_change(main.properties.tags, () => this.build());
    // Where one of the small charts comes the others of its row and of the next ones soon do.
    const small = this.plots.filter((plot) => plot.closest(".thirds"));
    const near = new IntersectionObserver((entries) => {
      const come = entries.filter(({isIntersecting}) => isIntersecting).map(({target}) => target);
      this.want(come.some((plot) => small.includes(plot)) ? [...come, ...small] : come);
    }, {rootMargin: SOON});
    this.plots.forEach((plot) => near.observe(plot));
    const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 100));
    const others = () => {
      const [next] = this.plots.filter((plot) => !this.wanted.has(plot));
      if (next) { this.want([next]); idle(others); }
    };
    setTimeout(() => idle(others), UNHURRIED);
    const watch = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) {
        this.seen[isIntersecting ? "add" : "delete"](target);
        this.hold(target, !isIntersecting);
      }
      this.later();
    });
    this.plots.forEach((plot) => watch.observe(plot));
    this.plots.forEach(unfocusable);
    const release = () => { this.want(this.plots); this.plots.forEach((plot) => this.hold(plot, false)); };
    window.addEventListener("beforeprint", release);
    window.matchMedia("print").addEventListener("change", ({matches}) => { if (matches) release(); });
  }
  want(plots) {
    const figures = plots.filter((plot) => !this.wanted.has(plot)).map((plot) => plot.closest("figure"));
    if (!figures.length) return;
    plots.forEach((plot) => this.wanted.add(plot));
    const missing = figures.filter((figure) => !plot_in(figure)).map((figure) => figure.dataset.place);
    if (missing.length && !window.pushpull.lost) this.model.send_msg({charts: missing});
    this.build();
  }
  async build() {
    for (const plot of this.wanted) {
      const chart = plot_in(plot.closest("figure"));
      if (!chart || this.built.has(plot)) continue;
      this.built.add(plot);
      this.hold(plot, !this.seen.has(plot));
      const view = await window.Bokeh.documents[0].views_manager.build_view(chart);
      view.build(plot);
      this.tell();
    }
    this.later();
  }
  hold(plot, wanted) {
    const held = wanted && !window.matchMedia("print").matches;
    plot_in(plot.closest("figure"))?.setv({hold_render: held}, {sync: false});
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
    const unseen = this.plots.filter((plot) => plot.offsetParent && this.built.has(plot) && !this.seen.has(plot));
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
    const figure = details.closest("figure");
    if (!plot_in(figure)) return; // it is made, as it is in sight
    const title = figure.querySelector("h3").firstChild.textContent;
    const is_share = this.model.shown.places?.[figure.dataset.place]?.unit === "";
    const drawn = make("div", {}, table(figure, named(this.model), title, is_share));
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
    this.fill_open();
  }
  fill_open() {
    for (const details of document.querySelectorAll("figure[data-place] details.data[open]")) this.fill(details);
  }
}
