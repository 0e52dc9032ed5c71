// The words of one language, which the file holds for each: texts with their values put in, and what the model names.

import {Amounts} from "./amounts.js";

const FORMS = ["one", "other"];

export class Words {
  // `held`: the texts, signs and names of a language; `corridor`: those of a corridor in it, and its currency.
  constructor(held, corridor, own, currency) {
    Object.assign(this, {held, corridor, own, numbers: new Amounts(held.signs, currency)});
  }

  // The text of a dotted key; of two forms, that of `count`.
  say(key, values = {}) {
    let text = key.split(".").reduce((block, part) => block?.[part], this.held.words);
    if (text && typeof text === "object" && FORMS.every((form) => form in text)) text = text[this.numbers.form(values.count)];
    if (typeof text !== "string") throw new Error(`no words for ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  join(parts) {
    const first = parts.slice(0, -1), last = parts.at(-1) ?? "";
    return first.length ? `${first.join(", ")} ${this.say("and")} ${last}` : last;
  }

  title(name) { return this.held.titles[name] ?? name.replaceAll("_", " "); }
  meaning(name) { return this.held.meanings[name] ?? ""; }
  inside(title) { return title.slice(0, 1).toLowerCase() + title.slice(1); }
}
