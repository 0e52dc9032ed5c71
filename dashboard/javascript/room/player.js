// A story, step by step: what is said, what is asked, what the room and the model answer. Each step opens the page as its file
// says; the phases of a question go forth and back.

import {make} from "../dom.js";
import {answers_drawn} from "./answers.js";
import {ask} from "./ask.js";
import {stored} from "./browser_storage.js";
import {link_now} from "./link_now.js";
import {quick_questions} from "./quick.js";

export const SHOWN = "shown", OPEN = "open", CLOSED = "closed", HALF = "half", REVEALED = "revealed", CHART = "chart", WHY = "why";
const ALONE = [OPEN, REVEALED, CHART], WITH_ROOM = [OPEN, CLOSED, HALF, REVEALED, CHART];
const KEPT = "pushpull_story"; // where a story stood, for a page that is loaded anew
const kept = (act) => stored("sessionStorage", act);
const DESK = new Set([OPEN, CLOSED, HALF, REVEALED, WHY]); // a question fills the place of the chart

export function player_of(model, {changed, left, live}) {
  const words = model.words.player;
  let held = null; // the story that is played; `paused` of a question in between, the one that goes on after it
  let asked_for = null, kept_place = null; // the message that asks for the next; where it is to go on
  const language = () => model.words.code;
  const said = (each) => each?.[language()] ?? each?.en ?? "";

  // What one sees of a story: plain values, so that a second window draws the same.
  const step = () => held?.told[held.at] ?? null;
  const room = () => live?.state() ?? null;
  const phases = () => (!step()?.slip ? [SHOWN] : room() ? WITH_ROOM : ALONE);
  // What a room is asked besides: a reason for its answers, in a line.
  const slip_of_reasons = (slip) => ({id: `${slip.id}/why`, kind: "why", title: slip.title, text: words.both_why});
  // A group that plays a story once more begins with no answers: its rounds go on from the last that it answered.
  const round_of = (slip) => {
    if (room()?.rounds) held.before ??= {...room().rounds};
    return (held.before?.[slip.id] ?? 0) + (held.round[slip.id] ?? 1);
  };
  const asked = () => (step()?.slip && held.phase === WHY ? slip_of_reasons(step().slip) : step()?.slip ?? null);
  function seen() {
    if (!held) return null;
    const now = step(), {at, phase, story} = held, slip = asked();
    const answers = slip && room()?.slip_id === slip.id && room().round === round_of(slip) ? room().answers.filter((each) => !room().hidden?.includes(each.seat)).map((each) => each.value) : [];
    return {at, phase, count: story.steps.length, title: story.title, illustrative: story.illustrative, setting: story.steps[at].setting,
      page: story.steps[at].page, has_picture: [SHOWN, CHART].includes(phase), outcome: story.steps[at].outcome, step: now && {...now, slip: slip ?? undefined, notes: undefined}, own: slip ? held.own[slip.id] ?? null : null, round: slip ? round_of(slip) : 0,
      answers: [OPEN, CLOSED].includes(phase) ? [] : answers, answered: answers.length, seats: room()?.seats ?? null, faults: held.faults};
  }
  const link_of_step = () => held.story.steps[held.at].links[language()];
  function visit() {
    const link = link_of_step();
    if (link !== held.visited) model.send_msg({visit: link});
    held.visited = link;
  }
  function put() {
    if (!room() || !step()) return;
    const slip = asked(), phase = !slip ? "waiting" : {[CHART]: REVEALED, [WHY]: OPEN}[held.phase] ?? held.phase;
    live.put({slip: slip && {...slip, round: round_of(slip)}, phase, reveal: phase === REVEALED ? step().reveal : null, link: link_of_step()});
  }
  function go(at, phase) {
    held.at = at;
    visit();
    held.phase = phase ?? phases()[0];
    put();
    keep();
    changed();
  }
  const place_of = ({asked_for, at, phase, own, round, before, came_from, before_why, paused}) =>
    ({asked_for, at, phase, own, round, before, came_from, before_why, paused: paused && place_of(paused)});
  function keep() {
    if (held.asked_for) kept((store) => store.setItem(KEPT, JSON.stringify(place_of(held))));
  }
  function ask_for(message) {
    asked_for = message;
    model.send_msg(message);
  }
  // A page that is loaded anew goes on where it was, phones included.
  function resume() {
    go_on(kept((store) => JSON.parse(store.getItem(KEPT) ?? "null")));
  }
  function go_on(place) {
    kept_place = place;
    if (place) ask_for(place.asked_for);
  }
  function why() {
    if (step()?.slip && room()) go(held.at, held.phase === WHY ? held.before_why : (held.before_why = held.phase, WHY));
  }
  function forward() {
    if (held.phase === WHY) return go(held.at, held.before_why);
    const all = phases(), next = all[all.indexOf(held.phase) + 1];
    if (next && step()) go(held.at, next);
    else if (held.at + 1 < held.story.steps.length) go(held.at + 1);
    else if (held.paused) stop();
  }
  function back() {
    if (held.phase === WHY) return go(held.at, held.before_why);
    const all = phases(), before = all[all.indexOf(held.phase) - 1];
    if (before) return go(held.at, before);
    if (!held.at) return;
    held.at -= 1;
    go(held.at, phases().at(-1));
  }
  function reveal() {
    if (!step()?.slip) return;
    go(held.at, [REVEALED, CHART].includes(held.phase) ? phases().at(phases().indexOf(REVEALED) - 1) : REVEALED);
  }
  function again() {
    const slip = step()?.slip;
    if (!slip) return;
    held.round[slip.id] = (held.round[slip.id] ?? 1) + 1;
    delete held.own[slip.id];
    go(held.at, OPEN);
  }
  // A question that asks for reasons alone begins with them, where there is a room to give some.
  function first_phase() {
    if (held.asked_for?.quick !== WHY || !room()) return undefined;
    held.before_why = CHART;
    return WHY;
  }
  function begin(story) {
    // A question in between comes back to the story, whichever was asked before it.
    const paused = !asked_for?.quick || !held ? null : held.asked_for?.quick ? held.paused : held;
    held = {story, asked_for, paused, told: story.steps.map(() => null), at: 0, phase: SHOWN, own: {}, round: {}, visited: null,
      came_from: link_now(), faults: null};
    asked_for = null;
    if (!kept_place) return go(0, SHOWN);
    Object.assign(held, {...kept_place, at: Math.min(kept_place.at, story.steps.length - 1), resumes: true});
    kept_place = null;
    visit();
    changed();
  }
  // Back to the story from a question in between, else to the page as it was before.
  function stop() {
    if (!held) return;
    if (!held.paused) return stop_all();
    const {paused} = held;
    if (!paused.told?.every(Boolean)) { // loaded anew since, or interrupted while its steps were worked out
      held.paused = null;
      return go_on(paused);
    }
    held = {...paused, visited: null};
    go(held.at, held.phase);
  }
  function stop_all() {
    const {came_from} = held.paused ?? held;
    held = asked_for = null;
    kept((store) => store.removeItem(KEPT));
    if (room()) live.put({slip: null, phase: "waiting", reveal: null});
    model.send_msg({visit: came_from});
    left();
  }
  model.on("msg:custom", (message) => {
    if (message.story) { story_list.close(); begin(message.story); }
    if (message.step && held?.story.id === message.of) {
      held.told[message.step.place - 1] = message.step;
      if (message.step.place - 1 === held.at) go(held.at, held.resumes ? held.phase : first_phase());
      if (message.step.place - 1 === held.at) held.resumes = false;
    }
    if (message.stories) story_list.fill(message.stories);
    if (message.story_fault) fault(message.story_fault);
  });
  // What cannot be begun is told where it was chosen, also over a story; what cannot go on, in its place.
  function fault(lines) {
    if (held && !asked_for) { held.faults = lines; changed(); } else (asked_for?.quick ? quick : story_list).fault(lines);
    asked_for = null;
  }
  window.addEventListener("pushpull:room", () => { if (held) { put_if_new(); changed(); } }, {signal: model.signal});
  let code = null;
  function put_if_new() { // a room that opens in the middle of a story begins where the story is
    const now = room()?.code ?? null;
    if (now !== code) { code = now; if (now) { if (!phases().includes(held.phase)) held.phase = phases()[0]; put(); } }
  }

  // The stories to choose from.
  const story_list = (() => {
    const list = make("div", {class: "story-heads"}), faults = make("div", {class: "faults", role: "alert"});
    const file = make("input", {type: "file", accept: ".yaml,.yml", hidden: true, "aria-label": words.file});
    file.addEventListener("change", async () => {
      const chosen = file.files[0];
      if (chosen) ask_for({story_file: {name: chosen.name, text: await chosen.text()}});
      file.value = "";
    });
    const box = make("div", {class: "story-list", hidden: true, role: "dialog", "aria-label": words.story_list, tabIndex: -1}, make("h2", {}, words.story_list), list, faults,
      make("div", {class: "row"}, words.file && make("button", {type: "button", class: "button", "data-act": "story-file", onclick: () => file.click()}, words.file), words.file && file,
        make("button", {type: "button", class: "button", onclick: () => close()}, words.close)));
    let from = null;
    function open() {
      from = document.activeElement;
      box.hidden = false;
      faults.replaceChildren();
      if (!list.children.length) { list.replaceChildren(make("p", {}, words.waits)); model.send_msg({stories: true}); }
      box.focus();
    }
    function close() {
      if (box.hidden) return false;
      box.hidden = true;
      from?.focus?.();
      return true;
    }
    function fill(stories) {
      list.replaceChildren(...stories.map((each) => make("button", {type: "button", class: "story", "data-story": each.id,
        onclick: () => { close(); ask_for({story: each.id}); }}, make("b", {}, said(each.title)), make("span", {}, said(each.claim)),
      make("small", {}, words.about.replace("{corridor}", said(each.corridor)).replace("{minutes}", each.minutes).replace("{questions}", each.questions)))));
      if (!box.hidden) list.querySelector("button").focus();
    }
    const fault = (lines) => { if (box.hidden) open(); faults.replaceChildren(...lines.map((each) => make("p", {}, each))); };
    return {box, open, close, fill, fault};
  })();

  const quick = quick_questions(model.words.quick, ask_for);
  const answer = (slip, value) => { held.own[slip.id] = value; keep(); };
  return {story_list, quick, resume, seen, said, forward, back, reveal, again, why, stop, stop_all, answer, notes: () => said(step()?.notes), is_on: () => held !== null};
}

