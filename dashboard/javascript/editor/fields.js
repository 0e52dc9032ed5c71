// Fields of the editor: each knows the place of its entry in the story, so that a fault is told at it.

import {make} from "../dom.js";

let last_id = 0;
const id_of = () => `story-field-${(last_id += 1)}`;

// What a fault of the entry at a place is told in.
export const fault_slot = (place) => make("p", {class: "fault", "data-fault": place.join("/"), hidden: true});

// A label, a control and its fault. `place` is the path of the entry.
export function field(label, control, place, {hint = "", inline = false} = {}) {
  const id = id_of(), fault = fault_slot(place), about = hint ? make("small", {class: "hint", id: `${id}-hint`}, hint) : null;
  control.id = id;
  control.dataset.place = place.join("/");
  fault.id = `${id}-fault`;
  control.setAttribute("aria-describedby", [fault.id, about?.id].filter(Boolean).join(" "));
  return make("div", {class: inline ? "field inline" : "field"}, make("label", {htmlFor: id}, label), control, about, fault);
}

export function select(entries, value, changed) {
  const made = make("select", {onchange: () => changed(made.value)}, ...entries.map(([key, title]) => make("option", {value: key}, title)));
  made.value = value ?? "";
  return made;
}

export function number_input(value, changed, {step = "any", min, max} = {}) {
  const made = make("input", {type: "number", step, min, max, value: value ?? "", oninput: () => changed(made.value === "" ? null : Number(made.value))});
  return made;
}

export const tick = (label, checked, changed) => {
  const box = make("input", {type: "checkbox", checked, onchange: () => changed(box.checked)});
  return make("label", {class: "tick"}, box, label);
};

// Tell the faults at their fields: each at the nearest entry that has a place for it. How many there are.
export function tell_faults(root, faults) {
  for (const slot of root.querySelectorAll("[data-fault]")) { slot.replaceChildren(); slot.hidden = true; }
  for (const each of root.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  const slots = new Map([...root.querySelectorAll("[data-fault]")].map((slot) => [slot.dataset.fault, slot]));
  for (const {place, text, missing} of faults) {
    let path = [...place];
    while (path.length && !slots.has(path.join("/"))) path.pop();
    const slot = slots.get(path.join("/"));
    if (!slot) continue;
    slot.hidden = false;
    slot.append(make("span", {class: missing ? "missing" : "wrong"}, text));
    if (!missing) root.querySelector(`[data-place="${path.join("/")}"]`)?.setAttribute("aria-invalid", "true");
  }
  for (const step of root.querySelectorAll("[data-step]")) {
    const count = faults.filter(({place}) => place[0] === "steps" && String(place[1]) === step.dataset.step).length;
    step.querySelector(".count").textContent = count ? String(count) : "";
  }
}

// A text in the language of the page, and in the other one behind a button.
export function text_field(context, label, holder, key, place, {rows = 1, numbers = null} = {}) {
  const {words, language, changed} = context, other = words.other_language;
  const value = holder[key] && typeof holder[key] === "object" ? holder[key] : {};
  const input = (code) => {
    const made = make(rows > 1 ? "textarea" : "input", {rows: rows > 1 ? rows : undefined, lang: code, maxLength: rows > 1 ? 3000 : 200, value: value[code] ?? "",
      oninput: () => { holder[key] = {...holder[key], [code]: made.value}; changed(); }});
    return made;
  };
  const own = input(language), second = input(other);
  let at = own;
  for (const each of [own, second]) each.addEventListener("focus", () => { at = each; });
  const put = (place_holder) => {
    for (const each of second.value.trim() && at !== second ? [own, second] : [at]) {
      const start = each === at ? each.selectionStart : each.value.length, before = each.value.slice(0, start);
      each.value = `${before}${before && !before.endsWith(" ") ? " " : ""}${place_holder}${each.value.slice(each === at ? each.selectionEnd : start)}`;
      each.dispatchEvent(new Event("input"));
    }
    at.focus();
  };
  const more = make("details", {class: "other", open: !value[language] && Boolean(value[other])}, make("summary", {}, words.in_other),
    field(`${label} (${words.in_other})`, second, [...place, other]));
  const whole = field(label, own, [...place, language]);
  return make("div", {class: "text"}, whole, fault_slot(place), make("div", {class: "beside"}, more, numbers ? numbers(put) : null));
}
