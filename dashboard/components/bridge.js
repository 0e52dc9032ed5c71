const $ = (id) => document.getElementById(id);
let LOCALE = "en-GB";
const plain = (value) =>
  Number.isFinite(value) ? Number(value.toPrecision(5)).toLocaleString(LOCALE) : "";
const picture = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);

// A chart's data as columns, read from the chart's own sources when they are asked for.
function columns(outcome, words) {
  const data = (source) => window.Bokeh.documents[0].get_model_by_name(source)?.data ?? {};
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
    ...found.map(([, , row]) => make("td", {}, plain(row[place])))));
  return make("table", {}, make("caption", {class: "unseen"}, title), make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows));
}

// A drawing of the page that stands by itself: with the colours and the looks it has here.
function standing(svg) {
  const copy = svg.cloneNode(true), root = getComputedStyle(document.documentElement);
  const names = new Set([...svg.outerHTML.matchAll(/var\((--[\w-]+)\)/g)].map((found) => found[1]));
  ["--text", "--muted", "--line", "--surface"].forEach((name) => names.add(name));
  const colours = [...names].map((name) => `${name}:${root.getPropertyValue(name).trim()}`).join(";");
  const looks = document.getElementById("drawing-style").textContent;
  const style = picture("style");
  style.textContent = `svg{${colours};font-family:sans-serif;background:var(--surface)}${looks}`;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

async function take(what, figure, words) {
  const outcome = figure.dataset.outcome, svg = figure.querySelector("svg.drawing");
  const name = (outcome ?? svg?.dataset.picture ?? "chart").replace(/\W+/g, "_");
  if (what === "csv" && outcome) {
    const found = columns(outcome, words), time = Array.from(found[0][1]);
    return download(`${name}.csv`, CSV([["time", ...found.map(([title]) => title)],
      ...time.map((year, place) => [year, ...found.map(([, , row]) => row[place])])]), "text/csv");
  }
  if (what === "csv") {
    const rows = [...figure.querySelectorAll("table tr")].map((row) => [...row.children].map((cell) => cell.textContent));
    return download(`${name}.csv`, CSV(rows), "text/csv");
  }
  if (svg) {
    const text = standing(svg);
    if (what === "svg") return download(`${name}.svg`, text, "image/svg+xml");
    return (await pixels(text)).toBlob((blob) => download(`${name}.png`, blob));
  }
  const root = figure.querySelector("[data-root-id]"), views = window.Bokeh.index;
  const view = views.get_by_id?.(root.dataset.rootId) ?? Object.values(views).find((each) => each.model?.id === root.dataset.rootId);
  return download(`${name}.${what}`, await view.export(what).to_blob());
}

function notices(model) {
  // The faults of files and runs, and what old files say otherwise, are told in English, whatever the page speaks.
  const listed = (said) => make("ul", {tabIndex: 0}, ...said.map(([line, lang]) => make("li", {lang}, line)));
  const lines_of = ({lines, quoted, good}) =>
    [...lines.map((line) => [line, good ? null : "en"]), ...(quoted ?? []).map((line) => [line, "en"])];
  const notice = (told, place) => make("div",
    {class: told.good ? "notice good" : "notice", role: told.good ? "status" : "alert", "data-key": told.summary},
    make("div", {}, told.summary, lines_of(told).length ? listed(lines_of(told)) : null),
    make("button", {type: "button", "data-send": JSON.stringify({dismiss: place})}, model.words.dismiss));
  const said = JSON.stringify(model.shown.notices ?? []);
  if ($("notices").dataset.said === said) return;
  $("notices").dataset.said = said;
  patch_children($("notices"), make("div", {}, ...(model.shown.notices ?? []).map(notice)));
  if (model.shown.notices?.length) $("notices").scrollIntoView({block: "nearest"});
}

// Miniatures of the gallery, drawn from the sources that the large chart has.
function sparks() {
  const data = (source) => window.Bokeh.documents[0].get_model_by_name(source)?.data ?? {};
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

export function render({model: bare, el}) {
  const model = opened(bare);
  LOCALE = model.words.locale;
  const painter = new Painter();
  el.style.display = "none";
  const tabs = [...document.querySelectorAll("[role=tab]")];
  function display(name) {
    for (const tab of tabs) {
      const on = tab.dataset.page === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      $("panel-" + tab.dataset.page).hidden = !on;
    }
  }
  function choose(tab) {
    tab.focus();
    display(tab.dataset.page);
    model.send_msg({page: tab.dataset.page});
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

  // What an element of a leaf sends when it is clicked or chosen.
  const main = document.querySelector("main"), side = $("levers");
  for (const room of [main, side]) {
    room.addEventListener("click", (event) => {
      const sender = event.target.closest("[data-send]");
      if (sender) model.send_msg(JSON.parse(sender.dataset.send));
      const taker = event.target.closest("[data-take]");
      if (taker) {
        taker.closest("details").open = false;
        take(taker.dataset.take, taker.closest("figure"), model.words);
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

  const fill = (details) => {
    const figure = details.closest("figure");
    const title = figure.querySelector("h3").firstChild.textContent;
    patch_children(details.querySelector(".table"), make("div", {}, table(figure.dataset.outcome, model.words, title)));
  };
  for (const details of document.querySelectorAll("figure[data-place] details.data"))
    details.addEventListener("toggle", () => { if (details.open) fill(details); });
  function say() {
    painter.later();
    for (const [place, sentence] of Object.entries(model.summaries)) {
      const said = $("summary-" + place);
      if (said && said.textContent !== sentence) said.textContent = sentence;
    }
    for (const details of document.querySelectorAll("figure[data-place] details.data[open]")) fill(details);
    sparks();
  }
  function places() {
    for (const [place, told] of Object.entries(model.shown.places ?? {})) {
      const figure = $("figure-" + place);
      figure.hidden = !told;
      if (!told || figure.dataset.outcome === told.outcome) continue;
      figure.dataset.outcome = told.outcome;
      figure.setAttribute("aria-label", told.title);
      figure.querySelector("h3").replaceChildren(told.title, make("small", {}, told.unit));
      figure.querySelector("h3").title = told.meaning;
      const details = figure.querySelector("details.data");
      details.open = false;
    }
  }
  // A leaf that changes keeps what is open in it, the focus, and whatever is the same.
  function leaves() {
    for (const [name, html] of Object.entries(model.leaves)) {
      const leaf = document.querySelector(`[data-leaf="${name}"]`);
      if (!leaf || leaf.held === html) continue;
      leaf.held = html;
      const active = leaf.contains(document.activeElement) ? document.activeElement : null;
      const fresh = make("template");
      fresh.innerHTML = html;
      patch_children(leaf, fresh.content);
      if (active?.id && document.activeElement !== active) $(active.id)?.focus({preventScroll: true});
    }
    sparks();
  }
  function show() {
    const shown = model.shown;
    if (!shown.page) return;
    $("corridor-title").textContent = shown.title;
    $("question").textContent = shown.question;
    $("illustrative").hidden = !shown.illustrative;
    document.title = `${shown.title} \u2013 ${model.words.name}`;
    const dark = shown.dark ? "dark" : "light";
    if (document.documentElement.dataset.theme !== dark) document.documentElement.dataset.theme = dark;
    document.cookie = `pushpull_theme=${dark}; path=/; max-age=31536000; SameSite=Lax`;
    display(shown.page);
    document.querySelectorAll("[data-part]").forEach((part) => { part.hidden = part.dataset.part !== shown.part; });
    document.querySelectorAll("[data-legend-untouched]").forEach((item) => { item.hidden = !shown.untouched; });
    document.querySelectorAll("[data-legend-history]").forEach((item) => { item.hidden = !shown.history; });
    document.querySelectorAll("[data-legend-band]").forEach((item) => { item.hidden = !shown.bands; });
    document.querySelectorAll("[data-choose=bands]").forEach((box) => { box.checked = shown.wants_bands; });
    places();
    notices(model);
    document.body.dataset.replaying = shown.replaying ?? "";
    painter.later();
    sparks();
  }
  model.on("shown", show);
  model.on("summaries", say);
  model.on("leaves", leaves);
  // The system asks for dark, and the server could not know.
  if (document.documentElement.dataset.theme === "dark" && !model.shown.dark) model.send_msg({dark: true});
  show();
  leaves();
  say();
  watch(model.words);
  document.documentElement.dataset.ready = "true";
}
