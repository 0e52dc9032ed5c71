"""Sliders in groups: each with its unit, today's value marked, an exact entry and one sentence."""

from __future__ import annotations

import param

from .base import SHARED, Component


class LeverPanel(Component):
    """Groups of controls. Sends `{moves: [{id, route, value}], turn}`, `{unset: ids}`, `{years: {...}}`.

    One message is under way at a time: while the page waits for `shown.turn`, later moves wait and only the last of
    each slider goes out, so that a fast hand never outruns the model.
    """

    groups = param.List(default=[], doc="See `dashboard.controls`")

    _esm = (
        SHARED
        + """
const figure = (value, digits) => Number(value.toFixed(digits));
const plain = (value) => value.toLocaleString("en-GB", {maximumSignificantDigits: 4});

class Turns {
  constructor(model) { this.model = model; this.waiting = new Map(); this.turn = 0; this.open = false; }
  send(move) {
    this.waiting.set(move.id + "@" + (move.route ?? ""), move);
    if (!this.open) this.next();
  }
  next() {
    this.open = this.waiting.size > 0;
    if (!this.open) return;
    this.turn += 1;
    const moves = [...this.waiting.values()];
    this.waiting.clear();
    this.sent = performance.now();
    this.model.send_msg({moves, turn: this.turn, panel: this.model.words.panel});
  }
  done(turn) { if (turn === this.turn) this.next(); }
  get quiet() { return !this.open; }
}

function slider(control, place, words, turns) {
  const route = place === null ? null : control.routes[place];
  const name = route ? control.title + ", " + route.title : control.title;
  const key = control.id + (route ? "-" + route.id : "");
  const {low, high, step, scale, digits} = control;
  const todays = (place === null ? control.today : [control.today[place]]).map((each) => each * scale);
  const same = todays.every((each) => each === todays[0]);
  const today = todays[0];
  let value = null;

  const range = make("input", {
    type: "range", min: low, max: high, step: "any", id: key, "aria-describedby": control.id + "-meaning",
    "data-lever": control.id, "data-route": route ? route.id : "",
  });
  const entry = make("input", {
    type: "text", inputMode: "decimal", "aria-label": name + ", " + words.exact, autocomplete: "off",
    "data-entry": control.id, "data-route": route ? route.id : "",
  });
  const back = make("button", {type: "button", class: "back", title: words.back,
    "aria-label": words.back + ": " + name, hidden: true}, "\\u21ba");
  const fault = make("p", {class: "fault", hidden: true, role: "alert"});
  const marks = [...new Set(todays)].map((each) => make("span", {class: "mark", "aria-hidden": "true",
    style: `left: calc(${(each - low) / (high - low)} * (100% - 18px) + 9px)`}));
  const told = same ? words.today + " " + plain(today) : words.differs;
  const row = make("div", {class: "row"},
    make("div", {class: "head"}, make("label", {htmlFor: key}, route ? route.title : control.title),
      make("span", {class: "entry"}, entry, control.unit, back)),
    make("div", {class: "track"}, ...marks, range),
    make("div", {class: "scale", "aria-hidden": "true"}, make("span", {}, plain(low)), make("span", {}, told),
      make("span", {}, plain(high))),
    fault);

  function paint(shown) {
    value = shown;
    range.value = shown;
    const part = (number) => `calc(${Math.min(Math.max((number - low) / (high - low), 0), 1)} * (100% - 18px) + 9px)`;
    const [from, to] = same && shown < today ? [shown, today] : [same ? today : low, shown];
    range.style.setProperty("--fill", `linear-gradient(to right, var(--line) ${part(from)}, var(--yours) ${part(from)},
      var(--yours) ${part(to)}, var(--line) ${part(to)})`);
    range.setAttribute("aria-valuetext", `${plain(shown)} ${control.unit}, ${told}`);
    if (entry.getRootNode().activeElement !== entry) entry.value = String(figure(shown, digits));
    back.hidden = same && shown === today;
  }
  function move(shown) {
    fault.hidden = true;
    paint(shown);
    const at = todays.indexOf(shown);
    const exact = at >= 0 ? (place === null ? control.today[at] : control.today[place]) : null;
    turns.send({id: control.id, route: route ? route.id : null,
      value: exact ?? Number((shown / scale).toPrecision(12))});
  }
  const snap = (raw) => figure(Math.min(Math.max(Math.round(raw / step) * step, low), high), digits);
  range.addEventListener("input", () => {
    const raw = Number(range.value);
    const near = same && Math.abs(raw - today) < (high - low) * 0.007;
    move(near ? today : snap(raw));
  });
  range.addEventListener("keydown", (event) => {
    const jump = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10}[event.key];
    const ends = {Home: low, End: high}[event.key];
    if (jump === undefined && ends === undefined) return;
    event.preventDefault();
    if (ends !== undefined) return move(ends);
    const exactly = value / step;
    const grid = jump > 0 ? Math.floor(exactly + 1e-6) : Math.ceil(exactly - 1e-6);
    let next = snap((grid + jump) * step);
    if (same && (today - value) * (today - next) < 0) next = today;
    move(next);
  });
  entry.addEventListener("change", () => {
    const typed = entry.value.trim().replace(/[\\s%]/g, "").replace(/,(?=\\d{3}(\\D|$))/g, "").replace(",", ".");
    const number = typed === "" ? NaN : Number(typed);
    if (Number.isFinite(number) && number >= low && number <= high) return move(number);
    fault.textContent = words.out_of_range.replace("{}", plain(low)).replace("{}", plain(high)) + " " + control.unit;
    fault.hidden = false;
    entry.value = String(figure(value, digits));
  });
  entry.addEventListener("blur", () => { entry.value = String(figure(value, digits)); });
  back.addEventListener("click", () => { range.focus(); turns.send({id: control.id, route: route ? route.id : null, value: null}); });
  return {row, range, paint, entry};
}

function lever(control, words, turns) {
  const routed = control.routes.length > 0;
  const whole = slider(control, null, words, turns);
  const parts = routed ? control.routes.map((_, place) => slider(control, place, words, turns)) : [];
  const note = make("p", {class: "note", hidden: true});
  const facts = [[words.range, control.range], [words.cost, control.cost], [words.rights, control.rights]];
  const more = make("dl", {}, ...facts.filter(([, said]) => said).flatMap(([title, said]) =>
    [make("dt", {}, title), make("dd", {}, said)]));
  if (routed) whole.row.querySelector("label").textContent = control.title + " \\u2013 " + words.all_routes.toLowerCase();
  const box = make("div", {class: "lever", "data-control": control.id}, whole.row,
    make("p", {class: "meaning", id: control.id + "-meaning"}, control.meaning + "."), note,
    routed ? make("details", {class: "gateways"}, make("summary", {}, words.one_route), ...parts.map((each) => each.row)) : null,
    make("details", {}, make("summary", {}, words.more), more));
  return {box, show(setting) {
    const shown = setting.values.map((each) => each * control.scale);
    const mean = shown.every((each) => each === shown[0]) ? shown[0] : shown.reduce((a, b) => a + b, 0) / shown.length;
    whole.paint(mean);
    parts.forEach((part, place) => part.paint(shown[place]));
    box.classList.toggle("changed", setting.changed);
    note.textContent = setting.note;
    note.hidden = !setting.note;
  }};
}

export function render({model, el}) {
  const words = model.words, turns = new Turns(model);
  const root = make("div");
  el.append(root);
  let levers = new Map(), counts = new Map(), reset = null, years = {};

  function build() {
    const open = new Set([...root.querySelectorAll("details.group[open]")].map((each) => each.dataset.group));
    if (!root.childElementCount && model.groups.length && words.open) open.add(model.groups[0].id);
    levers = new Map(); counts = new Map(); years = {};
    reset = make("button", {type: "button", class: "quiet", onclick: () => model.send_msg({unset: true, panel: words.panel})}, words.reset);
    const groups = model.groups.map((group) => {
      const count = make("span", {class: "moved"});
      counts.set(group.id, [count, group.controls.map((each) => each.id)]);
      const rows = group.controls.map((control) => {
        const made = lever(control, words, turns);
        levers.set(control.id, made);
        return made.box;
      });
      return make("details", {class: "group", "data-group": group.id, open: open.has(group.id)},
        make("summary", {}, make("span", {}, group.title), make("span", {class: "hint"}, group.hint), count), ...rows);
    });
    const fields = Object.entries(words.years ?? {}).map(([key, title]) => {
      const field = make("input", {type: "number", step: 1, "data-year": key, onchange: () => {
        model.send_msg({years: {[key]: Number(field.value)}, panel: words.panel});
      }});
      years[key] = field;
      return make("label", {}, title, field);
    });
    root.replaceChildren(
      make("h2", {class: "panel-title"}, words.title, reset), make("p", {class: "panel-hint"}, words.hint), ...groups,
      ...(fields.length ? [make("div", {class: "years"}, ...fields)] : []));
    show();
  }
  function show() {
    const shown = model.shown;
    turns.done(shown.turn);
    if (!turns.quiet) return;
    let changed = 0;
    for (const [id, setting] of Object.entries(shown.settings ?? {})) {
      levers.get(id)?.show(setting);
      changed += setting.changed;
    }
    for (const [count, ids] of counts.values()) {
      const number = ids.filter((id) => shown.settings?.[id]?.changed).length;
      count.textContent = number ? words.moved.replace("{}", number) : "";
    }
    for (const [key, field] of Object.entries(years)) field.value = shown.years?.[key];
    if (reset) reset.disabled = !changed;
  }
  model.on("groups", build);
  model.on("shown", show);
  build();
}
"""
    )
