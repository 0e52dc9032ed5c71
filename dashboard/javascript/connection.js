import {$, make} from "./dom.js";

// The connection is lost: say so wherever one has scrolled to, and come back once the server has room. What is set or
// looked at meanwhile is set then; whatever else is tried is told to be in vain.
export function watch(words) {
  const bar = $("connection");
  const sign_in = make("a", {href: "login", target: "_blank", rel: "noopener"}, words.sign_in);
  const tell = (said, passing = false) => {
    bar.replaceChildren(...(said === words.signed_out ? [said, " ", sign_in] : [said]));
    bar.hidden = false;
    clearTimeout(bar.timer);
    if (passing) bar.timer = setTimeout(() => { bar.hidden = true; }, 8000);
  };
  if (window.pushpull.brought) tell(words.sent_again, true);
  window.pushpull.in_vain = () => tell(`${words.lost} ${words.in_vain}`);
  window.Bokeh.documents[0].on_event("connection_lost", () => {
    window.pushpull.lost = true;
    window.dispatchEvent(new Event("pushpull:lost"));
    tell(words.lost);
    window.pushpull.comeBack((how) => tell(words[{full: "full_now", signed_out: "signed_out"}[how] ?? "lost"]));
  });
}
