// The presenter's view: one chart or the cards of people fill the screen, beside the levers that the presenter pinned.
//
// It shows what the page holds, and asks the server for what the page asks for too: another outcome, levels, a theme. What is
// covered, blank or "before" is a matter of this window, and of the second one that follows it.

import {$, make} from "../dom.js";
import {change_of} from "../cards.js";
import {stored} from "./browser_storage.js";
import {cover, show_before, size_axes} from "./drawn_large.js";
import {link_now} from "./link_now.js";
import {live} from "./live.js";
import {picture_drawn} from "./picture.js";
import {pins_of} from "./pins.js";
import {CHART, SHOWN, desk, player_of, story_column} from "./player.js";
import {round_column, round_desk, rounds_of} from "./rounds.js";

const MOST_CARDS = 4, GROWS = 2500, IDLE = 3000; // milliseconds
const FOLLOWS = "#follow"; // as arrival.js reads it
const KEPT = "pushpull_on_stage"; // that the view was open when the server went, or this one did

// What the keys do, by the names of `stage.keys`; the first of each is the one that is told.
const KEYS = {
  present: ["f"], leave: ["Escape"], previous: ["ArrowLeft", "PageUp"], next: ["ArrowRight", "PageDown"], grow: [" "],
  reveal: ["r"], before: ["0"], blank: ["b", "."], cards: ["c"], levels: ["l"], dark: ["d"], pins: ["p"], second: ["n"],
  help: ["?"], room: ["j"], stories: ["s"], again: ["a"], notes: ["i"], why: ["w"], teams: ["t"], quick: ["q"],
};
const TOLD = {Escape: "Esc", ArrowLeft: "\u2190", ArrowRight: "\u2192"};

const action_of = (key) => Object.keys(KEYS).find((name) => KEYS[name].includes(key.length === 1 ? key.toLowerCase() : key));
const deepest = () => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
};
const types = (element) => element?.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select") ?? false;
const answers_keys = (element, key) => element?.closest?.(".ask") && /^(Arrow|Page| |\d)/.test(key); // they are the answer's

