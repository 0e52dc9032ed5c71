// The form of a proposal: the levers of a role with what they cost, its budget, and a sentence why.

import {make} from "../dom.js";
import {with_name, written} from "../room/numbers_written.js";

const LONGEST = 140;

// What values of levers cost a year beyond today's.
export const cost_of = (levers, values) =>
  levers.reduce((sum, {name, today, cost_per_unit = 0}) => sum + cost_per_unit * ((values[name] ?? today) - today), 0);

export function propose(slip, {language, words, given, changed}) {
  const said = (text) => text?.[language] ?? text?.en ?? "", {phone} = words;
  const levers = slip.levers[given.role] ?? [], about = slip.roles?.[given.role] ?? {}, budget = slip.budget?.[given.role];
  const values = {...given.values};
  const money = (amount) => new Intl.NumberFormat(language, {style: "currency", currency: slip.currency ?? "USD", notation: "compact", maximumSignificantDigits: 3}).format(amount);
  const spent = make("p", {class: "spent", "aria-live": "polite"});
  const field = make("textarea", {rows: 3, maxLength: LONGEST, value: given.why ?? "", "aria-label": words.ask.why, placeholder: words.ask.why, oninput: tell});
  function tell() {
    const cost = cost_of(levers, values);
    if (budget !== undefined && levers.length) {
      spent.textContent = phone[cost > budget * (1 + 1e-9) ? "over_budget" : "spent"].replace("{spent}", money(cost)).replace("{budget}", money(budget));
      spent.dataset.over = String(cost > budget * (1 + 1e-9));
    }
    changed({role: given.role, values: {...values}, why: field.value});
  }
  const row = (lever) => {
    const {name, today, low, high, step = (high - low) / 100} = lever, unit = said(lever.unit), shown = (value) => written(language, value, unit, step);
    const bare = (value) => written(language, value, "", step);
    const output = make("output", {}, shown(values[name] ?? today));
    const range = make("input", {type: "range", min: low, max: high, step, value: values[name] ?? today, "aria-label": said(lever.title), "aria-valuetext": shown(values[name] ?? today)});
    range.addEventListener("input", () => {
      values[name] = Number(range.value);
      output.textContent = shown(values[name]);
      range.setAttribute("aria-valuetext", shown(values[name]));
      tell();
    });
    const back = () => {
      delete values[name];
      range.value = today;
      output.textContent = shown(today);
      range.setAttribute("aria-valuetext", output.textContent);
      tell();
    };
    return make("div", {class: "lever"}, make("h2", {}, said(lever.title)), output, range,
      make("div", {class: "ends"}, make("span", {}, bare(low)), make("button", {type: "button", class: "plain", onclick: back, "aria-label": with_name(words.ask, said(lever.title), phone.back_to_today)}, phone.today.replace("{value}", bare(today))), make("span", {}, bare(high))));
  };
  const box = make("div", {class: "ask proposal"},
    ...(about.brief ? [make("details", {}, make("summary", {}, phone.brief), make("p", {}, said(about.brief)), make("p", {}, said(about.answers_for)))] : []),
    ...(about.words_only ? [make("p", {}, said(about.words_only))] : []),
    spent, ...levers.map(row), field);
  tell();
  return box;
}
