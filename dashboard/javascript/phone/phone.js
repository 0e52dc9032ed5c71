// The page of a phone: a code, then whatever lies on the table of the room.

import {$, make} from "../dom.js";
import {ask} from "../room/ask.js";
import {stored} from "../room/browser_storage.js";
import {connection} from "./connection.js";
import {propose} from "./propose.js";
import {in_words, revealed} from "./revealed.js";

const KEPT = "pushpull_language", LANGUAGES = {en: "English", fr: "Français"};
const every_word = JSON.parse($("words").textContent), {base} = document.body.dataset;
const kept = (act) => stored("localStorage", act);
const state = {language: kept((store) => store.getItem(KEPT)) ?? document.documentElement.lang, is_lost: false};
if (!every_word[state.language]) state.language = document.documentElement.lang;
const code = window.location.pathname.slice(base.length).replace(/\/$/, "");
const words = () => every_word[state.language];
const told = (text) => text?.[state.language] ?? text?.en ?? "";
const spoken = () => ({language: state.language, words: words()});
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

let room = null, drawn = null, waiting = null; // the connection; which question the widget puts; an answer that was not heard yet

function forget_answers() {
  Object.assign(state, {given: null, draft: null, note: ""});
  drawn = null;
}

function show_question(slip) {
  const is_open = state.table.phase === "open";
  const key = JSON.stringify([state.table.group, slip.id, slip.round, state.language, slip.kind === "proposal" ? state.role : ""]);
  $("question").inert = !is_open;
  $("question").hidden = state.table.phase === "revealed";
  if (drawn === key) return;
  drawn = key;
  if (slip.kind === "proposal" && !state.role) return void $("question").replaceChildren(roles(slip));
  if (slip.kind === "rank") state.draft ??= slip.choices.map((each) => each.name);
  if (slip.kind === "proposal" && (state.draft ?? state.given)?.role !== state.role) state.draft = {role: state.role, values: {}, why: ""};
  const given = state.draft ?? state.given ?? null, {language} = state;
  const changed = (value) => { state.draft = value; state.note = ""; if (!building) show(); };
  let building = true;
  try {
    $("question").replaceChildren(slip.kind === "proposal" ? propose(slip, {language, words: words(), given, changed})
      : ask(slip, {language, words: words().ask, given, changed}));
  } catch { // a kind of question that this page does not know
    $("question").replaceChildren(make("p", {}, words().phone.look));
  }
  building = false;
}

function roles(slip) {
  const title = (role) => told(slip.choices?.find((each) => each.name === role)?.title) || role;
  const meant = slip.seats?.[(state.seat ?? 0) - 1]; // the role of this seat comes first
  const all = Object.keys(slip.levers).sort((one, other) => (other === meant) - (one === meant));
  return make("div", {class: "roles", role: "group", "aria-label": words().phone.choose_role}, make("p", {}, words().phone.choose_role),
    ...all.map((role) => make("button", {type: "button", onclick: () => take_role(role)}, title(role))));
}
async function take_role(role) {
  const answer = await room.answer({role});
  if (answer.status === 200) state.role = role;
  else state.note = words().refused[answer.refused] ?? words().phone.not_sent;
  show();
}

// What is said of where things stand, and its kind.
function standing() {
  const {phone} = words(), {table} = state;
  if (!state.seat) return [state.note ?? "", state.note ? "note" : "coming"];
  if (!table?.slip || table.phase === "waiting") return [phone.waiting, "waiting"];
  if (state.note) return [state.note, "note"];
  if (table.phase === "open") {
    if (waiting) return [phone.kept, "kept"];
    return state.given === null || state.given === undefined ? ["", "open"] : [phone.sent, "sent"];
  }
  if (table.phase === "closed" || table.phase === "half")
    return [state.given === null || state.given === undefined ? phone.late : table.phase === "half" ? phone.look : phone.closed, "closed"];
  return ["", "revealed"];
}

