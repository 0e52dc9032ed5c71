// The editor of stories: a panel beside the page, which stays usable, so that each step is taken from what it shows.
//
// The draft is the browser's; the server reads it as it reads a file, and tells what is wrong with it at its fields.

import {$, make} from "../dom.js";
import {Back, blank, forget, is_used, keep, kept, of_file, setting_is_used, told} from "./draft.js";
import {fault_slot, field, number_input, tell_faults, text_field, tick} from "./fields.js";
import {number_picker, number_told, outcome_title, setting_title} from "./numbers.js";
import {question_fields} from "./question.js";

const PAUSE = 400, LOOK_AGAIN = 60; // milliseconds: without a key before the draft is checked; until moves have arrived
const WITH_A_STEP = ["corridor", "year", "steps"]; // what the first step brings along
const TAKEN = ["setting", "options", "shows"]; // entries of a step that come from the page
const CLEAR = 0.9, NEW = -1, SETTING_ALONE = -2;

export function editor(model, staged) {
  const words = model.words.story_editor, box = $("story-editor"), back = new Back();
  let draft = kept(), faults = [], in_one_language = 0, about = {levels: {}, years: []}, number = 0, timer = null, came_from = null, clear = new WeakMap();
  const opened = new WeakSet(), sections = new Set(), status = make("p", {class: "status", role: "status"}), complaint = make("div", {class: "complaint", role: "alert"});
  const context = {words, page_words: model.words, language: model.words.code, draft: () => draft, changed, redraw: draw, levels: () => about.levels,
    years: () => about.years, numbers_changed: () => { draw_numbers(); changed(); }};
  const send = (wants, at = 0) => model.send_msg({draft: told(draft), wants, number: at});
  const said = (text) => text?.[context.language] || text?.[words.other_language] || "";
  const say = (text) => { status.textContent = text; };
  const count_of = (count) => (new Intl.PluralRules(context.language).select(count) === "one" ? words.faults.one : words.faults.other).replace("{count}", count);

  // Every change is kept at once, and checked after a pause.
  function changed() {
    if (!keep(draft)) say(words.kept_not);
    delete box.dataset.faults;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  }
  function check() {
    if (window.pushpull.lost || box.hidden) return;
    number += 1;
    send("check", number);
  }
  const step_back = (what, put_back) => back.note(words.done[what], put_back);
  function renew() {
    faults = [];
    draw();
    changed();
  }
  // Another story in the place of this one, which comes back with a step back.
  function replace(next, what) {
    const before = draft;
    step_back(what, () => replace(before, what));
    draft = next;
    renew();
  }
  function reveal(at) {
    const step = draft.steps[at];
    if (!step) return;
    const whole = box.querySelector(`[data-step="${at}"]`);
    whole.open = true;
    whole.querySelector("summary").focus();
    whole.scrollIntoView({block: "nearest"});
  }

  // From the page ---------------------------------------------------------------------------------------------------
  // What a hand has moved must have arrived first.
  function record(at) {
    const moves = Object.values(window.pushpull.unanswered).some((each) => each().length);
    if (moves && !window.pushpull.lost) return void setTimeout(() => record(at), LOOK_AGAIN);
    if (!draft.steps.length && !Object.keys(draft.settings).length) { delete draft.corridor; delete draft.year; } // those of the page
    send("step", at);
  }
  function take({step, settings, corridor, year, number: at, left_out}) {
    draft.corridor ||= corridor;
    draft.year ??= year;
    Object.assign(draft.settings, settings);
    if (at !== SETTING_ALONE) {
      const held = draft.steps[at] ?? {title: {}, text: {}}, before = Object.fromEntries(TAKEN.filter((key) => key in held).map((key) => [key, held[key]]));
      const put = (given) => { for (const key of TAKEN) delete held[key]; Object.assign(held, given); };
      if (at !== NEW) step_back("again", () => put(before));
      put(step);
      if (at === NEW) draft.steps.push(held);
      for (const each of draft.steps) opened.delete(each);
      opened.add(held);
      clear.delete(held);
    } else sections.add("settings");
    draw();
    changed();
    const place = at === NEW ? draft.steps.length - 1 : at;
    if (at !== SETTING_ALONE) reveal(place);
    say([at === NEW ? words.taken.replace("{number}", place + 1) : "", left_out.length ? words.left.replace("{what}", left_out.join(", ")) : ""].filter(Boolean).join(" "));
  }

  // What is drawn ---------------------------------------------------------------------------------------------------
  const button = (act, title, press, properties = {}) => make("button", {type: "button", class: "button", "data-act": act, onclick: press, ...properties}, title);
  const small = (act, sign, title, press, properties = {}) => button(act, sign, press, {"aria-label": title, title, ...properties});
  const section = (name, title, ...content) => make("details", {class: "part", "data-part-of-story": name, open: sections.has(name),
    ontoggle: ({target}) => { if (target.open) sections.add(name); else sections.delete(name); }}, make("summary", {}, title), ...content);

  function head() {
    const {fields} = words, [first, last] = about.years;
    const years = number_input(draft.year, (value) => { draft.year = value; changed(); }, {step: 1, min: first, max: last});
    const minutes = number_input(draft.minutes, (value) => { draft.minutes = value; changed(); }, {step: 1, min: 1, max: 480});
    return section("head", words.head, make("p", {class: "hint"}, draft.corridor ? words.corridor.replace("{corridor}", corridor_title()) : ""), fault_slot(["corridor"]),
      text_field(context, fields.title, draft, "title", ["title"]), text_field(context, fields.audience, draft, "audience", ["audience"], {rows: 2}),
      text_field(context, fields.claim, draft, "claim", ["claim"], {rows: 3}), field(fields.minutes, minutes, ["minutes"], {inline: true}),
      field(fields.year, years, ["year"], {inline: true}));
  }
  const corridor_title = () => (draft.corridor === about.corridor ? model.shown.title : draft.corridor);

  function step_box(step, at) {
    const {fields} = words, place = ["steps", at], shows = step.shows ?? {}, last = draft.steps.length - 1;
    const page = model.words.pages?.[shows.page ?? "overview"] ?? shows.page ?? "";
    const title = make("span", {class: "told"});
    const name = () => { title.textContent = words.step.replace("{number}", at + 1).replace("{title}", said(step.title) || words.untitled); };
    name();
    const own = {...context, changed: () => { name(); clear.delete(step); draw_clear(); changed(); }};
    const numbers = (key) => number_picker(own, step, [...place, key]);
    const hides = Object.entries(words.hideable).map(([key, label]) => tick(label, (step.hides ?? []).includes(key), (on) => {
      step.hides = Object.keys(words.hideable).filter((each) => (each === key ? on : (step.hides ?? []).includes(each)));
      own.changed();
    }));
    const draw_clear = () => tell_clear(made.querySelector(".clear"), clear.get(step));
    const made = make("details", {class: "step", "data-step": at, open: opened.has(step), ontoggle: ({target}) => { if (target.open) opened.add(step); else opened.delete(step); }},
      make("summary", {}, title, make("span", {class: "count"})),
      make("p", {class: "shown"}, words.shown.replace("{setting}", setting_title(context, step.setting)).replace("{page}", page).replace("{outcome}", outcome_title(context, shows.outcome ?? "")),
        step.options?.length ? make("small", {}, words.options_beside.replace("{options}", step.options.map((each) => setting_title(context, each)).join(", "))) : null),
      fault_slot(place), fault_slot([...place, "setting"]), fault_slot([...place, "options"]), fault_slot([...place, "shows"]),
      make("div", {class: "row"}, button("show", words.show, () => send("show", at)), button("again", words.again, () => record(at)),
        small("up", "\u2191", words.up, () => move(at, -1), {disabled: at === 0}), small("down", "\u2193", words.down, () => move(at, 1), {disabled: at === last}),
        button("remove", words.remove, () => remove(at))),
      text_field(own, fields.title, step, "title", [...place, "title"]),
      text_field(own, fields.text, step, "text", [...place, "text"], {rows: 4, numbers: numbers("text")}),
      make("fieldset", {class: "ticks"}, make("legend", {}, words.hides), ...hides, fault_slot([...place, "hides"])),
      question_fields(own, step, at), make("p", {class: "clear"}),
      text_field(own, fields.after, step, "after", [...place, "after"], {rows: 3, numbers: numbers("after")}),
      text_field(own, fields.notes, step, "notes", [...place, "notes"], {rows: 2, numbers: numbers("notes")}));
    draw_clear();
    return made;
  }
  function tell_clear(slot, clarity) {
    slot.replaceChildren();
    if (!clarity) return;
    const share = clarity.clear === null ? null : new Intl.NumberFormat(context.language, {style: "percent"}).format(clarity.clear);
    if (share !== null) slot.append(make("span", {class: clarity.clear >= CLEAR ? "is-clear" : "is-unclear"}, (clarity.clear >= CLEAR ? words.clear : words.unclear).replace("{share}", share)));
    for (const remark of clarity.remarks[context.language] ?? []) slot.append(make("span", {class: "is-unclear"}, remark));
  }
  function move(at, by) {
    const [step] = draft.steps.splice(at, 1);
    draft.steps.splice(at + by, 0, step);
    renew();
    box.querySelector(`[data-step="${at + by}"] [data-act="${by < 0 ? "up" : "down"}"]`)?.focus();
  }
  function remove(at) {
    const [gone] = draft.steps.splice(at, 1), story = draft, numbers = {...draft.numbers};
    step_back("remove", () => { story.steps.splice(Math.min(at, story.steps.length), 0, gone); story.numbers = {...numbers, ...story.numbers}; });
    forget(draft, gone.question?.number);
    renew();
    box.querySelector("[data-act=undo]").focus();
  }

  function drop(block, name, what) {
    const story = draft, gone = draft[block][name];
    step_back(what, () => { story[block][name] ??= gone; });
    delete draft[block][name];
    renew();
  }

  const sets_of = (each) => [...(each.packages ?? []), ...["policies", "context"].flatMap((key) => Object.keys(each[key] ?? {}))]
    .map((name) => words.packages[name] ?? model.words.found.find(([, id]) => id === name)?.[2] ?? name).join(", ");
  const settings_list = () => section("settings", words.settings, make("p", {class: "hint"}, words.settings_hint), fault_slot(["settings"]),
    ...Object.entries(draft.settings).map(([name, each]) => make("div", {class: "entry"}, text_field(context, name, each, "title", ["settings", name, "title"]), fault_slot(["settings", name]),
      make("p", {class: "hint"}, words.sets.replace("{names}", sets_of(each))),
      setting_is_used(draft, name) ? null : button("drop-setting", words.remove, () => drop("settings", name, "setting")))),
    button("take-setting", words.take_setting, () => record(SETTING_ALONE)));
  const numbers_list = () => section("numbers", words.numbers, make("p", {class: "hint"}, words.numbers_hint), fault_slot(["numbers"]),
    ...Object.keys(draft.numbers).map((name) => make("div", {class: "entry"}, make("p", {}, make("code", {}, `{${name}}`), " ", number_told(context, name)), fault_slot(["numbers", name]),
      is_used(draft, name) ? null : button("drop-number", words.remove, () => drop("numbers", name, "number")))));
  function draw_numbers() {
    box.querySelector("[data-part-of-story=numbers]")?.replaceWith(numbers_list());
    tell();
  }

  // What is typed in, open and in sight stays.
  function draw() {
    const at = document.activeElement, path = box.contains(at) ? at.dataset.place : null, {scrollTop} = box;
    const last = back.last;
    box.replaceChildren(
      make("div", {class: "head"}, make("h2", {tabIndex: -1}, words.title), small("close", "\u2715", words.close, close),
        make("div", {class: "row"}, button("add", words.add, () => record(NEW), {class: "button main"}), button("play", words.play, () => { clear = new WeakMap(); send("play"); })),
        make("div", {class: "row"}, button("save", words.save, () => send("save")), button("open", words.open, () => file.click()), file,
          button("new", words.new, () => replace(blank(), "new")),
          last ? button("undo", words.undo.replace("{what}", last), () => { back.take(); renew(); box.querySelector("[data-act=add]").focus(); }) : null),
        status, complaint),
      make("p", {class: "hint"}, words.explain), fault_slot([]), head(),
      make("h3", {}, words.steps), fault_slot(["steps"]),
      ...(draft.steps.length ? draft.steps.map(step_box) : [make("p", {class: "hint"}, words.no_steps)]),
      settings_list(), numbers_list());
    box.scrollTop = scrollTop;
    if (path) [...box.querySelectorAll("[data-place]")].find((each) => each.dataset.place === path)?.focus();
    tell();
  }
  const tell = () => tell_faults(box, faults);
  const file = make("input", {type: "file", accept: ".yaml,.yml", hidden: true, "aria-label": words.open});
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (chosen) model.send_msg({draft_file: {name: chosen.name, text: await chosen.text()}});
    file.value = "";
  });

  model.on("msg:custom", (message) => {
    if (message.draft_checked?.number === number) {
      about = message.draft_checked;
      ({faults, in_one_language} = about);
      if (!draft.steps.length) faults = faults.filter(({place}) => !WITH_A_STEP.includes(place[0]));
      tell();
      complaint.replaceChildren();
      say([faults.length ? count_of(faults.length) : words.fine, in_one_language ? words.one_language.replace("{count}", in_one_language) : ""].filter(Boolean).join(" "));
      box.dataset.faults = faults.length;
    }
    if (message.draft_recorded) take(message.draft_recorded);
    if (message.draft_link !== undefined) model.send_msg({visit: message.draft_link});
    if (message.draft_opened) { replace(of_file(message.draft_opened), "open"); say(words.opened); }
    if (message.draft_fault) complaint.replaceChildren(...message.draft_fault.map((each) => make("p", {}, each)));
    if (message.clarity) {
      const step = draft.steps[message.clarity.place - 1];
      if (step) { clear.set(step, message.clarity); tell_clear(box.querySelector(`[data-step="${message.clarity.place - 1}"] .clear`), message.clarity); }
    }
  });

  function open() {
    came_from = document.activeElement;
    staged.leave();
    box.hidden = false;
    document.body.dataset.writing = "true";
    if (!draft.steps.length) sections.add("head");
    draw();
    check();
    box.querySelector("h2").focus();
    window.dispatchEvent(new Event("resize"));
  }
  function close() {
    box.hidden = true;
    delete document.body.dataset.writing;
    window.dispatchEvent(new Event("resize"));
    came_from?.focus?.();
  }
  // Beside the stories: over the main chart, in the presenter's menu and in the list of stories.
  document.querySelector("[data-write-story]")?.addEventListener("click", open);
  const entry = () => make("button", {type: "button", class: "button", "data-act": "write", title: words.hint, onclick: open}, words.write);
  $("stage").querySelector(".stage-tools [data-act=stories]").after(entry());
  $("stage").querySelector(".story-list .row").prepend(entry());
}
