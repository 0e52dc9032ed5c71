const rounded = (value, digits) => Number(value.toFixed(digits));
let LOCALE = "en-GB";
const shown_digits = (value) => digits_of(value, LOCALE);
const plain = (value) => value.toLocaleString(LOCALE, {maximumSignificantDigits: 4});

const YEARS = [1900, 2200];
const year_text = (value) => (Number.isFinite(value) ? shown_digits(value) : "");

// A field that holds no number; the message is for the person who filled it in.
class Unread extends Error {}

class Turns {
  constructor(model) {
    this.model = model; this.sent = new Map(); this.waiting = new Map(); this.turn = 0; this.quiet = true;
    // Moves that are not answered when the page goes are made again when it comes back.
    const panel = model.words.panel;
    window.pushpull.unanswered[panel] = () => [...new Map([...this.sent, ...this.waiting]).values()];
    this.send(...(window.pushpull.moves[panel] ?? []));
  }
  send(...moves) {
    moves.forEach((move) => this.waiting.set(move.id + "@" + (move.route ?? ""), move));
    if (this.quiet) this.next();
  }
  next() {
    this.sent = this.waiting;
    this.waiting = new Map();
    this.quiet = this.sent.size === 0;
    if (this.quiet) return;
    this.turn += 1;
    this.model.send_msg({moves: [...this.sent.values()], turn: this.turn, panel: this.model.words.panel});
  }
  done(turn) { if (turn === this.turn) this.next(); }
  // The hand has left the slider: axes may rescale, and the next move is a step of its own.
  release() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.model.send_msg({release: true, panel: this.model.words.panel}), 60);
  }
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
    type: "button", class: "back", title: words.back, "aria-label": paired(words, words.back, name), hidden: true,
  }, "\u21ba");
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
    range.setAttribute("aria-valuetext", `${plain(shown)}\u00a0${control.unit}, ${told}`);
    if (entry.getRootNode().activeElement !== entry) entry.value = shown_digits(rounded(shown, digits));
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
  range.addEventListener("change", () => turns.release());
  range.addEventListener("keyup", (event) => { if (event.key !== "Tab") turns.release(); });
  entry.addEventListener("change", () => {
    const found = read_number(entry.value, LOCALE, control.unit);
    const told = fault_of_number(entry.value, found, LOCALE, words, low, high, control.unit);
    if (!told) {
      // Today's value as it is shown is today's to the last bit; and what was taken is shown.
      move(todays.find((each) => rounded(each, digits) === found.value) ?? found.value);
      entry.value = shown_digits(rounded(value, digits));
      return turns.release();
    }
    fault.textContent = told;
    fault.hidden = false;
    entry.value = shown_digits(rounded(value, digits));
  });
  entry.addEventListener("blur", () => { entry.value = shown_digits(rounded(value, digits)); });
  back.addEventListener("click", () => { range.focus(); turns.send({...id, value: null}); turns.release(); });
  return {row, paint};
}

