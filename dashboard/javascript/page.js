// The page around the other components: its head and tabs, its charts, fragments and notices. It draws nothing itself.

import {Painter, Places, sparks} from "./charts.js";
import {$} from "./dom.js";
import {ask_for_simulations, draw_simulations} from "./deciding/simulations.js";
import {editor} from "./editor/editor.js";
import {listen, show_fragments, show_notices} from "./fragments.js";
import {guide} from "./guide.js";
import {opened, watch} from "./model.js";
import {set_signs} from "./numbers.js";
import {stage} from "./room/stage.js";
import {side} from "./side.js";

// Bring a tab into sight along the row of tabs, which is wider than a narrow page.
function into_sight(tab) {
  const row = tab.parentElement, its = tab.getBoundingClientRect(), all = row.getBoundingClientRect();
  row.scrollLeft += Math.max(its.right - all.right, 0) - Math.max(all.left - its.left, 0);
}

// The tabs, of which one is open; `show(name)` opens one.
function tabs_of(model) {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  function show(name) {
    for (const tab of tabs) {
      const on = tab.dataset.page === name, is_new = on && tab.getAttribute("aria-selected") !== "true";
      tab.setAttribute("aria-selected", String(on));
      if (is_new) requestAnimationFrame(() => into_sight(tab)); // asked for at once, all would be laid out twice
      tab.tabIndex = on ? 0 : -1;
      $("panel-" + tab.dataset.page).hidden = !on;
    }
  }
  function choose(tab) {
    tab.focus();
    show(tab.dataset.page);
    model.send_msg({page: tab.dataset.page});
  }
  tabs.forEach((tab, number) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const jump = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!jump) return;
      event.preventDefault();
      choose(tabs[(number + jump + tabs.length) % tabs.length]);
    });
  });
  return {show};
}

function show_theme(dark) {
  const theme = dark ? "dark" : "light", {dataset} = document.documentElement;
  if (dataset.theme !== theme) dataset.theme = theme;
  document.cookie = `pushpull_theme=${theme}; path=/; max-age=31536000; SameSite=Lax`;
}

function show_legend({untouched, history, ranges, wants_ranges, yours}) {
  document.querySelectorAll("[data-legend-yours]").forEach((item) => { item.lastChild.data = yours; });
  for (const [name, is_shown] of Object.entries({untouched, history, range: ranges}))
    document.querySelectorAll(`[data-legend-${name}]`).forEach((item) => { item.hidden = !is_shown; });
  document.querySelectorAll("[data-choose=ranges]").forEach((box) => { box.checked = wants_ranges; });
}

// What the main chart draws: the difference, or levels where no lever is moved; both where the page is wide.
function show_main({chart, moved}) {
  const main = document.querySelector(".main-chart");
  main.dataset.chart = chart;
  main.dataset.moved = String(moved);
  for (const button of main.querySelectorAll("[data-chart]")) {
    button.setAttribute("aria-pressed", String(button.dataset.chart === chart));
    button.disabled = !moved && button.dataset.chart !== chart;
  }
}

export function render({model: bare, el}) {
  const model = opened(bare);
  set_signs(model.words.signs);
  el.style.display = "none";
  const places = new Places(model), painter = new Painter(model, () => places.fill_open()), tabs = tabs_of(model);
  listen(document.querySelector("main"), model);
  listen($("levers"), model);
  side(model);
  const guided = guide(model), staged = stage(model);
  editor(model, staged);
  document.querySelector(".main-chart").addEventListener("click", ({target}) => {
    const chart = target.closest("button[data-chart]")?.dataset.chart;
    if (chart) model.send_msg({drawn: chart});
    if (target.closest("[data-why]")) model.send_msg({why: model.shown.focus});
  });
  // What is fixed below the head begins where it ends.
  new ResizeObserver(() => document.documentElement.style.setProperty("--head", `${$("head").offsetHeight}px`)).observe($("head"));

  function show() {
    const shown = model.shown;
    if (!shown.page) return;
    $("corridor-title").textContent = shown.title;
    $("question").textContent = $("question").title = shown.question;
    $("illustrative").hidden = !shown.illustrative;
    document.title = [shown.name, shown.title, model.words.name].filter(Boolean).join(" \u2013 ");
    document.body.dataset.replaying = shown.replaying ?? "";
    show_theme(shown.dark);
    tabs.show(shown.page);
    document.querySelectorAll("[data-part]").forEach((part) => { part.hidden = part.dataset.part !== shown.part; });
    show_legend(shown);
    show_main(shown);
    places.show();
    show_notices(shown.notices ?? [], model.words);
    painter.later();
    sparks();
    staged.shown();
  }
  function summarize() {
    painter.later();
    places.summarize();
    sparks();
  }
  function fragments() {
    show_fragments(model.fragments);
    guided.filled();
    sparks();
    ask_for_simulations(model);
  }
  model.on("shown", show);
  model.on("summaries", summarize);
  model.on("fragments", fragments);
  model.on("msg:custom", ({simulations}) => { if (simulations) draw_simulations(simulations, model); });
  // The system asks for dark, and the server could not know.
  if (document.documentElement.dataset.theme === "dark" && !model.shown.dark) model.send_msg({dark: true});
  show();
  fragments();
  summarize();
  watch(model.words);
  document.documentElement.dataset.ready = "true";
}
