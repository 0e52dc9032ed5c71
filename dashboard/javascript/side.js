// The panel of levers as a whole: the box that finds a lever or an outcome, and the sheet that holds it on a phone.

import {$, make} from "./dom.js";

const MOST = 8;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The entries that hold every word typed; those that hold them in their title come first.
export function found(entries, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const holds = (text) => words.every((word) => text.includes(word));
  const told = entries.map((entry) => [entry, plain(entry[2]), plain(entry.slice(2).join(" "))]);
  const ranked = [...told.filter(([, title]) => holds(title)), ...told.filter(([, title, all]) => !holds(title) && holds(all))];
  return ranked.map(([entry]) => entry).slice(0, MOST);
}

export function side(model) {
  const words = model.words.side, find = $("find"), list = $("found"), sheet = $("sheet");
  const open = (wanted) => {
    document.body.dataset.sheet = wanted ? "open" : "";
    sheet.setAttribute("aria-expanded", String(wanted));
    sheet.textContent = wanted ? words.close : words.sheet;
    window.dispatchEvent(new Event("resize"));
  };
  const go = ([kind, id]) => {
    find.value = "";
    show();
    if (kind === "outcome") return model.send_msg({page: "overview", focus: id});
    open(true);
    window.dispatchEvent(new CustomEvent("pushpull:find", {detail: id}));
  };
  function show() {
    const entries = found(model.words.found, find.value);
    list.hidden = !find.value.trim();
    const rows = entries.map((entry) => make("li", {}, make("button", {type: "button", onclick: () => go(entry)},
      entry[2], make("small", {}, " " + entry[3]))));
    list.replaceChildren(...(rows.length ? rows : [make("li", {class: "none"}, words.none_found)]));
  }
  find.addEventListener("input", show);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
    if (event.key === "Escape") { find.value = ""; show(); }
    if (event.key === "ArrowDown" && list.querySelector("button")) { event.preventDefault(); list.querySelector("button").focus(); }
  });
  list.addEventListener("keydown", (event) => {
    const jump = {ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling"}[event.key];
    const next = jump && document.activeElement.closest("li")?.[jump]?.querySelector("button");
    if (jump) { event.preventDefault(); (next ?? (jump === "previousElementSibling" ? find : document.activeElement)).focus(); }
    if (event.key === "Escape") { find.value = ""; show(); find.focus(); }
  });
  sheet.addEventListener("click", () => open(document.body.dataset.sheet !== "open"));
  document.querySelector(".skip").addEventListener("click", () => open(true));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.sheet === "open" && $("levers").contains(document.activeElement)) {
      open(false);
      sheet.focus();
    }
  });
}