// Start, ramp and end of a lever, or a table of years; what is set goes out as a scenario file would write it.
function schedule(control, words, model) {
  const say = words.schedule, {scale, digits, id} = control;
  const field = (name, title) => {
    const input = make("input", {type: "text", inputMode: "decimal", autocomplete: "off", "data-field": name});
    return [input, make("label", {}, title, input)];
  };
  const kinds = Object.entries(say.kinds).map(([kind, title]) => make("option", {value: kind}, title));
  const kind = make("select", {}, ...kinds);
  const [start, starts] = field("start", say.from), [end, ends] = field("end", say.to);
  const [value, values] = field("value", `${say.value} (${control.unit || "\u2013"})`);
  const points = make("textarea", {rows: 4, spellcheck: false}), table = make("label", {}, say.points, points);
  const routes = [["", words.all_routes], ...control.routes.map((route) => [route.id, route.title])];
  const route = make("select", {}, ...routes.map(([key, title]) => make("option", {value: key}, title)));
  const set = make("button", {type: "button", class: "button"}, say.set);
  const fault = make("p", {class: "fault", hidden: true, role: "alert"});
  const shown = (amount) => shown_digits(rounded(amount * scale, digits));
  // A number of the form; the first that is none, or that cannot be told, ends the reading with the reason.
  function number(text, low, high, unit = "") {
    const found = read_number(text, LOCALE, unit), told = fault_of_number(text, found, LOCALE, words, low, high, unit);
    if (told) throw new Unread(told);
    return found.value;
  }
  // Nothing moves before policy starts, and what begins after the end of the run does nothing.
  let run = {};
  const year = (text, low = run.policy_start ?? YEARS[0], high = YEARS[1]) => number(text, low, high, YEAR);
  const first = () => year(start.value, run.policy_start, run.end);
  function span() {
    const from = first(), to = year(end.value);
    if (to <= from) throw new Unread(say.order);
    return {from, to};
  }
  const told = (text) => Number((number(text, control.low, control.high, control.unit) / scale).toPrecision(12));
  function arrange() {
    starts.hidden = !["step", "ramp", "pulse"].includes(kind.value);
    ends.hidden = !["ramp", "pulse"].includes(kind.value);
    values.hidden = kind.value === "table";
    table.hidden = kind.value !== "table";
  }
  // The years go out in their order; as texts with a point, since an object puts keys of digits before all others.
  function rows_of(text) {
    const found = new Map();
    text.split("\n").forEach((row, place) => {
      if (!row.trim()) return;
      const [first, second, ...more] = row.split(/[:;\t]/), line = `${say.points_line} ${place + 1}`;
      const within = (act) => {
        try { return act(); } catch (why) { throw why instanceof Unread ? new Unread(paired(words, line, why.message)) : why; }
      };
      if (second === undefined || more.length) throw new Unread(paired(words, line, say.points));
      const key = within(() => year(first));
      if (found.has(key)) throw new Unread(paired(words, line, say.points_twice.replace("{}", first.trim())));
      found.set(key, within(() => told(second)));
    });
    if (!found.size) throw new Unread(say.points);
    const rows = [...found].sort(([one], [other]) => one - other);
    return Object.fromEntries(rows.map(([key, amount]) => [Number.isInteger(key) ? `${key}.0` : String(key), amount]));
  }
  function form() {
    if (kind.value === "constant") return told(value.value);
    if (kind.value === "step") return {step: {year: first(), value: told(value.value)}};
    if (kind.value === "table") return {table: rows_of(points.value)};
    return {[kind.value]: {...span(), value: told(value.value)}};
  }
  kind.addEventListener("change", arrange);
  set.addEventListener("click", () => {
    fault.hidden = true;
    try {
      model.send_msg({schedule: {id, route: route.value || null, form: form()}, panel: words.panel});
    } catch (why) {
      if (!(why instanceof Unread)) throw why;
      fault.textContent = why.message;
      fault.hidden = false;
    }
  });
  const rows = [make("label", {}, say.kind, kind), starts, ends, values, table,
    control.routes.length ? make("label", {}, words.all_routes, route) : null, fault, set];
  const box = make("details", {class: "schedule"}, make("summary", {}, say.title), make("div", {class: "fields"}, ...rows));
  return {box, show(setting, years) {
    run = years;
    if (box.open && box.contains(box.getRootNode().activeElement)) return;
    const held = setting.form;
    kind.value = held.kind;
    start.value = year_text(held.start ?? years.policy_start);
    end.value = year_text(held.end ?? Number(years.policy_start) + 4);
    value.value = shown(held.value ?? setting.values[0]);
    points.value = (held.points ?? [[years.policy_start, setting.values[0]]])
      .map(([each, amount]) => `${year_text(each)}: ${shown(amount)}`).join("\n");
    arrange();
  }};
}

