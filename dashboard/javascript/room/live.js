// The presenter's side of a room: it opens one, puts questions on the table and hears who is there and what they answer.
//
// Who leads the room is known by a cookie that no script reads; the browser remembers the code alone. Whatever listens for
// `pushpull:room` on the window hears each change, and `null` where there is no room.

import {stored} from "./browser_storage.js";
import {link_now} from "./link_now.js";
import {room_box} from "./room_box.js";

const KEPT = "pushpull_room", HERE = "pushpull_room_here", WAIT = 400, BETWEEN_OFFERS = 1000; // milliseconds
const GONE = [403, 404, 410];

let only = null;
export const live = (model) => only ??= begin(model);

function begin(model) {
  const words = model.words.room, {follows} = window.pushpull;
  const address = (part) => new URL(`room${part}`, window.location.href.split(/[?#]/)[0]);
  const kept = (act, store = "localStorage") => stored(store, act);
  const box = room_box(words, {follows, make_room, end, undo, hide, shut, new_group: () => call({do: "new_group"}), pocket: (on) => call({do: "pocket", on}), file: () =>
    `${address(`/${room.code}/file`)}?language=${document.documentElement.lang}`});
  let room = null, answers = new Map(), stream = null, timer = null, wanted = null, is_lost = false, under_way = Promise.resolve();

  async function post(part, sent) {
    const answer = await fetch(address(part), {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(sent),
      cache: "no-store", signal: AbortSignal.timeout(10000)}).catch(() => null);
    return {status: answer?.status ?? 0, ...(await answer?.json().catch(() => ({})))};
  }
  async function call(sent) {
    if (!room) return false;
    const told = await post(`/${room.code}/presenter`, sent);
    if (told.status !== 200) box.tell(words.refused[told.refused] ?? words.failed);
    return told.status === 200;
  }

  // What phones open in a simulator of their own: the page as it stands, told again where it has changed.
  let offered = null;
  async function offer() {
    const here = window.pushpull.address?.(), link = here ? new URL(here).searchParams.get("state") ?? "" : "";
    if (follows || !room?.place || is_lost || link === offered) return;
    offered = link;
    const told = await post(`/${room.code}/presenter`, {do: "pocket", link});
    if (told.status === 0 || told.status >= 500) offered = null;
  }
  setInterval(offer, BETWEEN_OFFERS);

  // What all see of it -------------------------------------------------------------------------------------------
  function state() {
    if (!room?.place) return null;
    const {places, reachable, ...rest} = room, at = Math.max(places.findIndex((each) => each.address === room.place), 0);
    const given = [...answers.values()].sort((one, other) => one.seat - other.seat);
    return {...rest, ...places[at], reachable, others: places.length - 1, is_lost,
      answers: given.map(({seat, value}) => ({seat, value})), hidden: given.filter((each) => each.hidden).map(({seat}) => seat)};
  }
  function tell() {
    const now = state();
    document.body.dataset.room = String(now !== null);
    box.show(now);
    window.dispatchEvent(new CustomEvent("pushpull:room", {detail: now}));
  }

  // Coming, staying and coming back ------------------------------------------------------------------------------
  function listen(code) {
    stream?.close();
    clearTimeout(timer);
    if (room?.code !== code) [room, answers, offered] = [{code}, new Map(), null];
    const mine = stream = new EventSource(address(`/${code}/presenter`));
    const on = (kind, act) => mine.addEventListener(kind, ({data}) => { if (mine === stream) act(JSON.parse(data)); });
    on("place", ({places, reachable}) => {
      Object.assign(room, {places, reachable, place: room.place ?? places[0].address});
      if (!places.some((each) => each.address === room.place)) room.place = places[0].address;
    });
    on("room", ({fresh, answers: came, ...rest}) => {
      if (fresh) answers = new Map();
      for (const each of came) answers.set(each.seat, each);
      Object.assign(room, rest);
      tell();
    });
    on("ended", forget);
    mine.onopen = () => {
      is_lost = false;
      if (window.pushpull.lost) window.dispatchEvent(new Event("online")); // the server is back: the page need not wait
      if (wanted) put(wanted);
    };
    mine.onerror = () => {
      if (mine !== stream) return;
      is_lost = true;
      tell();
      if (mine.readyState === EventSource.CLOSED) ask_again(code);
    };
  }
  // The connection was refused: the room may be over, or the server not there yet.
  async function ask_again(code) {
    const {status} = await post(`/${code}/presenter`, {do: "hello"});
    if (room?.code !== code) return;
    if (GONE.includes(status)) forget();
    else timer = setTimeout(() => listen(code), WAIT);
  }
  function forget() {
    stream?.close();
    clearTimeout(timer);
    [stream, room, wanted, offered] = [null, null, null, null];
    kept((store) => store.removeItem(KEPT));
    tell();
  }
  async function make_room() {
    if (room) return true;
    const told = await post("", {});
    if (told.status !== 200) {
      box.tell(words.refused[told.refused] ?? words.failed);
      return false;
    }
    kept((store) => store.setItem(KEPT, told.code));
    listen(told.code);
    kept((store) => store.setItem(HERE, "yes"), "sessionStorage");
    return true;
  }

  // What the presenter does --------------------------------------------------------------------------------------
  // `link` leads to the page that a slip is about, where that is not the one that is shown.
  function put({slip = null, phase = "waiting", reveal = null, link = slip ? link_now() : ""}) {
    wanted = {slip, phase, reveal, link};
    if (!room) return Promise.resolve(false);
    under_way = under_way.then(put_what_is_wanted);
    return under_way;
  }
  // One at a time, or a quick hand's last step might come before the one before it.
  async function put_what_is_wanted() {
    const sent = wanted;
    if (!sent || !room) return sent === null;
    const told = await post(`/${room.code}/presenter`, {do: "put", ...sent});
    if (wanted === sent) {
      if (told.status !== 0 && told.status < 500) wanted = null;
      else setTimeout(() => { if (wanted === sent) put(sent); }, WAIT); // until the server takes it
    }
    if (told.status >= 400 && told.status < 500) box.tell(words.refused[told.refused] ?? words.failed);
    return told.status === 200;
  }
  async function end() { if (await call({do: "end"})) forget(); }
  function undo() { return call({do: "undo"}); }
  function hide(seat, hidden = true) { return call({do: "hide", seat, hidden}); }
  function shut(is_shut) { return call({do: "shut", shut: is_shut}); }
  box.on_place(() => {
    const at = room.places.findIndex((each) => each.address === room.place);
    room.place = room.places[(at + 1) % room.places.length].address;
    tell();
  });

  // A browser has few connections to a server: of its windows those listen in which a presenter's view is or was open.
  function join_in() {
    const code = kept((store) => store.getItem(KEPT));
    if (!code || room) return;
    kept((store) => store.setItem(HERE, "yes"), "sessionStorage");
    listen(code);
  }
  const is_here = () => follows || kept((store) => store.getItem(HERE), "sessionStorage");
  window.addEventListener("storage", ({key, newValue}) => { // another window of this browser opened the room, or ended it
    if (key !== KEPT || newValue === (room?.code ?? null)) return;
    if (!newValue) forget();
    else if (is_here()) listen(newValue);
  });
  window.addEventListener("pushpull:stage", () => { if ("staged" in document.body.dataset) join_in(); });
  if (is_here()) join_in();
  if (window.pushpull.opens_room) setTimeout(() => { // as the command opens the page
    if (window.location.hash) window.history.replaceState(window.history.state, "", window.location.href.split("#")[0]);
    document.querySelector("[data-present]")?.click();
    box.open();
    make_room();
  });
  return {open: make_room, close: end, put, undo, hide, state, show: box.toggle, shut: box.shut};
}
