// The head of the page: which corridor, which language, light or dark, print, links.

import {make} from "../dom.js";

const THEME = "pushpull_theme";

export function theme_now() { return document.documentElement.dataset.theme; }

export function turn_theme() {
  document.documentElement.dataset.theme = theme_now() === "dark" ? "light" : "dark";
  try { localStorage.setItem(THEME, theme_now()); } catch { /* a browser that keeps nothing */ }
}

// `shown`: {corridors: [[id, title]], corridor, languages, language, illustrative}; `act` hears {corridor}, {language},
// {open: text}; `address` gives the address of what is shown; `present` and `choose_story` begin the presenter's view.
export function head(words, shown, {act, address, present, choose_story}) {
  const say = (key) => words.say(key);
  const choice = (label, entries, chosen, chose) => {
    const select = make("select", {"aria-label": label, title: label, onchange: () => chose(select.value)},
      ...entries.map(([id, title]) => make("option", {value: id, selected: id === chosen}, title)));
    return select;
  };
  const theme = make("button", {type: "button", class: "button theme", title: say("toolbar.theme_hint"), "aria-label": say("toolbar.theme_hint"),
    "aria-pressed": String(theme_now() === "dark"), onclick: () => { turn_theme(); theme.setAttribute("aria-pressed", String(theme_now() === "dark")); }}, say("toolbar.theme"));
  const corridors = shown.corridors.length > 1
    ? choice(say("toolbar.corridor"), shown.corridors, shown.corridor, (corridor) => act({corridor})) : null;
  return make("header", {class: "top pocket-head", id: "head"}, make("span", {class: "name"}, say("page.name")),
    make("span", {class: "badge", hidden: !shown.illustrative, title: say("page.illustrative_meaning")}, say("page.illustrative")),
    make("div", {class: "does"}, corridors, choice(say("toolbar.language"), shown.languages, shown.language, (language) => act({language})), theme,
      make("button", {type: "button", class: "button presents", onclick: present}, say("stage.present")),
      make("button", {type: "button", class: "button tells", onclick: choose_story}, say("stage.buttons.stories")),
      make("button", {type: "button", class: "button prints", onclick: () => window.print()}, say("pocket.print")), links(words, act, address)));
}

// Copy the address, or open another link: one of the full simulator too.
function links(words, act, address) {
  const say = (key) => words.say(key), told = make("p", {class: "hint", role: "status"});
  const by_hand = make("input", {type: "text", readOnly: true, hidden: true, "aria-label": say("toolbar.by_hand")});
  const copied = (text) => { told.textContent = text; };
  async function copy() {
    const text = await address();
    try {
      await navigator.clipboard.writeText(text);
      by_hand.hidden = true;
      copied(say("toolbar.copied"));
    } catch {
      by_hand.value = text;
      by_hand.hidden = false;
      by_hand.select();
      copied(say("toolbar.by_hand"));
    }
  }
  const field = make("input", {type: "text", id: "open-link", autocomplete: "off", spellcheck: false});
  const open = make("form", {onsubmit: (event) => { event.preventDefault(); box.open = false; act({open: field.value}); field.value = ""; }},
    make("label", {htmlFor: "open-link"}, say("pocket.open_link")), field, make("button", {type: "submit", class: "button"}, say("pocket.open")));
  const box = make("details", {class: "links", onkeydown: (event) => { if (event.key === "Escape") { box.open = false; box.firstChild.focus(); } }},
    make("summary", {class: "button"}, say("toolbar.links")),
    make("div", {}, make("button", {type: "button", class: "button", title: say("toolbar.link_hint"), onclick: copy}, say("toolbar.link")), by_hand, told,
      make("p", {class: "hint"}, say("pocket.link_hint")), open));
  return box;
}
