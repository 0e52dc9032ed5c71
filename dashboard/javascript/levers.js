// The panel of levers, or of the context: groups of controls, each with a slider, a schedule and its facts.

import {make} from "./dom.js";
import {Turns, opened} from "./model.js";
import {YEAR, YEARS, fault_of_number, is_one, page_signs, read_number, set_signs, year_text} from "./numbers.js";
import {schedule} from "./schedule.js";
import {slider} from "./slider.js";

const LATER = 1500; // milliseconds until closed groups are made: the page is to stand before

// The marks of a scale by their names, each of which moves its slider there; of one gateway those that are not of all.
function named_marks(control, place, moved, words) {
  const alike = place === null ? [] : (control.marks ?? []).map((mark) => mark.name);
  const own = moved.marks.filter((mark) => place === null || (mark.is_package && !alike.includes(mark.name)));
  const buttons = own.map((mark) => make("li", {}, make("button", {
    type: "button", class: "plain", title: words.scale.move_to, onclick: () => moved.place_at(mark.at),
  }, place === null ? mark.told : `${control.routes[place].title}, ${mark.told}`)));
  return buttons.length ? [make("ul", {class: "marks"}, ...buttons)] : [];
}

function lever(control, words, turns, model) {
  // What is said in the place of the meaning: why the lever moves little, or the name of a mark that is pointed at.
  const said = make("p", {class: "idle", id: control.id + "-idle", role: "status"});
  let idle = "";
  const tell = (text) => {
    const now = text || idle;
    if (said.textContent !== now) said.textContent = said.title = now;
    said.parentElement.classList.toggle("told", Boolean(now));
  };
  const whole = slider(control, null, words, turns, tell);
  const parts = control.routes.map((_, place) => slider(control, place, words, turns, tell));
  const note = make("p", {class: "note", hidden: true});
  const why = make("dd"), reason = [make("dt", {hidden: true}, words.scale?.why_idle ?? ""), why];
  const costs = control.unit_costs?.length ? make("ul", {}, ...control.unit_costs.map((each) => make("li", {}, each))) : null;
  const marks = [[null, whole], ...parts.entries()].flatMap(([place, each]) => named_marks(control, place, each, words));
  const facts = [[words.range, control.range], [words.scale?.counts, control.counted?.told],
    [words.scale?.marks, marks.length ? marks : null], [words.scale?.coverage, control.covered_told],
    [words.cost, control.cost], [words.scale?.one_unit, costs], [words.rights, control.rights]];
  const gateways = parts.length
    ? make("details", {class: "gateways"}, make("summary", {}, control.one), ...parts.map((each) => each.row))
    : null;
  const plan = schedule(control, words, model);
  const open = words.open_entry ? make("button", {type: "button", class: "quiet", onclick: () =>
    model.send_msg({open: control.id, panel: words.panel})}, words.open_entry) : null; // no pages to open in one file
  const more = make("details", {class: "facts"}, make("summary", {}, words.more), make("dl", {}, ...reason, ...facts
    .filter(([, told]) => told).flatMap(([title, told]) => [make("dt", {}, title), make("dd", {}, ...[told].flat())])), open);
  const meaning = make("p", {class: "meaning", id: control.id + "-meaning"}, control.meaning + ".");
  const content = [whole.row, make("div", {class: "about"}, meaning, said), note, gateways, plan.box, more];
  const box = make("div", {class: "lever", "data-control": control.id}, ...content);
  return {box, show(setting, years, sentence = "") {
    // Controls and settings of another corridor come one after the other; for a moment they do not match.
    if (setting.values.length !== Math.max(parts.length, 1)) return;
    plan.show(setting, years);
    idle = why.textContent = sentence;
    reason.forEach((each) => { each.hidden = !sentence; });
    tell("");
    const shown = setting.values.map((each) => each * control.scale);
    const alike = shown.every((each) => each === shown[0]);
    const one = control.counted?.each;
    const total = one && Math.round(one.reduce((sum, each, place) => sum + each * (setting.values[place] ?? shown[0]), 0));
    whole.paint(alike ? shown[0] : shown.reduce((sum, each) => sum + each, 0) / shown.length, setting.changed, total);
    parts.forEach((each, place) => each.paint(shown[place]));
    box.classList.toggle("changed", setting.changed);
    note.textContent = setting.note;
    note.hidden = !setting.note;
  }};
}

