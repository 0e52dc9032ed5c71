// The draft of a story: plain values in the form of its file, kept by the browser, with steps back. Nothing here draws.

const KEPT = "pushpull_story_draft", MOST_STEPS_BACK = 20;
const ALWAYS = ["settings", "numbers", "steps"]; // entries that a file has even where they are empty

export const TODAY = "today";
export const blank = () => ({schema_version: 1, title: {}, audience: {}, minutes: 15, claim: {}, settings: {}, numbers: {}, steps: []});

// A value without what was left empty; nothing where all of it was.
function filled(value) {
  if (typeof value === "string") return value.trim() ? value : undefined;
  if (Array.isArray(value)) { const all = value.map(filled).filter((each) => each !== undefined); return all.length ? all : undefined; }
  if (value === null || typeof value !== "object") return value ?? undefined;
  const entries = Object.entries(value).map(([key, each]) => [key, filled(each)]).filter(([, each]) => each !== undefined);
  return entries.length ? Object.fromEntries(entries) : undefined;
}

// The draft as it goes to the server. Steps keep their places, or a fault would be told at another one.
export function told(draft) {
  const steps = draft.steps.map((each) => filled(each) ?? {});
  const {settings, numbers} = draft;
  return JSON.stringify({...filled({...draft, ...Object.fromEntries(ALWAYS.map((key) => [key, undefined]))}), settings, numbers, steps});
}

export function kept() {
  try {
    const found = JSON.parse(window.localStorage.getItem(KEPT));
    return found && typeof found === "object" && Array.isArray(found.steps) ? {...blank(), ...found} : blank();
  } catch { return blank(); }
}
// Whether the browser kept it.
export function keep(draft) {
  try { window.localStorage.setItem(KEPT, JSON.stringify(draft)); return true; } catch { return false; }
}

// What a file held becomes a draft: the entries that the editor counts on are there, all others stay as they are.
export function of_file(given) {
  const of_kind = (value, other) => (value && typeof value === "object" && Array.isArray(value) === Array.isArray(other) ? value : other);
  return {...blank(), ...given, settings: of_kind(given.settings, {}), numbers: of_kind(given.numbers, {}),
    steps: of_kind(given.steps, []).map((each) => of_kind(each, {}))};
}

// What can be taken back: in words, and how it is put back beside whatever was written since.
export class Back {
  #steps = [];
  note(what, put_back) { this.#steps = [...this.#steps, [what, put_back]].slice(-MOST_STEPS_BACK); }
  get last() { return this.#steps.at(-1)?.[0] ?? null; }
  take() { this.#steps.pop()?.[1](); }
}

// Numbers ----------------------------------------------------------------------------------------------------------

const same = (one, other) => {
  const [first, second] = [one, other].map((each) => Object.entries(each).filter(([key]) => key !== "holds").map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort().join());
  return first === second;
};

// The name of the number that an entry says: one of the draft's where it says the same, else a new one.
export function number_named(draft, entry) {
  const told = Object.entries(draft.numbers).find(([, each]) => same(each, entry) && (!entry.holds || !each.holds || each.holds.direction === entry.holds.direction));
  if (told) {
    if (entry.holds) told[1].holds ??= entry.holds;
    return told[0];
  }
  const parts = entry.chance_that ? [entry.chance_that, entry.direction]
    : [entry.of, entry.in === TODAY ? "" : entry.in, entry.than ? (entry.as === "difference" ? "difference" : "change") : ""];
  const base = parts.filter(Boolean).join("_");
  let name = base;
  for (let number = 2; name in draft.numbers; number += 1) name = `${base}_${number}`;
  draft.numbers[name] = entry;
  return name;
}

// Whether a text, a question or another number has it.
export function is_used(draft, name) {
  const others = Object.entries(draft.numbers).some(([key, each]) => key !== name && (each.chance_that === name || new RegExp(`\\b${name}\\b`).test(each.is ?? "")));
  const placed = new RegExp(`\\{ *${name} *[}:]`);
  return others || draft.steps.some((step) => step.question?.number === name || placed.test(JSON.stringify(step)));
}
// Take away a number that nothing has any more, and the one that it alone was about.
export function forget(draft, name) {
  if (!name || !(name in draft.numbers) || is_used(draft, name)) return;
  const of = draft.numbers[name].chance_that;
  delete draft.numbers[name];
  forget(draft, of);
}

// The form that a number of the editor's own has; null for what only a file can say.
export function form_of(draft, entry) {
  if (!entry) return null;
  if (entry.chance_that) return form_of(draft, draft.numbers[entry.chance_that]) && !entry.beyond && !entry.open ? "chance" : null;
  if (!entry.of || ["route", "at", "over", "how", "is"].some((key) => key in entry)) return null;
  return !entry.than ? "level" : ["relative", "difference"].includes(entry.as ?? "difference") ? entry.as ?? "difference" : null;
}

// Settings ---------------------------------------------------------------------------------------------------------

export const settings_of = (draft) => [TODAY, ...Object.keys(draft.settings)];
export const setting_is_used = (draft, name) =>
  draft.steps.some(({setting, options = [], question}) => setting === name || options.includes(name) || question?.in === name || question?.choices?.includes?.(name))
  || Object.values(draft.numbers).some((each) => each.in === name || each.than === name);
