// A phone's place in a room: it takes its seat, hears what lies on the table and sends answers. It comes back by itself, to the
// same seat, however it went: the browser keeps who it is where no script reads it.

const WAIT = 1000, REFUSED_WAIT = 3000, SILENCE = 25000, STALE = 12000; // milliseconds

// `heard(kind, told)` is called with: seat, table, own, pocket, new_group, ended, no_room, refused, lost, back.
export function connection(base, code, heard) {
  let stream = null, timer = null, last = 0, is_over = false, is_coming = false;
  const address = (part) => `${base}${code}/${part}`;

  async function post(part, sent) {
    const answer = await fetch(address(part), {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(sent),
      cache: "no-store", signal: AbortSignal.timeout?.(10000)}).catch(() => null);
    if (!answer) return {status: 0};
    return {status: answer.status, ...(await answer.json().catch(() => ({})))};
  }
  function hang_up() {
    stream?.close();
    stream = null;
  }
  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(come, wait * (1 + Math.random() / 2));
  }
  async function come(anew = false) {
    if (is_over || is_coming) return;
    is_coming = true;
    clearTimeout(timer);
    hang_up();
    const told = await post("join", {anew});
    is_coming = false;
    if (told.status === 200) {
      heard("seat", told);
      return listen();
    }
    if (told.refused === "new_group") return heard("new_group", {});
    if (told.status === 404 || told.status === 410) return over(told.status === 404 ? "no_room" : "ended");
    if (told.refused) heard("refused", told);
    else heard("lost", {});
    later(told.refused ? REFUSED_WAIT : WAIT);
  }
  function over(kind) {
    is_over = true;
    hang_up();
    clearTimeout(timer);
    heard(kind, {});
  }
  function listen() {
    last = Date.now();
    const mine = stream = new EventSource(address("events"));
    const on = (kind, act) => mine.addEventListener(kind, ({data}) => {
      if (mine !== stream) return;
      last = Date.now();
      act?.(JSON.parse(data));
    });
    mine.onopen = () => { if (mine === stream) { last = Date.now(); heard("back", {}); } };
    mine.onerror = () => {
      if (mine !== stream) return;
      heard("lost", {});
      if (mine.readyState === EventSource.CLOSED) { // refused: who it is, or whether the room is there, must be asked anew
        hang_up();
        later(WAIT);
      }
    };
    on("table", (told) => heard("table", told));
    on("own", (told) => heard("own", told));
    on("pocket", (told) => heard("pocket", told));
    on("beat");
    on("new_group", () => heard("new_group", {}));
    on("ended", () => over("ended"));
  }
  // A phone that slept has a connection that looks open and is not.
  const look = () => {
    if (is_over || document.visibilityState !== "visible" || Date.now() - last < (stream ? STALE : 0)) return;
    if (stream || !timer) come();
  };
  for (const kind of ["online", "pageshow"]) window.addEventListener(kind, look);
  document.addEventListener("visibilitychange", look);
  setInterval(() => { if (stream && Date.now() - last > SILENCE) come(); }, 5000);
  return {come, answer: (sent) => post("answer", sent)};
}