export function render({model: bare, el}) {
  const model = opened(bare);
  set_signs(model.words.signs);
  const turns = new Turns(model), root = make("div");
  el.append(root);
  let levers = new Map(), groups = [], counts = [], reset = null, years = {}, before = new Set();

  // Where a package, a file or a step back moves levers, their groups open and the others close, so that one sees which;
  // where they are open, all stays as it is.
  function tell_moved(settings) {
    const moved = new Set(Object.keys(settings).filter((id) => settings[id].changed));
    const fresh = [...moved].filter((id) => !before.has(id) && !turns.made.has(id));
    before = moved;
    turns.made.clear(); // all that was moved here is answered
    if (fresh.every((id) => levers.get(id)?.box.closest("details.group").open)) return;
    for (const {box, ids, fill} of groups) {
      const holds = ids.some((id) => moved.has(id));
      if (holds) fill();
      if (holds || !box.contains(root.getRootNode().activeElement)) box.open = holds;
    }
  }
  // Bring a lever into sight, and the hand to it.
  function find(id) {
    fill_all();
    const box = levers.get(id)?.box;
    if (!box) return;
    box.closest("details.group").open = true;
    box.scrollIntoView({block: "center"});
    box.querySelector("input[type=range]").focus({preventScroll: true});
  }

  // A group, whose levers are made where it is open, as soon as it opens or something in it is asked for, and else once
  // the page stands.
  function group(told, open) {
    const count = make("span", {class: "moved"}), ids = told.controls.map((each) => each.id), built = levers;
    const box = make("details", {class: "group", "data-group": told.id, open},
      make("summary", {}, make("span", {class: "title"}, told.title), count, make("span", {class: "hint"}, told.hint)));
    const fill = () => {
      if (built !== levers || ids.every((id) => levers.has(id))) return;
      for (const control of told.controls) levers.set(control.id, lever(control, model.words, turns, model));
      box.append(...ids.map((id) => levers.get(id).box));
      if (turns.quiet) show_levers(ids);
    };
    counts.push([count, ids]);
    groups.push({box, ids, fill});
    box.addEventListener("toggle", fill);
    if (open) fill();
    return box;
  }
  const fill_all = () => groups.forEach(({fill}) => fill());
  const fill_later = (built) => (window.requestIdleCallback ?? setTimeout)(() => {
    const next = groups.find(({ids}) => !ids.every((id) => levers.has(id)));
    if (built !== levers || !next) return;
    next.fill();
    fill_later(built);
  });
  function build() {
    const words = model.words, panel = words.panel;
    const open = new Set([...root.querySelectorAll("details.group[open]")].map((each) => each.dataset.group));
    const wide = window.matchMedia("(min-width: 901px)").matches;
    if (!root.childElementCount && model.groups.length && words.open && wide) open.add(model.groups[0].id);
    levers = new Map(); groups = []; counts = []; years = {};
    const unset = () => model.send_msg({unset: true, panel});
    reset = make("button", {type: "button", class: "quiet", onclick: unset}, words.reset);
    const boxes = model.groups.map((each) => group(each, open.has(each.id)));
    const fields = Object.entries(words.years ?? {}).map(([key, title]) => {
      const field = make("input", {type: "text", inputMode: "decimal", autocomplete: "off", "data-year": key});
      const fault = make("p", {class: "fault", hidden: true, role: "alert"});
      const take = () => {
        const found = read_number(field.value, page_signs()), run = model.shown.years ?? {};
        const limits = key === "end" ? [run.policy_start, YEARS[1]] : [run.start, run.end];
        fault.textContent = fault_of_number(field.value, found, page_signs(), words, ...limits, YEAR);
        fault.hidden = !fault.textContent;
        if (fault.hidden) model.send_msg({years: {[key]: found.value}, panel});
        field.value = year_text(model.shown.years?.[key]); // until it is taken, and for good where it is refused
      };
      field.addEventListener("change", take);
      field.addEventListener("input", () => { fault.hidden = true; });
      field.addEventListener("keydown", (event) => {
        const jump = {ArrowUp: 1, ArrowDown: -1}[event.key], found = read_number(field.value, page_signs());
        if (!jump || found.value === undefined) return;
        event.preventDefault();
        field.value = year_text(found.value + jump);
        take();
      });
      years[key] = field;
      return make("div", {}, make("label", {}, title, field), fault);
    });
    root.replaceChildren(make("h2", {class: "panel-title"}, words.title, reset),
      make("p", {class: "panel-hint"}, words.hint), ...boxes,
      ...(fields.length ? [make("div", {class: "years"}, ...fields)] : []));
    show();
    setTimeout(fill_later, LATER, levers);
  }
  function show_levers(ids) {
    const {settings = {}, years: run = {}, idle = {}} = model.shown;
    for (const id of ids) if (settings[id]) levers.get(id)?.show(settings[id], run, idle[id]);
  }
  function show() {
    const shown = model.shown, settings = shown.settings ?? {};
    turns.done(shown.turn);
    if (!turns.quiet) return;
    show_levers(Object.keys(settings));
    for (const [count, ids] of counts) {
      const number = ids.filter((id) => settings[id]?.changed).length;
      count.textContent = number ? model.words.moved[is_one(number) ? "one" : "other"].replace("{count}", number) : "";
    }
    for (const [key, field] of Object.entries(years)) field.value = year_text(shown.years?.[key]);
    tell_moved(settings);
    reset.disabled = !Object.values(settings).some((setting) => setting.changed);
  }
  // What was refused beside a field goes with the next thing that is done.
  window.addEventListener("pushpull:sent", () => {
    root.querySelectorAll(".fault").forEach((each) => { each.hidden = true; });
  });
  // A presenter's view shows the levers that are pinned, in the order they stand in; `null` shows all.
  window.addEventListener("pushpull:stage", ({detail: pinned}) => {
    if (!model.words.open) return;
    fill_all();
    root.classList.toggle("pinned", pinned !== null);
    for (const [id, {box}] of levers) {
      box.toggleAttribute("data-pin", pinned?.includes(id) ?? false);
      if (pinned?.includes(id)) box.closest("details.group").open = true;
    }
  });
  window.addEventListener("pushpull:pin", ({detail: number}) => {
    if (model.words.open) root.querySelectorAll("[data-pin]")[number - 1]?.querySelector("input[type=range]").focus();
  });
  window.addEventListener("pushpull:find", ({detail}) => find(detail));
  model.on("groups", build);
  model.on("shown", show);
  build();
}
