// Rounds of a room: teams propose on their phones, the room sees what it proposed lever by lever, and that becomes options
// that are compared.

import {make} from "../dom.js";
import {stored} from "./browser_storage.js";
import {written} from "./numbers_written.js";

const OPEN = "open", CLOSED = "closed", HALF = "half", REVEALED = "revealed", COMPARED = "compared";
const PHASES = [OPEN, CLOSED, HALF, REVEALED, COMPARED];
const KEPT = "pushpull_round", LAST = "pushpull_last_round"; // where a round stood, for a page that is loaded anew; the last of a room
const kept = (act) => stored("sessionStorage", act), kept_for_long = (act) => stored("localStorage", act);

export function rounds_of(model, {changed, left, live}) {
  const words = model.words.rounds;
  let held = null, number = 0;
  const room = () => live.state();
  const is_on_table = () => room()?.slip_id === held.slip?.id && room()?.round === number;
  const given = () => (is_on_table() ? room().answers.filter((each) => !room().hidden?.includes(each.seat)) : []);
  const payload = () => ({seats: held.seats, proposals: JSON.stringify(given().map(({seat, value: {role, values}}) => ({seat, value: {role, values}})))});

  function seen() {
    if (!held) return null;
    const {phase, slip, reveal, refused, faults} = held;
    return {number, phase, title: slip?.title ?? null, text: slip?.text ?? null, roles: Object.fromEntries((slip?.choices ?? []).map((each) => [each.name, each])), reveal: [HALF, REVEALED, COMPARED].includes(phase) ? reveal : null,
      refused, faults, has_room: Boolean(room()), answered: slip ? given().length : 0, seats: room()?.seats ?? 0};
  }
  function begin() {
    number += 1;
    held = {slip: null, phase: OPEN, reveal: null, seats: 0, faults: null, refused: 0, options: new Set(), asked: false};
    ask_for_slip();
    remember();
    changed();
  }
  function ask_for_slip() {
    if (!room() || held.asked) return;
    number = Math.max(number, last_in(room().code) + 1); // answers are kept by the number of their round
    Object.assign(held, {asked: true, seats: room().seats});
    model.send_msg({begin_round: number, seats: held.seats});
  }
  function last_in(code) {
    const last = kept_for_long((store) => JSON.parse(store.getItem(LAST) ?? "null"));
    return last?.code === code ? last.number : 0;
  }
  function go(phase) {
    held.phase = phase;
    sum();
    if (phase === COMPARED) add_options(false);
    else if (model.shown.page !== "overview") model.send_msg({page: "overview"});
    put();
    remember();
    changed();
  }
  const sum = () => { if ([CLOSED, HALF].includes(held.phase)) model.send_msg({sum_round: number, ...payload()}); };
  const put = () => live.put({slip: {...held.slip, round: number}, phase: held.phase === COMPARED ? REVEALED : held.phase,
    reveal: [REVEALED, COMPARED].includes(held.phase) ? held.reveal : null});
  function remember() {
    const {slip, phase, reveal, seats, refused, options} = held;
    kept((store) => store.setItem(KEPT, JSON.stringify({number, slip, phase, reveal, seats, refused, options: [...options]})));
  }
  // A page that is loaded anew goes on where it was, phones included.
  function resume() {
    const found = kept((store) => JSON.parse(store.getItem(KEPT) ?? "null"));
    if (!found) return;
    number = found.number;
    held = {...found, faults: null, options: new Set(found.options), asked: false, resumes: true, wished: new Set()};
    in_room();
    changed();
  }
  function in_room() {
    if (!room()) return;
    if (!held.slip) ask_for_slip();
    else if (held.resumes) {
      held.resumes = false;
      put();
      sum();
    }
  }
  function forward() {
    const next = PHASES[PHASES.indexOf(held.phase) + 1];
    if (!held.slip) return;
    if (next && (held.reveal || ![REVEALED, COMPARED].includes(next))) go(next);
  }
  function back() {
    const before = PHASES[PHASES.indexOf(held.phase) - 1];
    if (before && held.slip) go(before);
  }
  const reveal = () => { if (held.slip && held.reveal) go(held.phase === REVEALED ? HALF : REVEALED); };
  function stop() {
    if (!held) return;
    held = null;
    kept((store) => store.removeItem(KEPT));
    if (room()) live.put({slip: null, phase: "waiting", reveal: null});
    if (model.shown.page !== "overview") model.send_msg({page: "overview"});
    left();
  }
  model.on("msg:custom", ({round_slip, round_sum, round_fault}) => {
    if (!held) return;
    if (round_slip) {
      held.slip = round_slip;
      kept_for_long((store) => store.setItem(LAST, JSON.stringify({code: room()?.code, number})));
      go(OPEN);
    }
    if (round_sum) { Object.assign(held, round_sum); remember(); changed(); }
    if (round_fault) { held.faults = round_fault; changed(); }
  });
  window.addEventListener("pushpull:room", () => {
    if (!held) return;
    in_room();
    if (held.wished?.size && is_on_table()) {
      const [...wished] = held.wished;
      held.wished.clear();
      wished.forEach(add_options);
    }
    changed();
  });
  // What was proposed becomes an option once, however often it is looked at, and not before a page that is loaded anew has
  // heard what was proposed.
  function add_options(roles) {
    const first = !held.options.has(roles);
    if (first && held.wished && !is_on_table()) return void held.wished.add(roles);
    held.options.add(roles);
    remember();
    model.send_msg(first ? {keep_round: number, ...payload(), roles} : {page: "compare"});
  }
  const each_role = () => add_options(true);
  return {seen, begin, resume, forward, back, reveal, again: begin, stop, each_role, is_on: () => held !== null};
}