function lever(control, words, turns, model) {
  const whole = slider(control, null, words, turns);
  const parts = control.routes.map((_, place) => slider(control, place, words, turns));
  const note = make("p", {class: "note", hidden: true});
  const facts = ["range", "cost", "rights"].map((each) => [words[each], control[each]]);
  const gateways = parts.length
    ? make("details", {class: "gateways"}, make("summary", {}, words.one_route), ...parts.map((each) => each.row))
    : null;
  const plan = schedule(control, words, model);
  const open = make("button", {type: "button", class: "quiet", onclick: () =>
    model.send_msg({open: control.id, panel: words.panel})}, words.open_entry);
  const more = make("details", {class: "facts"}, make("summary", {}, words.more), make("dl", {}, ...facts
    .filter(([, said]) => said).flatMap(([title, said]) => [make("dt", {}, title), make("dd", {}, said)])), open);
  const meaning = make("p", {class: "meaning", id: control.id + "-meaning"}, control.meaning + ".");
  const content = [whole.row, meaning, note, gateways, plan.box, more];
  const box = make("div", {class: "lever", "data-control": control.id}, ...content);
  return {box, show(setting, years) {
    // Controls and settings of another corridor come one after the other; for a moment they do not match.
    if (setting.values.length !== Math.max(parts.length, 1)) return;
    plan.show(setting, years);
    const shown = setting.values.map((each) => each * control.scale);
    const alike = shown.every((each) => each === shown[0]);
    whole.paint(alike ? shown[0] : shown.reduce((sum, each) => sum + each, 0) / shown.length, setting.changed);
    parts.forEach((each, place) => each.paint(shown[place]));
    box.classList.toggle("changed", setting.changed);
    note.textContent = setting.note;
    note.hidden = !setting.note;
  }};
}

export function render({model: bare, el}) {
  const model = opened(bare);
  LOCALE = model.words.locale;
  const turns = new Turns(model), root = make("div");
  el.append(root);
  let levers = new Map(), counts = [], reset = null, years = {};

  function group(told, open) {
    const count = make("span", {class: "moved"});
    counts.push([count, told.controls.map((each) => each.id)]);
    const rows = told.controls.map((control) => {
      levers.set(control.id, lever(control, model.words, turns, model));
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
      const field = make("input", {type: "text", inputMode: "decimal", autocomplete: "off", "data-year": key});
      const fault = make("p", {class: "fault", hidden: true, role: "alert"});
      const take = () => {
        const found = read_number(field.value, LOCALE), run = model.shown.years ?? {};
        const limits = key === "end" ? [run.policy_start, YEARS[1]] : [run.start, run.end];
        fault.textContent = fault_of_number(field.value, found, LOCALE, words, ...limits, YEAR);
        fault.hidden = !fault.textContent;
        if (fault.hidden) model.send_msg({years: {[key]: found.value}, panel});
        field.value = year_text(model.shown.years?.[key]); // until it is taken, and for good where it is refused
      };
      field.addEventListener("change", take);
      field.addEventListener("input", () => { fault.hidden = true; });
      field.addEventListener("keydown", (event) => {
        const jump = {ArrowUp: 1, ArrowDown: -1}[event.key], found = read_number(field.value, LOCALE);
        if (!jump || found.value === undefined) return;
        event.preventDefault();
        field.value = year_text(found.value + jump);
        take();
      });
      years[key] = field;
      return make("div", {}, make("label", {}, title, field), fault);
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
    for (const [id, setting] of Object.entries(settings)) levers.get(id)?.show(setting, shown.years ?? {});
    for (const [count, ids] of counts) {
      const number = ids.filter((id) => settings[id]?.changed).length;
      count.textContent = number ? model.words.moved.replace("{}", number) : "";
    }
    for (const [key, field] of Object.entries(years)) field.value = year_text(shown.years?.[key]);
    reset.disabled = !Object.values(settings).some((setting) => setting.changed);
  }
  // What was refused beside a field goes with the next thing that is done.
  window.addEventListener("pushpull:sent", () => {
    root.querySelectorAll(".fault").forEach((each) => { each.hidden = true; });
  });
  model.on("groups", build);
  model.on("shown", show);
  build();
}