// The words of a step, in the column beside the chart.
export function story_column(box, seen, {words, said, notes}) {
  const {step, phase} = seen, asks = step?.slip && DESK.has(phase) && phase !== REVEALED, is_why = phase === WHY, after = step?.slip && !asks;
  box.replaceChildren(
    make("p", {class: "progress"}, words.progress.replace("{at}", seen.at + 1).replace("{count}", seen.count), " \u00b7 ", said(seen.setting),
      seen.illustrative ? make("span", {class: "badge"}, words.illustrative) : null),
    make("h2", {}, step ? said(step.title) : said(seen.title)),
    ...(step ? [
      after ? make("p", {class: "answer"}, make("b", {}, words.model_says), " ", said(step.reveal.text)) : make("p", {}, said(step.text)),
      after ? make("p", {}, said(step.after)) : null,
      step.slip && !after ? make("p", {class: "asked"}, is_why ? said(words.both_why) : said(step.question)) : null,
      !step.slip && step.after ? make("p", {}, said(step.after)) : null,
      seen.has_picture && !step.picture ? make("p", {class: "source"}, seen.outcome ? make("b", {}, said(seen.outcome), ". ") : null, words.simulations) : null,
      notes ? make("aside", {class: "notes"}, make("b", {}, words.notes), " ", notes) : null,
    ] : [make("p", {class: "hint"}, seen.faults ? seen.faults.join(" ") : words.waits)]).filter(Boolean));
}

// The question, in the place of the chart.
export function desk(box, seen, {language, words, asking, answer}) {
  const {step, phase} = seen;
  if (!step?.slip || !DESK.has(phase)) return false;
  const texts = {...words.ask, ...words.player}, {slip} = step;
  const key = JSON.stringify([slip.id, seen.round, phase, seen.seats === null]);
  const told = seen.seats === null ? "" : texts.answered.replace("{count}", seen.answered).replace("{seats}", seen.seats);
  // What a hand is answering stays as it is.
  if (phase === OPEN && asking && seen.seats === null) {
    if (box.dataset.key !== key) box.replaceChildren(ask(slip, {language, words: words.ask, given: seen.own, changed: (value) => answer(slip, value)}));
  } else box.replaceChildren(make("p", {class: "count", role: "status"}, told),
    answers_drawn(slip, {language, words: texts, answers: seen.answers, own: seen.own, reveal: phase === REVEALED ? step.reveal : null}));
  box.dataset.key = key;
  return true;
}
