// Numbers of a story: chosen among outcomes, in a setting and against another, and put into a text or asked for.

import {make, paired} from "../dom.js";
import {TODAY, form_of, number_named, settings_of} from "./draft.js";
import {field, select} from "./fields.js";

const FORMS = ["level", "relative", "difference"];

export function setting_title(context, name) {
  const {draft, words, language} = context, title = draft().settings[name]?.title ?? {};
  return name === TODAY || !name ? words.today : title[language] || title[words.other_language] || name;
}
const settings = (context) => settings_of(context.draft()).map((name) => [name, setting_title(context, name)]);
export const outcome_title = ({words}, id) => words.outcomes.find(([name]) => name === id)?.[1] ?? id;

// What a number is, in words.
export function number_told(context, name) {
  const {words} = context, draft = context.draft(), entry = draft.numbers[name], form = form_of(draft, entry);
  if (form === null) return words.number_told.other;
  if (form === "chance") return words.number_told.chance.replace("{of}", number_told(context, entry.chance_that)).replace("{direction}", words.directions[entry.direction] ?? entry.direction);
  return words.number_told[form].replace("{outcome}", outcome_title(context, entry.of)).replace("{in}", setting_title(context, entry.in))
    .replace("{than}", setting_title(context, entry.than));
}

// The entry of a number: an outcome in a setting, as an amount or against another setting.
export const entry_of = ({of, within, than, form}) => (form === "level" ? {of, in: within} : {of, in: within, than, as: form});

// What a number about a step is about where nobody has said otherwise.
export function first_choice(context, step) {
  const draft = context.draft(), others = Object.keys(draft.settings);
  const within = step.setting && step.setting !== TODAY ? step.setting : others[0] ?? TODAY;
  return {of: step.shows?.outcome ?? context.words.outcomes[0][0], within, than: TODAY, form: "relative", direction: "rises"};
}

// Selects for what a number is; `forms` are those that may be chosen. `changed(choice)` on every choice.
export function number_fields(context, choice, place, changed, forms = FORMS) {
  const {words} = context, pick = (key) => (value) => changed({...choice, [key]: value});
  return [
    field(words.about, select(words.outcomes.map(([id, title]) => [id, title]), choice.of, pick("of")), place),
    field(words.in, select(settings(context), choice.within, pick("within")), [...place, "in"], {inline: true}),
    ...(choice.form === "level" ? [] : [field(words.than, select(settings(context), choice.than, pick("than")), [...place, "than"], {inline: true})]),
    ...(forms.length < 2 ? [] : [field(words.as, select(forms.map((form) => [form, words.forms[form]]), choice.form, pick("form")), [...place, "as"], {inline: true})]),
  ];
}

// What puts a number into a text: behind a button, with its selects. `put(text)` writes the place of the number.
export function number_picker(context, step, place) {
  return (put) => {
    const {words} = context, box = make("div", {class: "picker"});
    const whole = make("details", {class: "picking"}, make("summary", {}, words.insert), box);
    let what = "relative", choice = null, way = "whole", known = null;
    function draw() {
      const draft = context.draft(), names = Object.keys(draft.numbers);
      choice ??= first_choice(context, step);
      known = names.includes(known) ? known : names[0] ?? null;
      const again = (change) => (value) => { change(value); draw(); };
      const parts = [field(words.what, select(Object.entries(words.whats).filter(([key]) => key !== "known" || names.length), what, again((value) => { what = value; })), [...place, "what"])];
      if (what === "known") parts.push(field(words.numbers, select(names.map((name) => [name, paired(context.page_words, name, number_told(context, name))]), known, (value) => { known = value; }), [...place, "known"]));
      else {
        const shown = {...choice, form: what === "chance" ? "relative" : what};
        parts.push(...number_fields(context, shown, place, again((value) => { choice = {...value, form: choice.form}; }), []));
        if (what === "chance") parts.push(field(words.direction, select(Object.entries(words.directions), choice.direction, (value) => { choice.direction = value; }), [...place, "direction"], {inline: true}));
        if (["relative", "difference"].includes(what)) parts.push(field(words.written, select(Object.entries(words.ways), way, (value) => { way = value; }), [...place, "way"], {inline: true}));
      }
      const focus = [...box.querySelectorAll("select")].indexOf(document.activeElement);
      box.replaceChildren(make("p", {class: "hint"}, words.digits), ...parts,
        make("button", {type: "button", class: "button", "data-act": "put", onclick: insert}, words.put));
      if (focus >= 0) box.querySelectorAll("select")[focus]?.focus();
    }
    function insert() {
      const draft = context.draft();
      let name = known, ending = "";
      if (what === "known") { if (draft.numbers[name]?.chance_that) ending = ":twenty"; }
      else {
        const form = what === "chance" ? "relative" : what, entry = entry_of({...choice, form});
        if (what !== "level" && what !== "chance" && way !== "whole") { entry.holds = {direction: way, by_at_least: 0}; ending = ":size"; }
        name = number_named(draft, entry);
        if (what === "chance") { name = number_named(draft, {chance_that: name, direction: choice.direction}); ending = ":twenty"; }
      }
      whole.open = false;
      put(`{${name}${ending}}`);
      context.numbers_changed();
    }
    whole.addEventListener("toggle", () => { if (whole.open) draw(); });
    return whole;
  };
}
