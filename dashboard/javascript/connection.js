import {$} from "./dom.js";

// The connection is lost: say so wherever one has scrolled to, and come back once the server answers. Levers may be moved
// meanwhile, and are set then; whatever else is tried is told to be in vain.
export function watch(words) {
  const bar = $("connection");
  const tell = (said, passing = false) => {
    bar.textContent = said;
    bar.hidden = false;
    clearTimeout(bar.timer);
    if (passing) bar.timer = setTimeout(() => { bar.hidden = true; }, 8000);
  };
  const {moves} = window.pushpull;
  if (Object.keys(moves).length) tell(words.sent_again, true);
  window.pushpull.in_vain = () => tell(`${words.lost} ${words.in_vain}`);
  window.Bokeh.documents[0].on_event("connection_lost", () => {
    window.pushpull.lost = true;
    tell(words.lost);
    window.pushpull.comeBack((how) => tell(words[how === "full" ? "full_now" : "lost"]));
  });
}
