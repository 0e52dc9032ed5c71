// The form on which a team proposes: its brief, its levers from today's on, what that costs, and one line why.

import {make} from "../dom.js";
import {written} from "./numbers_written.js";

const LONGEST = 140, NEAR = 1e-9; // of a budget: how far rounding may lead beyond it

export function propose(slip, {language, words, given, changed, said}) {
  const {role} = given, levers = slip.levers[role] ?? [], budget = slip.budget?.[role] ?? 0, told = slip.roles?.[role];
  const title = said(slip.choices?.find((each) => each.name === role)?.title) || role;
  const values = {...given.values};
  let why = given.why ?? "";
  const money = (value) => `${slip.currency ?? ""}\u00a0${new Intl.NumberFormat(language, {notation: "compact", maximumFractionDigits: 1}).format(Math.abs(value))}`;
  const cost = () => levers.reduce((sum, each) => sum + each.cost_per_unit * ((values[each.name] ?? each.today) - each.today), 0);
  const spent = make("p", {class: "spent", role: "status"});
  function tell() {
    const now = cost(), over = now - budget;
    const fits = over <= NEAR * Math.max(budget, 1);
    spent.dataset.over = String(!fits);
    spent.textContent = (fits ? (now < 0 ? words.propose_freed : words.propose_cost) : words.propose_over)
      .replace("{cost}", money(now)).replace("{budget}", money(budget)).replace("{beyond}", money(over));
    const moved = Object.fromEntries(levers.filter((each) => values[each.name] !== undefined && values[each.name] !== each.today).map((each) => [each.name, values[each.name]]));
    changed(fits ? {role, values: moved, why: why.trim()} : null);
  }
  function row(lever) {
    const unit = said(lever.unit), shown = (value) => written(language, value, unit, value === lever.today ? 0 : lever.step);
    const output = make("output", {}, shown(values[lever.name] ?? lever.today));
    const range = make("input", {type: "range", min: lever.low, max: lever.high, step: lever.step, value: values[lever.name] ?? lever.today, "aria-label": said(lever.title)});
    const back = make("button", {type: "button", class: "back", onclick: () => set(lever.today)}, words.propose_today.replace("{value}", shown(lever.today)));
    function set(value) {
      values[lever.name] = value;
      range.value = value;
      output.textContent = shown(value);
      range.setAttribute("aria-valuetext", shown(value));
      tell();
    }
    range.setAttribute("aria-valuetext", shown(values[lever.name] ?? lever.today));
    range.addEventListener("input", () => set(Number(range.value)));
    return make("div", {class: "lever"}, make("div", {class: "head"}, make("span", {}, said(lever.title)), output), range, back);
  }
  const field = make("textarea", {rows: 2, maxLength: LONGEST, value: why, "aria-label": words.why, placeholder: words.why});
  field.addEventListener("input", () => { why = field.value; tell(); });
  const box = make("div", {}, told ? make("details", {class: "brief", open: !given.why && !Object.keys(given.values ?? {}).length}, make("summary", {}, title),
    make("p", {}, said(told.brief)), told.answers_for ? make("p", {}, said(told.answers_for)) : null, told.words_only ? make("p", {class: "hint"}, said(told.words_only)) : null) : null,
  ...levers.map(row), levers.length ? spent : null, field);
  queueMicrotask(() => { if (levers.length) tell(); });
  return box;
}