export function stage(model) {
  const words = model.words.stage, box = $("stage"), body = document.body;
  const {follows} = window.pushpull, heard = {signal: model.signal}; // until the view gives way to one in another language
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("pushpull_stage") : null;
  const room = live(model), pins = pins_of(model, () => { show(); });
  const view = {on: false, cards: false, hidden: false, before: false, blank: false, story: null, round: null};
  let came_from = null, growth = 0, grows = false, idle = null, notes = false, told_of = "";

  const told_key = (name) => TOLD[KEYS[name][0]] ?? (KEYS[name][0] === " " ? words.space : KEYS[name][0].toUpperCase());
  const title = make("h2", {id: "stage-title"}), value = make("p", {class: "value"}), change = make("p", {class: "change"});
  const chance = make("p", {class: "chance"}), sentence = make("p", {class: "sentence"});
  const said = make("div", {class: "said", role: "status"}, title, value, make("div", {class: "effect"}, change, chance), sentence);
  const row = make("div", {class: "cards"}), curtain = make("div", {class: "blank", hidden: true, "aria-hidden": "true"});
  const keys = make("div", {class: "keys", hidden: true, role: "dialog", "aria-label": words.keys_title, tabIndex: -1},
    make("h2", {}, words.keys_title), make("dl", {}, ...Object.entries(words.keys).flatMap(([name, told]) => [
      make("dt", {}, make("kbd", {}, name === "digits" ? "1\u20135" : told_key(name))),
      make("dd", {}, told)])));
  const tools = make("div", {class: "stage-tools"}, ...["previous", "next", "reveal", "why", "again", "notes", "before", "cards", "levels", "pins", "stories", "quick", "teams", "room", "second", "help", "leave"]
    .filter((name) => name in words.buttons).map((name) => make("button", {type: "button", class: "button", "data-act": name, title: `${words.keys[name]} (${told_key(name)})`, onclick: () => act(name)}, words.buttons[name])));
  const column = make("section", {class: "story-column", tabIndex: 0, "aria-live": "polite", "aria-label": words.buttons.stories}), table = make("section", {class: "desk", tabIndex: 0, "aria-label": model.words.player.answers}), picture = make("section", {class: "picture", hidden: true});
  const player = player_of(model, {changed: () => play(), left: () => { set({story: null, hidden: false}); }, live: room});
  const rounds = rounds_of(model, {changed: () => { if (!view.on) enter(); set({round: rounds.seen(), hidden: false, before: false, cards: false}); },
    left: () => { set({round: null}); }, live: room});
  const led = () => (player.is_on() ? player : rounds.is_on() ? rounds : null); // what goes on by steps
  box.append(column, said, row, table, picture, tools, pins.box, player.story_list.box, player.quick.box, keys, curtain);

  const rows = () => window.pushpull.cards ?? [];
  const shown_cards = () => rows().flatMap(([, held]) => held);
  function paint() {
    const focus = model.shown.focus, told = shown_cards().find((each) => each.id === focus);
    const {story, round} = view, {said: spoken} = player, language = model.words.code;
    const asks = view.on && (story ? desk(table, story, {language, words: model.words, asking: !follows, answer: player.answer})
      : round !== null && round_desk(table, round, {language, words: model.words.rounds, said: spoken}));
    const pictured = view.on && !asks && Boolean(story?.has_picture && story.step?.picture);
    // Until the server has opened the page of a step, that of the step before is not shown in its place.
    const elsewhere = pictured || ((story ? story.page !== "overview" : round !== null) && model.shown.page !== "overview");
    body.toggleAttribute("data-staged", view.on);
    body.dataset.stage = !view.on ? "" : asks ? "desk" : elsewhere ? "page" : view.cards ? "cards" : "chart";
    body.dataset.story = String(view.on && (story ?? round) !== null);
    body.dataset.pictured = String(pictured);
    if (view.on && story) story_column(column, story, {words: model.words.player, said: spoken, notes: notes && !follows ? player.notes() : ""});
    else if (view.on && round) round_column(column, round, {words: model.words.rounds, said: spoken, each_role: rounds.each_role, again: rounds.begin});
    body.dataset.follows = String(follows);
    box.hidden = !view.on;
    curtain.hidden = !view.blank;
    if (!view.on) return;
    picture_drawn(picture, pictured ? story : null, {language, words: model.words.player, said: spoken});
    const covered = view.hidden ? "?" : null;
    const plain = view.hidden || view.before, year = words.in_year.replace("{year}", model.shown.year);
    const number = (card) => (covered ? [covered] : view.before ? [card.baseline] : [card.value, make("small", {}, " " + card.unit)]);
    const effect = (card) => (plain ? "" : [change_of(card), card.verdict].filter(Boolean).join(" \u00b7 "));
    // An outcome without a card has a sentence alone.
    const place = model.shown.places?.main, in_words = told || plain ? "" : model.summaries.main ?? "";
    sentence.textContent = in_words;
    if (!told) {
      title.replaceChildren(place?.title ?? "", make("small", {}, " " + year));
      for (const each of [value, change, chance]) each.replaceChildren();
    } else {
      title.replaceChildren(told.title, make("small", {}, " " + year));
      value.replaceChildren(...number(told));
      change.textContent = effect(told);
      change.className = `change ${plain ? "" : told.tone}`;
      chance.textContent = plain ? "" : told.chance || told.range || "";
    }
    row.replaceChildren(...(view.cards ? shown_cards().slice(0, MOST_CARDS).map((card) =>
      make("article", {class: "large"}, make("h3", {}, card.title, make("small", {}, " " + year)),
        make("p", {class: "value"}, ...number(card)), make("p", {class: `change ${plain ? "" : card.tone}`}, effect(card)),
        make("p", {class: "chance"}, plain ? "" : card.chance || card.range || ""))) : []));
    for (const name of ["reveal", "before", "cards"])
      tools.querySelector(`[data-act=${name}]`).setAttribute("aria-pressed",
        String({reveal: view.hidden, before: view.before, cards: view.cards}[name]));
  }
  function draw() {
    size_axes(view.on);
    show_before(view.on && view.before);
    if (!view.on || view.hidden || !grows) cover(view.on && !view.cards && view.hidden ? 0 : null);
  }
  function show() {
    paint();
    window.dispatchEvent(new CustomEvent("pushpull:stage", {detail: view.on && !follows && !view.story && !view.round ? pins.pinned() : null}));
    tell();
  }
  // Once all parts of the page have heard of what it holds.
  function tell() {
    setTimeout(() => { if (!follows && view.on) channel?.postMessage({link: link_now(), dark: model.shown.dark, view}); });
  }
  function grow() {
    const mine = ++growth, begun = performance.now();
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return cover(null);
    grows = true;
    const step = (now) => {
      if (mine !== growth) return;
      const part = (now - begun) / GROWS;
      grows = part < 1 && view.on && !view.hidden;
      if (!view.on || view.hidden) return;
      cover(grows ? Math.max(part, 0) : null);
      if (grows) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
  function enter() {
    came_from = deepest();
    pins.enter();
    Object.assign(view, {on: true, cards: false, hidden: false, before: false, blank: false});
    if (!led() && model.shown.page !== "overview") model.send_msg({page: "overview"});
    document.documentElement.requestFullscreen?.().catch(() => {}); // a browser that does not allow it shows the same
    show();
    draw();
    box.focus();
  }
  function leave() {
    if (!keys.hidden) return act("help");
    if (room.shut() || pins.close() || player.story_list.close() || player.quick.close()) return;
    if (view.blank) return void set({blank: false});
    if (deepest()?.matches("input[type=range], .ask *")) return box.focus();
    if (led()) return led().stop();
    Object.assign(view, {on: false, blank: false, hidden: false, before: false});
    growth += 1;
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    show();
    draw();
    came_from?.focus?.();
  }
  // A step of the story, or a phase of its question: lines grow where they are first seen.
  function play() {
    const story = player.seen();
    if (!view.on) enter();
    const now = story ? `${story.at} ${story.phase} ${Boolean(story.step)}` : "", is_new = now !== told_of;
    told_of = now;
    set({story, hidden: false, before: false, cards: false});
    if (is_new && story?.step && [SHOWN, CHART].includes(story.phase)) grow();
  }
  function set(changes) {
    Object.assign(view, changes);
    show();
    draw();
  }
  function other(jump) {
    const all = shown_cards().map((each) => each.id), at = all.indexOf(model.shown.focus);
    if (all.length) model.send_msg({focus: all[(Math.max(at, 0) + jump + all.length) % all.length]});
  }
  const acts = {
    present: () => (view.on ? leave() : enter()),
    leave,
    previous: () => other(-1),
    next: () => other(1),
    grow: () => { if (view.hidden) act("reveal"); else grow(); },
    reveal: () => { set({hidden: !view.hidden}); if (!view.hidden && !view.cards) grow(); },
    before: () => set({before: !view.before}),
    blank: () => set({blank: !view.blank}),
    cards: () => set({cards: !view.cards}),
    levels: () => model.send_msg({drawn: model.shown.chart === "levels" ? "difference" : "levels"}),
    dark: () => model.send_msg({dark: !model.shown.dark}),
    pins: () => pins.open(),
    room: () => room.show(),
    second: () => window.open(window.location.href.split("#")[0] + FOLLOWS, "pushpull_second", "popup,width=1280,height=720"),
    stories: () => { if (rounds.is_on()) rounds.stop(); player.story_list.open(); },
    quick: () => { if (rounds.is_on()) rounds.stop(); player.quick.open(); },
    again: () => {},
    why: () => player.why(),
    teams: () => { if (player.is_on()) player.stop_all(); rounds.begin(); },
    notes: () => { notes = !notes; show(); },
    help: () => { keys.hidden = !keys.hidden; (keys.hidden ? box : keys).focus(); },
  };
  const nothing = () => {}, steps = {previous: "back", next: "forward", grow: "forward", reveal: "reveal", again: "again"};
  const idle_acts = ["cards", "before", "levels", "pins"]; // while a story is told, or teams propose
  const act = (name) => (led() ? (steps[name] ? led()[steps[name]] : idle_acts.includes(name) ? nothing : acts[name]) : acts[name])();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || types(deepest())) return;
    const name = action_of(event.key), at = deepest();
    if (name && !(name in words.keys)) return;
    if (view.on && answers_keys(at, event.key)) return;
    if (!view.on && (name !== "present" || document.querySelector("dialog[open]"))) return;
    const digit = /^[1-5]$/.test(event.key) && Number(event.key);
    if (view.on && digit && !led()) return pins.focus(digit);
    if (!name || (name === "grow" && at?.matches("button, input, summary")) || (at?.type === "range" && /^(Arrow|Page)/.test(event.key))) return;
    event.preventDefault();
    act(name);
  }, heard);
  document.addEventListener("fullscreenchange", () => { if (view.on) setTimeout(draw, 60); }, heard);
  window.addEventListener("resize", () => { if (view.on) setTimeout(() => { draw(); paint(); }, 60); }, heard);
  document.addEventListener("pointermove", () => {
    if (!view.on) return;
    body.dataset.pointer = "moves";
    clearTimeout(idle);
    idle = setTimeout(() => { body.dataset.pointer = ""; }, IDLE);
  }, heard);
  const choose_story = () => { enter(); act("stories"); };
  document.querySelector("[data-present]")?.addEventListener("click", enter);
  document.querySelector("[data-stories]")?.addEventListener("click", choose_story);
  document.querySelector("[data-phones]")?.addEventListener("click", () => { enter(); act("room"); });
  window.addEventListener("pushpull:cards", () => { if (view.on) { paint(); tell(); } }, heard);
  channel?.addEventListener("message", ({data}) => {
    if (!follows) return void (data?.comes && tell()); // what another presenter's window tells is not for this one
    if (!data?.view) return;
    Object.assign(view, data.view);
    if (data.link !== link_now()) model.send_msg({visit: data.link});
    if (data.dark !== model.shown.dark) model.send_msg({dark: data.dark});
    paint();
    draw();
  });
  if (follows) channel?.postMessage({comes: true});
  const kept = (act) => stored("sessionStorage", act);
  const remember = () => { if (view.on) kept((store) => store.setItem(KEPT, "on")); };
  window.addEventListener("pushpull:lost", remember, heard);
  model.signal?.addEventListener("abort", () => { remember(); view.on = false; growth += 1; }); // nothing of it goes on
  if (kept((store) => store.getItem(KEPT))) setTimeout(() => { if (!view.on) enter(); });
  kept((store) => store.removeItem(KEPT));
  if (!follows) setTimeout(() => { player.resume(); rounds.resume(); });
  // Another chart is laid out after it is shown, and only then can be covered from a year on.
  return {
    enter, choose_story,
    shown: () => { if (view.on) { show(); draw(); setTimeout(draw, 200); } },
    leave: () => { for (let layer = 0; view.on && layer < 9; layer += 1) leave(); }, // whatever is open above it goes first
  };
}
