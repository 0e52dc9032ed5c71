// The question of a step: its kind, and only the fields that this kind needs.

import {make} from "../dom.js";
import {TODAY, forget, form_of, number_named} from "./draft.js";
import {fault_slot, field, number_input, select, text_field, tick} from "./fields.js";
import {entry_of, first_choice, number_fields, number_picker, setting_title} from "./numbers.js";

const SMALL = 0.01, HALF = 0.5; // of an answer to be told apart, and of a slider, as shares
const rounded = (value) => Number(value.toPrecision(1));
const PERCENT = 100;

// The number that a question of a kind asks for where nobody has chosen another one.
function number_for(context, step, kind, choice) {
  const draft = context.draft(), of = number_named(draft, entry_of({...choice, form: kind === "count" && choice.form === "level" ? "relative" : choice.form}));
  return kind === "count" ? number_named(draft, {chance_that: of, direction: choice.direction ?? "rises"}) : of;
}
function choice_of(context, step, name) {
  const draft = context.draft(), entry = draft.numbers[name], form = form_of(draft, entry);
  if (form === null) return null;
  const of = form === "chance" ? draft.numbers[entry.chance_that] : entry;
  return {of: of.of, within: of.in ?? TODAY, than: of.than ?? TODAY, form: form_of(draft, of), direction: entry.direction ?? "rises"};
}
// Margin and ends of the slider to begin with, from what the outcome comes to today.
function beginnings(context, kind, choice) {
  const level = context.levels()[choice.of] ?? 1, size = choice.form === "relative" ? 1 : Math.abs(level) || 1;
  const margin = kind === "amount" ? 0 : rounded(SMALL * size);
  if (kind !== "amount") return {margin};
  return choice.form === "level" ? {margin, low: 0, high: rounded(2 * size)} : {margin, low: -rounded(HALF * size), high: rounded(HALF * size)};
}

const fresh = {
  direction: (context, step) => asked(context, step, "direction", first_choice(context, step)),
  amount: (context, step) => asked(context, step, "amount", first_choice(context, step)),
  count: (context, step) => ({number: number_for(context, step, "count", first_choice(context, step))}),
  line: (context, step) => { const {of, within} = first_choice(context, step); return {of, in: within, until: context.draft().year ?? null, margin: SMALL}; },
  rank: (context, step) => ({choices: Object.keys(context.draft().settings).slice(0, 3), of: first_choice(context, step).of, first: "lowest", margin: 0}),
};
fresh.lever = fresh.rank;
const asked = (context, step, kind, choice) => ({number: number_for(context, step, kind, choice), ...beginnings(context, kind, choice)});

export function question_fields(context, step, at) {
  const {words, changed, redraw} = context, place = ["steps", at, "question"], question = step.question;
  const draft = context.draft(), kinds = Object.entries(words.kinds).map(([key, title]) => [key === "none" ? "" : key, title]);
  const kind = select(kinds, question?.kind ?? "", (value) => {
    const before = step.question?.number, text = step.question?.text ?? {};
    delete step.question;
    forget(draft, before);
    if (value) step.question = {kind: value, text, ...fresh[value](context, step)};
    changed();
    redraw();
  });
  const box = make("fieldset", {class: "asking"}, make("legend", {}, words.ask), field(words.kind, kind, [...place, "kind"]), fault_slot(place));
  if (!question || !(question.kind in fresh)) return box;
  box.append(text_field(context, words.fields.question, question, "text", [...place, "text"], {rows: 2, numbers: number_picker(context, step, [...place, "text"])}));
  box.append(...("number" in question || ["direction", "amount", "count"].includes(question.kind) ? about_number(context, step, question, place)
    : question.kind === "line" ? about_line(context, question, place) : about_choices(context, question, place)));
  return box;
}

