"""The bridge to the page around the components: tabs, notices, texts beside the charts, tables, theme."""

from __future__ import annotations

import param

from .base import SHARED, Component


class Bridge(Component):
    """Draws nothing itself. Sends `{tab}`, `{dismiss}` and `{dark}`; fills the elements of the page by their ids."""

    summaries = param.Dict(default={}, doc="One sentence for each chart, by its name")

    _esm = (
        SHARED
        + """
const $ = (id) => document.getElementById(id);
const plain = (value) => Number.isFinite(value) ? Number(value.toPrecision(5)).toLocaleString("en-GB") : "";

function dash(pattern, colour, width = 2.4) {
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("width", 28); line.setAttribute("height", 8); line.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS("http://www.w3.org/2000/svg", "line");
  for (const [name, value] of Object.entries({x1: 0, x2: 28, y1: 4, y2: 4})) stroke.setAttribute(name, value);
  stroke.style.cssText = `stroke: ${colour}; stroke-width: ${width}; stroke-dasharray: ${pattern.join(" ") || "none"}`;
  line.append(stroke);
  line.classList.add("swatch");
  return line;
}

// A chart's data as a table, read from the chart's own sources when it is opened.
function table(name, words) {
  const [kind, id] = name.split(":");
  const models = window.Bokeh.documents[0];
  const source = (wanted) => models.get_model_by_name(wanted)?.data ?? {};
  let columns = [];
  if (kind === "route" || id === "route_share") {
    for (const [title, whose] of [[words.baseline, "routes_baseline"], [words.yours, "routes_yours"]]) {
      const data = source(whose);
      (data[id] ?? []).forEach((row, place) => columns.push([`${words.routes[place]}, ${title}`, data.time[place], row]));
    }
  } else {
    const both = kind === "recorded" ? ["recorded_baseline", "recorded_yours"] : ["baseline", "yours"];
    for (const [place, whose] of both.entries()) {
      const data = source(whose), title = [words.baseline, words.yours][place];
      if (data[id]) columns.push([title, data.time, data[id]]);
      const shown = words.twins[id];
      if (shown && data[shown]) columns.push([`${title}, ${words.as_recorded}`, data.time, data[shown]]);
    }
  }
  const time = columns[0]?.[1] ?? [];
  const rows = Array.from(time).map((year, place) => [year, place]).filter(([year]) => Math.abs(year % 5) < 1e-6);
  return make("table", {},
    make("thead", {}, make("tr", {}, ...[words.year, ...columns.map(([title]) => title)].map((title) => make("th", {scope: "col"}, title)))),
    make("tbody", {}, ...rows.map(([year, place]) =>
      make("tr", {}, make("th", {scope: "row"}, String(year)), ...columns.map(([, , row]) => make("td", {}, plain(row[place])))))));
}

function notices(model) {
  const said = model.shown.notices ?? [];
  $("notices").replaceChildren(...said.map(({summary, lines, good}, place) => make("div",
    {class: "notice" + (good ? " good" : ""), role: good ? "status" : "alert"},
    make("div", {}, summary, lines.length ? make("ul", {}, ...lines.map((line) => make("li", {}, line))) : null),
    make("button", {type: "button", onclick: () => model.send_msg({dismiss: place})}, model.words.dismiss))));
}

function gateways(model) {
  const told = model.shown.gateways, words = model.words;
  if (!told) return;
  const cell = ({strictness, share, part, weak}, place) => make("td", {class: weak ? "weak" : ""},
    make("div", {class: "flow", style: `width: ${Math.round(part * 100)}%; background: var(--route-${place})`}),
    `${share} `, make("small", {}, words.of_traffic), make("br"), `${strictness} `, make("small", {}, words.strictness),
    weak ? make("b", {}, " " + words.weak) : null);
  const body = told.rows.map((row) => make("tr", {},
    make("th", {scope: "row"}, dash(words.dashes[row.place], `var(--route-${row.place})`), row.title, make("small", {}, row.note)),
    ...row.cells.map((each) => cell(each, row.place))));
  $("gateways").replaceChildren(make("p", {class: "told"}, told.sentence), make("table", {},
    make("thead", {}, make("tr", {}, make("th", {scope: "col"}, words.gateway), ...told.heads.map((head) => make("th", {scope: "col"}, head)))),
    make("tbody", {}, ...body)));
}

function legends(model) {
  const routes = model.shown.routes ?? [], words = model.words;
  for (const list of document.querySelectorAll("[data-legend=routes]"))
    list.replaceChildren(...routes.map((title, place) =>
      make("li", {}, dash(words.dashes[place], `var(--route-${place})`), title)));
  for (const item of document.querySelectorAll("[data-legend-untouched]")) item.hidden = !model.shown.untouched;
  for (const item of document.querySelectorAll("[data-legend-history]")) item.hidden = !model.shown.history;
}

export function render({model, el}) {
  el.style.display = "none";
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const choose = (tab) => { tab.focus(); model.send_msg({tab: tab.dataset.tab}); display(tab.dataset.tab); };
  function display(name) {
    for (const tab of tabs) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      $("panel-" + tab.dataset.tab).hidden = !on;
    }
  }
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const jump = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (jump) { event.preventDefault(); choose(tabs[(place + jump + tabs.length) % tabs.length]); }
    });
  });
  const words = () => ({...model.words, routes: model.shown.routes ?? []});
  const fill = (details) => details.querySelector(".table").replaceChildren(table(details.dataset.table, words()));
  for (const details of document.querySelectorAll("details[data-table]"))
    details.addEventListener("toggle", () => { if (details.open) fill(details); });

  function say() {
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
    document.title = shown.title + " \\u2013 " + model.words.name;
    const dark = shown.dark ? "dark" : "light";
    if (document.documentElement.dataset.theme !== dark) document.documentElement.dataset.theme = dark;
    document.cookie = `pushpull_theme=${dark}; path=/; max-age=31536000; SameSite=Lax`;
    display(shown.tab);
    notices(model);
    gateways(model);
    legends(model);
  }
  model.on("shown", show);
  model.on("summaries", say);
  if (document.documentElement.dataset.theme === "dark" && !model.shown.dark) model.send_msg({dark: true});
  else show();
  say();
  document.documentElement.dataset.ready = "true";
}
"""
    )
