// Options side by side, A, B and C: what each does to the outcomes in the year that is shown.

import {make} from "../dom.js";

const letter = (place) => String.fromCharCode(65 + place);

export class OptionsTable {
  // `act` is told what to do: {add}, {rename, title}, {remove} or {take}, the last three with the place of an option.
  constructor(words, headlines, longest_name, act) {
    Object.assign(this, {words, headlines, longest_name, act});
    this.add = make("button", {type: "button", class: "button", "data-add": "", onclick: () => act({add: true})}, words.say("toolbar.keep"));
    this.hint = make("p", {class: "hint"}, words.say("pocket.no_options"));
    this.box = make("div", {class: "scroll matrix"});
    this.element = make("section", {class: "sheet options-table", "aria-label": words.say("options.title")},
      make("h2", {}, words.say("options.title")), make("p", {class: "tools"}, this.add), this.hint, this.box);
  }

  // `columns`: {title, verdicts, place} of each option, then of what is set now (place null); `outcomes`: those in the rows.
  show(columns, outcomes, year, is_full) {
    const {words} = this;
    this.add.disabled = is_full;
    this.hint.hidden = columns.length > 1;
    this.box.hidden = columns.length < 2;
    if (this.box.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return; // a name is being typed
    const focused = document.activeElement?.dataset?.do;
    this.box.replaceChildren(make("table", {}, make("caption", {}, words.say("compare.table", {year: words.numbers.year(year)})),
      make("thead", {}, make("tr", {}, make("td", {}), ...columns.map((column) => this._head(column)))),
      make("tbody", {}, ...outcomes.map((name) => make("tr", {}, make("th", {scope: "row"}, words.title(name)),
        ...columns.map(({verdicts}) => this._cell(verdicts?.[name])))))));
    if (focused) this.box.querySelector(`[data-do="${focused}"]`)?.focus();
  }

  _head({title, place}) {
    const {words, act} = this;
    if (place === null) return make("th", {scope: "col"}, make("span", {class: "letter"}, words.say("options.current")), make("small", {}, title));
    const option = letter(place), name = make("input", {type: "text", value: title, maxLength: this.longest_name,
      "aria-label": words.say("options.name_of", {option}), onchange: () => { name.blur(); act({rename: place, title: name.value}); }});
    const button = (what, text, label) => make("button", {type: "button", class: "link", "data-do": `${what}-${place}`, "aria-label": label,
      onclick: () => act({[what]: place})}, text);
    return make("th", {scope: "col"}, make("span", {class: "letter"}, option), name, make("span", {class: "print-name"}, title),
      make("span", {class: "does"}, button("take", words.say("pocket.take"), words.say("pocket.take_of", {title})),
        button("remove", words.say("pocket.remove"), words.say("compare.remove", {title}))));
  }

  _cell(verdict) {
    if (!verdict) return make("td", {}, make("small", {}, this.words.say("page.working")));
    const {numbers} = this.words, {unit} = verdict.outcome, {headlines} = this, judged = headlines.judgement(verdict);
    return make("td", {}, numbers.full(verdict.value, unit),
      make("small", {class: verdict.tone}, [headlines.relative(verdict), judged].filter(Boolean).join(" \u00b7 ")));
  }
}
