"""The bridge to the page around the components: tabs, notices, texts beside the charts, tables, theme."""

from __future__ import annotations

import param

from .base import SHARED, Component


class Bridge(Component):
    """Draws nothing itself, but fills the elements of the page by their ids.

    Sends `{tab}`, `{dismiss}` and `{dark}`.
    """

    summaries = param.Dict(default={}, doc="One sentence for each chart, by its name")

    _esm = (
        SHARED
        + """
const $ = (id) => document.getElementById(id);
const plain = (value) =>
  Number.isFinite(value) ? Number(value.toPrecision(5)).toLocaleString("en-GB") : "";
const picture = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);

function swatch(pattern, colour) {
  const drawn = picture("svg"), line = picture("line");
  const set = (element, values) => Object.entries(values).forEach((pair) => element.setAttribute(...pair));
  set(drawn, {width: 28, height: 8, "aria-hidden": "true", class: "swatch"});
  set(line, {x1: 0, x2: 28, y1: 4, y2: 4, "stroke-width": 2.4});
  line.style.stroke = colour;
  line.style.strokeDasharray = pattern.join(" ") || "none";
  drawn.append(line);
  return drawn;
}

// A chart's data as a table, read from the chart's own sources when it is opened.
function columns(name, words) {
  const [kind, id] = name.split(":");
  const data = (source) => window.Bokeh.documents[0].get_model_by_name(source)?.data ?? {};
  const pair = [words.baseline, words.yours];
  if (kind === "route" || id === "route_share") {
    const family = kind === "route" ? "routes" : "shares";
    return ["baseline", "yours"].map((whose) => data(`${family}_${whose}`)).flatMap((held, which) =>
      Array.from(held[id] ?? [], (row, place) => [`${words.routes[place]}, ${pair[which]}`, held.time[place], row]));
  }
  const sources = kind === "recorded" ? ["recorded_baseline", "recorded_yours"] : ["baseline", "yours"];
  return sources.map(data).flatMap((held, which) => {
    const twin = words.twins[id];
    const shown = [`${pair[which]}: ${words.as_recorded}`, held.time, held[twin]];
    return [[pair[which], held.time, held[id]], shown].filter(([, , row]) => row);
  });
}

function table(name, words) {
  const found = columns(name, words), time = Array.from(found[0]?.[1] ?? []);
  const places = time.map((_, place) => place).filter((place) => Math.abs(time[place] % 5) < 1e-6);
  const titles = [words.year, ...found.map(([title]) => title)];
  const heads = titles.map((title) => make("th", {scope: "col"}, title));
  const rows = places.map((place) => make("tr", {}, make("th", {scope: "row"}, String(time[place])),
    ...found.map(([, , row]) => make("td", {}, plain(row[place])))));
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
}

function notices(model) {
  const listed = (lines) => make("ul", {}, ...lines.map((line) => make("li", {}, line)));
  const notice = ({summary, lines, good}, place) => make("div",
    {class: good ? "notice good" : "notice", role: good ? "status" : "alert"},
    make("div", {}, summary, lines.length ? listed(lines) : null),
    make("button", {type: "button", onclick: () => model.send_msg({dismiss: place})}, model.words.dismiss));
  const said = JSON.stringify(model.shown.notices ?? []);
  if ($("notices").dataset.said === said) return;
  $("notices").dataset.said = said;
  $("notices").replaceChildren(...(model.shown.notices ?? []).map(notice));
  if (model.shown.notices?.length) $("notices").scrollIntoView({block: "nearest"});
}

function gateways(model) {
  const told = model.shown.gateways, words = model.words;
  if (!told) return;
  const small = (said) => make("small", {}, said);
  const cell = ({strictness, share, part, weak}, colour) => make("td", {class: weak ? "weak" : ""},
    make("div", {class: "flow", style: `width: ${Math.round(part * 100)}%; background: ${colour}`}),
    `${share} `, small(words.of_traffic), make("br"), `${strictness} `, small(words.strictness),
    weak ? make("b", {}, words.weak) : null);
  const rows = told.rows.map(({title, note, place, cells}) => {
    const colour = `var(--route-${place})`;
    return make("tr", {}, make("th", {scope: "row"}, swatch(words.dashes[place], colour), title, small(note)),
      ...cells.map((each) => cell(each, colour)));
  });
  const heads = [words.gateway, ...told.heads].map((head) => make("th", {scope: "col"}, head));
  $("gateways").replaceChildren(make("p", {class: "told"}, told.sentence), make("table", {},
    make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
}

function legends(model) {
  const routes = model.shown.routes ?? [];
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const key = (title, place) =>
    make("li", {}, swatch(model.words.dashes[place], `var(--route-${place})`), title);
  all("[data-legend=routes]", (list) => list.replaceChildren(...routes.map(key)));
  all("[data-legend-untouched]", (item) => { item.hidden = !model.shown.untouched; });
  all("[data-legend-history]", (item) => { item.hidden = !model.shown.history; });
}

// Charts in sight are repainted at once; those out of sight wait until nothing has moved for a while.
class Painter {
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
    window.addEventListener("beforeprint", () => this.plots.forEach((plot) => this.hold(plot, false)));
  }
  hold(plot, held) {
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
    const unseen = this.plots.filter((plot) => plot.offsetParent && !this.seen.has(plot));
    while (unseen.length && round === this.round) {
      const some = unseen.splice(0, 3);
      some.forEach((plot) => this.hold(plot, false));
      await frame();
      await frame();
      some.filter((plot) => !this.seen.has(plot)).forEach((plot) => this.hold(plot, true));
    }
  }
}

export function render({model, el}) {
  const painter = new Painter();
  el.style.display = "none";
  const tabs = [...document.querySelectorAll("[role=tab]")];
  function display(name) {
    for (const tab of tabs) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      $("panel-" + tab.dataset.tab).hidden = !on;
    }
  }
  function choose(tab) {
    tab.focus();
    display(tab.dataset.tab);
    model.send_msg({tab: tab.dataset.tab});
  }
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const jump = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!jump) return;
      event.preventDefault();
      choose(tabs[(place + jump + tabs.length) % tabs.length]);
    });
  });

  const words = () => ({...model.words, routes: model.shown.routes ?? []});
  const fill = (details) =>
    details.querySelector(".table").replaceChildren(table(details.dataset.table, words()));
  for (const details of document.querySelectorAll("details[data-table]"))
    details.addEventListener("toggle", () => { if (details.open) fill(details); });
  function say() {
    painter.later();
    for (const [name, sentence] of Object.entries(model.summaries)) {
      const place = $("summary-" + name);
      if (place && place.textContent !== sentence) place.textContent = sentence;
    }
    for (const details of document.querySelectorAll("details[data-table][open]")) fill(details);
  }
  function show() {
    const shown = model.shown;
    if (!shown.tab) return;
    $("corridor-title").textContent = shown.title;
    $("question").textContent = shown.question;
    $("illustrative").hidden = !shown.illustrative;
    document.title = `${shown.title} \\u2013 ${model.words.name}`;
    const dark = shown.dark ? "dark" : "light";
    if (document.documentElement.dataset.theme !== dark) document.documentElement.dataset.theme = dark;
    document.cookie = `pushpull_theme=${dark}; path=/; max-age=31536000; SameSite=Lax`;
    display(shown.tab);
    notices(model);
    gateways(model);
    legends(model);
    painter.later();
  }
  model.on("shown", show);
  model.on("summaries", say);
  // The system asks for dark, and the server could not know.
  if (document.documentElement.dataset.theme === "dark" && !model.shown.dark) model.send_msg({dark: true});
  else show();
  say();
  document.documentElement.dataset.ready = "true";
}
"""
    )