function show() {
  const {phone} = words(), {table} = state, slip = table?.slip ?? null, is_shown = slip && table.phase !== "waiting";
  document.documentElement.lang = state.language;
  const other = Object.keys(LANGUAGES).find((each) => each !== state.language);
  $("language").textContent = LANGUAGES[other];
  $("language").lang = other;
  $("code-label").textContent = phone.enter;
  $("join").textContent = phone.join;
  $("place").textContent = state.seat && !state.closing ? phone.seat.replace("{code}", code).replace("{seat}", state.seat) : "";
  $("connection").hidden = !state.is_lost;
  if (state.is_lost) $("connection").textContent = phone.lost;
  $("enter").hidden = !state.enters;
  $("wrong").textContent = state.wrong ? words().refused[state.wrong] ?? phone.not_sent : "";
  $("room").hidden = Boolean(state.enters);
  $("send").hidden = true;
  show_own_simulator();
  if (state.closing) { // the room has ended, or another group has begun
    for (const name of ["title", "text"]) $(name).textContent = "";
    $("question").replaceChildren();
    $("reveal").replaceChildren();
    drawn = null;
    say(phone[state.closing], state.closing);
    $("send").hidden = state.closing !== "new_group";
    $("send").disabled = false;
    $("send").textContent = phone.join;
    return;
  }
  say(...standing());
  $("title").textContent = is_shown ? told(slip.title) : "";
  $("text").textContent = is_shown ? told(slip.text) : "";
  if (!is_shown) {
    $("question").replaceChildren();
    $("reveal").replaceChildren();
    drawn = null;
    return;
  }
  show_question(slip);
  const is_revealed = table.phase === "revealed";
  if (is_revealed) $("reveal").replaceChildren(...revealed(slip, state.given, table.reveal ?? {}, spoken()));
  else if (table.phase !== "open" && state.given !== null) $("reveal").replaceChildren(own(slip));
  else $("reveal").replaceChildren();
  if (["closed", "half"].includes(table.phase)) $("question").hidden = slip.kind !== "line" && slip.kind !== "proposal";
  const needs_role = slip.kind === "proposal" && !state.role;
  $("send").hidden = table.phase !== "open" || needs_role;
  $("send").disabled = state.draft === null || state.draft === undefined || state.draft === "" || same(state.draft, state.given) || state.sends;
  $("send").textContent = state.given === null || state.given === undefined ? phone.send : phone.send_again;
}
// The simulator on this phone, with what the presenter has set now.
function show_own_simulator() {
  const {pocket} = state, is_there = Boolean(pocket && state.seat && !state.closing);
  $("try").hidden = !is_there;
  $("try").textContent = words().phone.try;
  if (is_there) $("try").href = `${base}${code}/pocket/${pocket.corridor}.html#state=${pocket.links[state.language]}`;
}
function say(text, kind) {
  if ($("state").textContent !== text) $("state").textContent = text;
  $("state").dataset.kind = kind;
}
function own(slip) {
  const said = in_words(slip, state.given, spoken());
  return said ? make("dl", {}, make("dt", {}, words().phone.your_answer), make("dd", {}, said)) : "";
}

async function send() {
  if (state.closing === "new_group") return room.come(true);
  const {slip} = state.table, sent = {slip: slip.id, round: slip.round, value: state.draft};
  state.sends = true;
  show();
  const answer = await room.answer(sent);
  state.sends = false;
  waiting = answer.status === 0 ? sent : null; // kept until the connection is back
  state.note = "";
  if (answer.status === 200) state.given = sent.value;
  else if (answer.refused) state.note = answer.told?.[state.language] ?? words().refused[answer.refused] ?? words().phone.not_sent;
  else if (answer.status !== 0) state.note = words().phone.not_sent;
  if (answer.refused === "no_seat") room.come();
  show();
}
async function send_what_waits() {
  const {slip, phase} = state.table ?? {};
  if (!waiting || !slip || phase !== "open" || slip.id !== waiting.slip || slip.round !== waiting.round) {
    if (slip) waiting = null;
    return;
  }
  state.draft = waiting.value;
  await send();
}

const hears = {
  seat: ({seat, role}) => { Object.assign(state, {seat, role, closing: null, enters: false, wrong: "", note: ""}); },
  own: ({seat, given}) => { Object.assign(state, {seat, next: given}); },
  table: (table) => {
    const before = state.table, same_slip = before?.slip && table.slip && before.group === table.group && before.slip.id === table.slip.id && before.slip.round === table.slip.round;
    if (!same_slip) {
      forget_answers();
      window.scrollTo(0, 0);
    }
    Object.assign(state, {table, given: state.next ?? null, closing: null, note: same_slip && table.phase === before.phase ? state.note : ""});
    send_what_waits();
  },
  pocket: (pocket) => { state.pocket = pocket; },
  back: () => { state.is_lost = false; },
  lost: () => { state.is_lost = true; },
  refused: ({refused}) => { Object.assign(state, {is_lost: false, note: words().refused[refused] ?? "", wrong: refused}); },
  new_group: () => { Object.assign(state, {closing: "new_group", table: null, is_lost: false}); forget_answers(); },
  ended: () => { Object.assign(state, {closing: "ended", table: null, is_lost: false}); forget_answers(); },
  no_room: () => { Object.assign(state, {enters: true, wrong: "no_room", is_lost: false}); },
};

$("language").addEventListener("click", () => {
  state.language = Object.keys(LANGUAGES).find((each) => each !== state.language);
  kept((store) => store.setItem(KEPT, state.language));
  show();
});
$("send").addEventListener("click", send);
$("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = $("code").value.replace(/[\s._-]/g, "").toUpperCase();
  if (typed) window.location.assign(base + encodeURIComponent(typed));
});
state.enters = !code;
show();
if (code) {
  room = connection(base, code, (kind, heard) => { hears[kind]?.(heard); show(); });
  room.come();
}
