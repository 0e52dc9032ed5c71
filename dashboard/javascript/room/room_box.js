// Where phones join, as a room sees it: a strip that stays on the presenter's view, and all of the screen on a key.

import {$, make} from "../dom.js";

const spaced = (code) => `${code.slice(0, 3)}\u2009${code.slice(3)}`;
const drawn = ({address, qr}, words) =>
  make("img", {src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(qr)}`, alt: words.qr.replace("{address}", address)});
const plain = (address) => address.replace(/^http:\/\//, "").replace(/\/[^/]*$/, ""); // what one types: the code is asked for there

export function room_box(words, acts) {
  const strip = make("aside", {class: "room-strip", hidden: true, "aria-label": words.title});
  const place = make("div", {class: "room-place"}), leads = make("div", {class: "room-acts"}), reasons = make("div", {class: "room-reasons"});
  const said = make("p", {class: "room-said", role: "status"});
  const large = make("div", {class: "room-large", hidden: true, role: "dialog", "aria-label": words.name, tabIndex: -1}, place, reasons, said, leads);
  const button = (name, act, more = {}) => make("button", {type: "button", class: "button", onclick: act, ...more}, words[name]);
  let now = null, from = null, other_place = () => {}, is_sure = false, painted = "";
  $("stage").append(strip, large);

  const count = () => words.phones.replace("{count}", now.seats ?? 0) + (now.shut ? ` \u00b7 ${words.is_shut}` : "");
  function paint() {
    strip.hidden = !now;
    const is_same = JSON.stringify([now?.address, now?.code, now?.reachable, now?.others]);
    if (painted !== is_same) {
      painted = is_same;
      strip.replaceChildren(...(now ? [make("div", {}, make("p", {}, plain(now.address)), make("p", {class: "code"}, spaced(now.code)), make("p", {class: "here"})), drawn(now, words)] : []));
      place.replaceChildren(...(now ? [drawn(now, words), make("div", {}, make("h2", {}, words.title), make("p", {}, words.scan), make("p", {class: "address"}, plain(now.address)),
        make("p", {}, words.code), make("p", {class: "code"}, spaced(now.code)), make("p", {class: "here"}), ...(now.reachable ? [] : [make("p", {class: "warning"}, words.unreachable)]))]
        : [make("div", {}, make("h2", {}, words.name), make("p", {}, words.explain), acts.follows ? "" : button("open", acts.make_room))]));
    }
    for (const each of [...strip.querySelectorAll(".here"), ...place.querySelectorAll(".here")]) each.textContent = now.is_lost ? words.lost : count();
    if (large.hidden) return;
    paint_acts();
    paint_reasons();
  }
  function paint_acts() {
    if (acts.follows) return;
    const shown = [
      ...(now ? [
        ...(now.others ? [button("another", () => other_place())] : []),
        make("a", {class: "button", href: acts.file(), download: ""}, words.take),
        ...(now.pocket === "none" ? [] : [button(now.pocket === "on" ? "pocket_off" : "pocket_on", () => acts.pocket(now.pocket !== "on"))]),
        button(now.shut ? "let_in" : "shut", () => acts.shut(!now.shut)),
        button(now.can_undo ? "undo" : "new_group", () => (now.can_undo ? acts.undo() : acts.new_group())),
        button(is_sure ? "end_sure" : "end", () => { if (is_sure) acts.end(); is_sure = !is_sure; paint(); }),
      ] : []),
      button("close", shut)];
    if (leads.textContent !== shown.map((each) => each.textContent).join("")) leads.replaceChildren(...shown);
  }
  // What people wrote, so that a single text can be hidden from all.
  function paint_reasons() {
    const text = ({value}) => (typeof value === "string" ? value : value?.why) ?? "";
    const told = ["why", "proposal"].includes(now?.slip?.kind) ? now.answers.filter((each) => text(each)) : [];
    reasons.hidden = !told.length || acts.follows;
    reasons.replaceChildren(...(reasons.hidden ? [] : [make("h3", {}, words.reasons), make("ul", {}, ...told.map((each) => {
      const is_hidden = now.hidden.includes(each.seat);
      return make("li", {}, make("span", {}, is_hidden ? "\u2013" : text(each)),
        make("button", {type: "button", class: "button", "data-seat": each.seat, "aria-label": `${words[is_hidden ? "show" : "hide"]} ${each.seat}`, onclick: () => acts.hide(each.seat, !is_hidden)},
          words[is_hidden ? "show" : "hide"]));
    }))]));
  }
  function open() {
    if (!large.hidden) return;
    from = document.activeElement;
    large.hidden = false;
    is_sure = false;
    said.textContent = "";
    paint();
    large.focus();
  }
  function shut() {
    if (large.hidden) return false;
    large.hidden = true;
    (from?.isConnected ? from : $("stage")).focus?.();
    return true;
  }
  paint();
  return {
    open, shut, toggle: () => { if (!shut()) open(); }, on_place: (act) => { other_place = act; },
    tell: (text) => { said.textContent = text; },
    show: (state) => { now = state; if (!now) is_sure = false; paint(); },
  };
}