// What is said of a round, in the column.
export function round_column(box, seen, {words, said, each_role, again}) {
  const {phase} = seen, at = words[phase];
  const button = (name, act) => make("button", {type: "button", class: "button", "data-act": name, onclick: act}, words[name]);
  box.replaceChildren(...[
    make("p", {class: "progress"}, words.title),
    make("h2", {}, seen.title ? said(seen.title) : words.waits),
    seen.faults ? make("p", {class: "answer"}, seen.faults.join(" ")) : null,
    seen.has_room ? make("p", {}, phase === OPEN && seen.text ? said(seen.text) : at) : make("p", {class: "asked"}, words.no_room),
    seen.reveal && phase !== COMPARED ? make("p", {class: "asked"}, said(seen.reveal.text)) : null,
    seen.refused ? make("p", {class: "hint"}, words.refused.replace("{count}", seen.refused)) : null,
    phase === COMPARED ? make("div", {class: "acts"}, button("each_role", each_role), button("another", again)) : null,
  ].filter(Boolean));
}

// Who has answered, and then the table of levers, in the place of the chart.
export function round_desk(box, seen, {language, words, said}) {
  if (seen.phase === COMPARED) return false;
  const told = make("p", {class: "count", role: "status"}, seen.has_room ? words.answered.replace("{count}", seen.answered).replace("{seats}", seen.seats) : "");
  const roles = Object.values(seen.roles).map((role) => make("li", {}, said(role.title)));
  box.dataset.key = "round";
  box.replaceChildren(told, seen.reveal ? lever_table(seen, {language, words, said}) : make("ul", {class: "role-list"}, ...roles));
  return true;
}
function lever_table({reveal, roles}, {language, words, said}) {
  if (!reveal.levers?.length) return make("p", {class: "hint"}, said(reveal.text));
  const cell = (value, lever) => make("td", {}, written(language, value, "", 0) + (said(lever.unit) === "%" ? "\u00a0%" : ""));
  return make("div", {class: "scroll"}, make("table", {class: "proposals"}, make("caption", {class: "unseen"}, words.table),
    make("thead", {}, make("tr", {}, ...["lever", "today", "low", "middle", "high", "touched"].map((key) => make("th", {scope: "col"}, words[key])))),
    make("tbody", {}, ...reveal.levers.map((lever) => make("tr", {}, make("th", {scope: "row"}, said(lever.title),
      said(lever.unit) !== "%" ? make("small", {}, " ", said(lever.unit)) : null), ...["today", "low", "middle", "high"].map((key) => cell(lever[key], lever)),
    make("td", {class: "touched"}, lever.touched.map((role) => said(roles[role]?.title)).join(", ")))))),
  make("p", {class: "hint"}, said(reveal.after)));
}
