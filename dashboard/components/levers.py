"""Sliders in groups: each with its unit, today's value marked, an exact entry and one sentence."""

from __future__ import annotations

import param

from .base import SHARED, Component


class LeverPanel(Component):
    """Groups of controls.

    Sends `{moves: [{id, route, value}], turn}`, `{unset: true}` and `{years: {...}}`, each with `panel`.
    One message is under way at a time: while the page waits for `shown.turn`, later moves wait and only the
    last of each slider goes out, so that a fast hand never outruns the model.
    """

    groups = param.List(default=[], doc="See `dashboard.controls`")

    _esm = (
        SHARED
        + """
const rounded = (value, digits) => Number(value.toFixed(digits));
const plain = (value) => value.toLocaleString("en-GB", {maximumSignificantDigits: 4});

class Turns {
  constructor(model) { this.model = model; this.waiting = new Map(); this.turn = 0; this.quiet = true; }
  send(move) {
    this.waiting.set(move.id + "@" + (move.route ?? ""), move);
    if (this.quiet) this.next();
  }
  next() {
    this.quiet = this.waiting.size === 0;
    if (this.quiet) return;
    this.turn += 1;
    const moves = [...this.waiting.values()];
    this.waiting.clear();
    this.model.send_msg({moves, turn: this.turn, panel: this.model.words.panel});
  }
  done(turn) { if (turn === this.turn) this.next(); }
}

// One slider with its exact entry: for all gateways (`place` null) or for one.
function slider(control, place, words, turns) {
  const route = place === null ? null : control.routes[place];
  const id = {id: control.id, route: route ? route.id : null};
  const name = route ? `${control.title}, ${route.title}` : control.title;
  const label = route ? route.title
    : control.routes.length ? `${control.title}, ${words.all_routes.toLowerCase()}` : control.title;
  const {low, high, step, scale, digits} = control;
  const exact = place === null ? control.today : [control.today[place]];
  const todays = exact.map((each) => each * scale);
  const same = todays.every((each) => each === todays[0]);
  const today = todays[0];
  const told = same ? `${words.today} ${plain(today)}` : words.differs;
  const part = (value) => Math.min(Math.max((value - low) / (high - low), 0), 1);
  const at = (value) => `calc(${part(value)} * (100% - 18px) + 9px)`;
  let value = null;

  const range = make("input", {
    type: "range", min: low, max: high, step: "any", id: control.id + (route ? "-" + route.id : ""),
    "aria-label": name, "aria-describedby": control.id + "-meaning",
    "data-lever": control.id, "data-route": id.route ?? "",
  });
  const entry = make("input", {
    type: "text", inputMode: "decimal", autocomplete: "off", "aria-label": `${name}, ${words.exact}`,
    "data-entry": control.id, "data-route": id.route ?? "",
  });
  const back = make("button", {
    type: "button", class: "back", title: words.back, "aria-label": `${words.back}: ${name}`, hidden: true,
  }, "\\u21ba");
  const fault = make("p", {class: "fault", hidden: true, role: "alert"});
  const marks = [...new Set(todays)].map((each) =>
    make("span", {class: "mark", "aria-hidden": "true", style: `left: ${at(each)}`}));
  const middle = same ? part(today) : 0.5;
  const centre = `left: ${same ? at(today) : "50%"}; transform: translateX(-50%)`;
  const stands = middle < 0.15 ? "left: 0" : middle > 0.85 ? "right: 0" : centre;
  const ends = [[low, middle > 0.35], [high, middle < 0.65]].map(([end, shown]) =>
    make("span", {style: shown ? "" : "visibility: hidden"}, plain(end)));
  const row = make("div", {class: "row"},
    make("div", {class: "head"}, make("label", {htmlFor: range.id}, label),
      make("span", {class: "entry"}, back, entry, control.unit)),
    make("div", {class: "track"}, ...marks, range),
    make("div", {class: "scale", "aria-hidden": "true"}, ends[0],
      make("span", {class: "today", style: stands}, told), ends[1]),
    fault);

  function paint(shown, changed = shown !== today) {
    value = shown;
    range.value = shown;
    const start = !changed ? shown : same ? today : low;
    const [from, to] = [Math.min(start, shown), Math.max(start, shown)];
    range.style.setProperty("--fill", "linear-gradient(to right, " +
      `var(--line) ${at(from)}, var(--yours) ${at(from)}, var(--yours) ${at(to)}, var(--line) ${at(to)})`);
    range.setAttribute("aria-valuetext", `${plain(shown)} ${control.unit}, ${told}`);
    if (entry.getRootNode().activeElement !== entry) entry.value = String(rounded(shown, digits));
    back.hidden = !changed;
  }
  function move(shown) {
    fault.hidden = true;
    paint(shown, !same || shown !== today);
    const known = todays.indexOf(shown);
    turns.send({...id, value: known >= 0 ? exact[known] : Number((shown / scale).toPrecision(12))});
  }
  const snap = (raw) => rounded(Math.min(Math.max(Math.round(raw / step) * step, low), high), digits);

  range.addEventListener("input", () => {
    const raw = Number(range.value);
    move(same && Math.abs(part(raw) - part(today)) < 0.007 ? today : snap(raw));
  });
  range.addEventListener("keydown", (event) => {
    const jumps = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10};
    const jump = jumps[event.key], end = {Home: low, End: high}[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || (jump === undefined && end === undefined)) return;
    event.preventDefault();
    if (end !== undefined) return move(end);
    const steps = value / step;
    const whole = jump > 0 ? Math.floor(steps + 1e-6) : Math.ceil(steps - 1e-6);
    const next = snap((whole + jump) * step);
    move(same && (today - value) * (today - next) < 0 ? today : next);
  });
  entry.addEventListener("change", () => {
    const bare = entry.value.trim().replace(/[\\s%]/g, "").replace(/,(?=\\d{3}(\\D|$))/g, "");
    const typed = bare.replace(",", ".");
    const number = typed === "" ? NaN : Number(typed);
    if (Number.isFinite(number) && number >= low && number <= high) return move(number);
    fault.textContent =
      `${words.out_of_range.replace("{}", plain(low)).replace("{}", plain(high))} ${control.unit}`;
    fault.hidden = false;
    entry.value = String(rounded(value, digits));
  });
  entry.addEventListener("blur", () => { entry.value = String(rounded(value, digits)); });
  back.addEventListener("click", () => { range.focus(); turns.send({...id, value: null}); });
  return {row, paint};
}

function lever(control, words, turns) {
  const whole = slider(control, null, words, turns);
  const parts = control.routes.map((_, place) => slider(control, place, words, turns));
  const note = make("p", {class: "note", hidden: true});
  const facts = ["range", "cost", "rights"].map((each) => [words[each], control[each]]);
  const gateways = parts.length
    ? make("details", {class: "gateways"}, make("summary", {}, words.one_route), ...parts.map((each) => each.row))
    : null;
  const more = make("details", {}, make("summary", {}, words.more), make("dl", {}, ...facts
    .filter(([, said]) => said).flatMap(([title, said]) => [make("dt", {}, title), make("dd", {}, said)])));
  const meaning = make("p", {class: "meaning", id: control.id + "-meaning"}, control.meaning + ".");
  const content = [whole.row, meaning, note, gateways, more];
  const box = make("div", {class: "lever", "data-control": control.id}, ...content);
  return {box, show(setting) {
    const shown = setting.values.map((each) => each * control.scale);
    const alike = shown.every((each) => each === shown[0]);
    whole.paint(alike ? shown[0] : shown.reduce((sum, each) => sum + each, 0) / shown.length, setting.changed);
    parts.forEach((each, place) => each.paint(shown[place]));
    box.classList.toggle("changed", setting.changed);
    note.textContent = setting.note;
    note.hidden = !setting.note;
  }};
}

export function render({model, el}) {
  const turns = new Turns(model), root = make("div");
  el.append(root);
  let levers = new Map(), counts = [], reset = null, years = {};

  function group(told, open) {
    const count = make("span", {class: "moved"});
    counts.push([count, told.controls.map((each) => each.id)]);
    const rows = told.controls.map((control) => {
      levers.set(control.id, lever(control, model.words, turns));
      return levers.get(control.id).box;
    });
    return make("details", {class: "group", "data-group": told.id, open},
      make("summary", {}, make("span", {class: "title"}, told.title), count,
        make("span", {class: "hint"}, told.hint)), ...rows);
  }
  function build() {
    const words = model.words, panel = words.panel;
    const open = new Set([...root.querySelectorAll("details.group[open]")].map((each) => each.dataset.group));
    const wide = window.matchMedia("(min-width: 901px)").matches;
    if (!root.childElementCount && model.groups.length && words.open && wide) open.add(model.groups[0].id);
    levers = new Map(); counts = []; years = {};
    const unset = () => model.send_msg({unset: true, panel});
    reset = make("button", {type: "button", class: "quiet", onclick: unset}, words.reset);
    const groups = model.groups.map((each) => group(each, open.has(each.id)));
    const fields = Object.entries(words.years ?? {}).map(([key, title]) => {
      const field = make("input", {type: "number", step: 1, "data-year": key});
      field.addEventListener("change", () => model.send_msg({years: {[key]: Number(field.value)}, panel}));
      years[key] = field;
      return make("label", {}, title, field);
    });
    root.replaceChildren(make("h2", {class: "panel-title"}, words.title, reset),
      make("p", {class: "panel-hint"}, words.hint), ...groups,
      ...(fields.length ? [make("div", {class: "years"}, ...fields)] : []));
    show();
  }
  function show() {
    const shown = model.shown, settings = shown.settings ?? {};
    turns.done(shown.turn);
    if (!turns.quiet) return;
    for (const [id, setting] of Object.entries(settings)) levers.get(id)?.show(setting);
    for (const [count, ids] of counts) {
      const number = ids.filter((id) => settings[id]?.changed).length;
      count.textContent = number ? model.words.moved.replace("{}", number) : "";
    }
    for (const [key, field] of Object.entries(years)) field.value = shown.years?.[key];
    reset.disabled = !Object.values(settings).some((setting) => setting.changed);
  }
  model.on("groups", build);
  model.on("shown", show);
  build();
}
"""
    )
