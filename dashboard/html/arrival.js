// Coming, staying and coming back: what holds before the page's components are there, and where they never are.
window.pushpull = (() => {
  // By this name Panel imports the scripts of components, and tells of names of modules, of which there are none.
  window.importShim = Object.assign((address) => import(address), {addImportMap() {}});

  const FIRST_WAIT = 700, LONGEST_WAIT = 8000, PATIENCE = 8000, BETWEEN_RETURNS = 60000; // milliseconds
  const LEFT = "pushpull_left", RETURNED = "pushpull_returned";
  const root = document.documentElement;
  const ready = () => root.dataset.ready === "true";

  // What one page of a tab leaves to the next; a browser that keeps nothing goes without.
  const kept = (act) => { try { return act(window.sessionStorage); } catch { return null; } };

  // Ask the server how it is, ever more seldom and never in step with other tabs; load the page anew once it holds a place
  // for this tab, so that what is shown never gives way to a page that says that there is no room, or asks who is there.
  let coming = false;
  function comeBack(tell = () => {}) {
    if (coming) return;
    coming = true;
    let wait = FIRST_WAIT, timer = null, looking = false;
    const later = () => { timer = setTimeout(look, wait * (0.5 + Math.random())); };
    async function look() {
      if (looking) return;
      looking = true;
      clearTimeout(timer);
      const answer = await fetch(new URL("health?enter", window.location.href),
        {cache: "no-store", signal: AbortSignal.timeout(PATIENCE)}).catch(() => null);
      if (answer?.ok) {
        document.cookie = "pushpull_place=held; Path=/; Max-Age=15; SameSite=Lax";
        return window.location.reload();
      }
      const status = answer && (await answer.json().catch(() => null))?.status;
      if (status === "full") anotherWorker();
      tell(["full", "signed_out"].includes(status) ? status : "lost");
      wait = Math.min(1.5 * wait, LONGEST_WAIT);
      looking = false;
      later();
    }
    window.addEventListener("online", look);
    later();
  }
  // Behind a proxy this cookie says which worker a browser goes to; without it, any.
  function anotherWorker() { document.cookie = "pushpull_worker=; Path=/; Max-Age=0; SameSite=Lax"; }

  // The page's first connection: where it is refused the page comes again once by itself, as its token may have run out;
  // where that does not help, or nothing comes at all, it says so in words.
  const Socket = window.WebSocket;
  let over = false;
  const say = () => { const box = document.getElementById("unconnected"); if (box && !ready()) box.hidden = false; };
  function refused() {
    if (ready() || over || !document.getElementById("unconnected")) return;
    over = true;
    const now = Date.now();
    if (now - (kept((store) => Number(store.getItem(RETURNED))) ?? now) < BETWEEN_RETURNS) return say();
    kept((store) => store.setItem(RETURNED, String(now)));
    comeBack(say);
  }
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", refused);
    }
  };
  window.addEventListener("unhandledrejection", refused);
  const timer = setTimeout(say, PATIENCE);
  new MutationObserver((_, observer) => {
    if (!ready()) return;
    observer.disconnect();
    clearTimeout(timer);
    window.WebSocket = Socket;
    kept((store) => store.setItem("pushpull_language", root.lang)); // for the pages for signing in and out
    kept((store) => store.removeItem(LEFT));
    const box = document.getElementById("unconnected");
    if (box) box.hidden = true;
  }).observe(root, {attributeFilter: ["data-ready"]});
  document.addEventListener("DOMContentLoaded", () => {
    const plain = document.querySelector("#unconnected [data-plain]");
    if (plain) plain.hidden = !new URLSearchParams(window.location.search).has("state");
    if (document.querySelector("[data-waits]")) {
      anotherWorker();
      comeBack((how) => { if (how === "signed_out") window.location.reload(); });
    }
  });

  // A page that is loaded anew goes on where it was left: at the address it had last, which a browser that is told to load
  // it again may not have heard of yet, and with the changes and moves that the server had not answered.
  const shared = {entered: window.location.search, follows: window.location.hash === "#follow", opens_room: window.location.hash === "#room", comeBack, lost: false, address: () => null, unanswered: {}, moves: {}, unheard: [], asked: []};
  const left = kept((store) => JSON.parse(store.getItem(LEFT)));
  const leave = (what) => kept((store) => store.setItem(LEFT, JSON.stringify(what)));
  const anew = window.performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (left?.to === window.location.href && (anew || left.moved)) {
    shared.moves = left.moves;
    shared.asked = left.asked ?? [];
  } else if (left && anew && !left.moved) {
    leave({...left, moved: true});
    window.location.replace(left.to);
  } else kept((store) => store.removeItem(LEFT));
  shared.brought = Object.keys(shared.moves).length + shared.asked.length > 0;
  window.addEventListener("pagehide", () => {
    if (!ready()) return;
    const moves = {};
    for (const [panel, unanswered] of Object.entries(shared.unanswered))
      if (unanswered().length) moves[panel] = unanswered();
    const asked = shared.unheard.slice(-100).map(({heard, ...message}) => message);
    leave({to: shared.address() ?? window.location.href, moves, asked});
  });
  return shared;
})();