// A value that people read in per cent, where it is a share of something.
function scaled(context, question, key, label, place, times, hint) {
  const shown = question[key] === undefined || question[key] === null ? null : Number((times * question[key]).toPrecision(6));
  return field(label, number_input(shown, (value) => { question[key] = value === null ? null : value / times; context.changed(); }), [...place, key],
    {inline: true, hint});
}
const margin = (context, question, place, times, unit) => scaled(context, question, "margin", context.words.margin, place, times, context.words.margin_hint.replace("{unit}", unit));

function about_number(context, step, question, place) {
  const {words, changed, redraw} = context, draft = context.draft(), choice = choice_of(context, step, question.number);
  function take(next) {
    const before = question.number;
    question.number = number_for(context, step, question.kind, next);
    if (before !== question.number) forget(draft, before);
    if (question.kind !== "count" && (next.form !== choice?.form || next.of !== choice?.of)) Object.assign(question, beginnings(context, question.kind, next));
    changed();
    redraw();
  }
  if (choice === null) {
    const own = draft.numbers[question.number]?.as, times = own === "level" || own === undefined ? 1 : PERCENT;
    return [make("p", {class: "hint"}, words.another_number.replace("{name}", question.number ?? "")), fault_slot([...place, "number"]),
      make("button", {type: "button", class: "button", onclick: () => take(first_choice(context, step))}, words.other_number),
      ...(question.kind === "amount" ? ends(context, question, place, times, "") : []),
      ...(question.kind === "count" ? [] : [margin(context, question, place, times, times === 1 ? "" : "%")])];
  }
  const [, , unit, is_share] = words.outcomes.find(([id]) => id === choice.of) ?? [choice.of, choice.of, "", false];
  const times = choice.form === "relative" || is_share ? PERCENT : 1, told = choice.form === "relative" ? "%" : is_share ? words.points : unit;
  const forms = {direction: ["relative", "difference"], amount: ["relative", "difference", "level"], count: []}[question.kind];
  const parts = [...number_fields(context, choice, [...place, "number"], take, forms)];
  if (question.kind === "count") parts.push(field(words.direction, select(Object.entries(words.directions), choice.direction, (direction) => take({...choice, direction})), [...place, "direction"], {inline: true}));
  if (question.kind === "amount") parts.push(...ends(context, question, place, times, told));
  if (question.kind !== "count") parts.push(margin(context, question, place, times, told));
  return parts;
}
const ends = (context, question, place, times, unit) => ["low", "high"].map((key) => scaled(context, question, key, context.words[key], place, times, unit));

function about_line(context, question, place) {
  const {words, changed} = context, [first, last] = context.years();
  return [
    ...number_fields(context, {of: question.of, within: question.in, form: "level"}, place, ({of, within}) => { Object.assign(question, {of, in: within}); changed(); context.redraw(); }, []),
    field(words.until, number_input(question.until, (value) => { question.until = value; changed(); }, {step: 1, min: first, max: last}), [...place, "until"], {inline: true}),
    margin(context, question, place, PERCENT, words.of_today),
  ];
}

function about_choices(context, question, place) {
  const {words, changed} = context, names = [TODAY, ...Object.keys(context.draft().settings)];
  const chosen = new Set(Array.isArray(question.choices) ? question.choices : []);
  return [
    field(words.about, select(words.outcomes.map(([id, title]) => [id, title]), question.of, (value) => { question.of = value; changed(); }), [...place, "of"]),
    make("fieldset", {class: "ticks"}, make("legend", {}, words.choices), ...names.map((name) => tick(setting_title(context, name), chosen.has(name), (on) => {
      if (on) chosen.add(name); else chosen.delete(name);
      question.choices = names.filter((each) => chosen.has(each));
      changed();
    })), fault_slot([...place, "choices"])),
    field(words.first, select(Object.entries(words.firsts), question.first ?? "lowest", (value) => { question.first = value; changed(); }), [...place, "first"], {inline: true}),
    margin(context, question, place, PERCENT, words.of_today),
  ];
}
