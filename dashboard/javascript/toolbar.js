// The toolbar: corridor, package, steps back and forth, files, link, language and theme.

import {make, patch_children} from "./dom.js";
import {answered, pixels, save} from "./exports.js";
import {heard, opened} from "./model.js";

const LARGEST = 100000;
const BETWEEN_WRITINGS = 350; // milliseconds: Safari takes a hundred addresses in half a minute

function address(model, link = model.shown.link) {
  const url = new URL(window.location.href);
  url.search = ""; url.hash = "";
  if (link) url.searchParams.set("state", link);
  return url.href;
}

// Copy a text; whether the browser let it.
async function copy(text, root) {
  if (navigator.clipboard && window.isSecureContext)
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = make("textarea", {value: text, class: "unseen"});
  root.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

// The two links to the page as it stands: the full one, and one of a few letters that the server keeps.
function link_buttons(model, el, button, status) {
  const {words} = model;
  const by_hand = make("p", {class: "long", role: "status", hidden: true});
  async function give(text) {
    const done = await copy(text, el);
    by_hand.hidden = done;
    by_hand.replaceChildren(...(done ? [] : [words.by_hand, " ", make("code", {}, text)]));
    if (!done) return;
    made.told.textContent = status.textContent = words.copied;
    setTimeout(() => { made.told.textContent = words.links; status.textContent = ""; }, 1800);
  }
  const full = button("link", words.link, words.link_hint, () => give(address(model, model.shown.copied_link ?? model.shown.link)));
  const short = button("short-link", words.short_link, words.short_link_hint, () => model.send_msg({do: "short_link"}));
  model.on("msg:custom", ({copy: path}) => {
    if (path) give(new URL(path, window.location.href).href);
  });
  const made = {full, short, by_hand, told: null}; // `told` says for a moment that a link is copied
  return made;
}

// The name of the scenario, behind a button; what shows it as it is now, and the menu.
function name_menu(model, menu) {
  const {words} = model;
  const field = make("input", {type: "text", maxLength: words.longest_name, autocomplete: "off", dir: "auto",
    placeholder: words.unnamed, "data-choice": "name"});
  field.addEventListener("change", () => model.send_msg({rename: field.value, place: -1}));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // else it opens the menu again
    summary.focus();
    whole.open = false;
  });
  const whole = menu("name", "\u270e", [make("label", {}, words.scenario_name, field),
    make("button", {type: "button", class: "button", "data-do": "name"}, words.name_done)]);
  const summary = whole.querySelector("summary");
  whole.addEventListener("toggle", () => { if (whole.open) field.select(); });
  return [(name) => {
    if (field.getRootNode().activeElement !== field) field.value = name ?? "";
    summary.title = name ? `${words.scenario_name}: ${name}` : words.scenario_name;
    summary.setAttribute("aria-label", summary.title);
  }, whole];
}

// The address follows the state, so that a reload and a bookmark bring it back. Each step is an entry of the browser's
// history, to which Back and Forward lead; moves of one hand are one step, whose address follows at once after a pause,
// but no oftener than browsers allow. It stays as it was where a state is longer than an address may be.
function addresses(model) {
  let timer = null, wanted = null, written = -Infinity, step = null, visited = null;
  window.pushpull.address = () =>
    (visited !== null ? window.location.href : model.shown.link ? address(model) : null);
  function write(how = "replaceState") {
    clearTimeout(timer);
    timer = null;
    written = performance.now();
    if (wanted !== null && wanted !== window.location.href) window.history[how](null, "", wanted);
  }
  window.addEventListener("popstate", () => {
    const link = new URL(window.location.href).searchParams.get("state") ?? "";
    clearTimeout(timer);
    timer = null;
    if (window.pushpull.lost || link === model.shown.link) return;
    visited = link;
    model.send_msg({visit: link});
  });
  return () => {
    const {shown} = model, is_new = step !== null && step !== shown.step;
    // Until the page is where the browser went, nothing is written over that entry.
    if (visited !== null && !is_new && shown.link !== visited) return;
    visited = null;
    step = shown.step;
    if (is_new && timer !== null) write();
    wanted = window.pushpull.address();
    const wait = written + BETWEEN_WRITINGS - performance.now();
    if (is_new) write("pushState");
    else if (wait <= 0) write();
    else timer ??= setTimeout(write, wait);
  };
}

// The line that always says how the page stands: connected, working or lost. Work that is short is not told.
const WORTH_TELLING = 500; // milliseconds
function state_line(bare, words) {
  const line = make("span", {class: "connection-state", role: "status"});
  let timer = null;
  const tell = (state) => {
    if (line.dataset.state === state) return;
    line.dataset.state = state;
    line.textContent = words.states[state];
  };
  const is_working = () => bare.working || Object.values(window.pushpull.unanswered).some((moves) => moves().length);
  function look() {
    clearTimeout(timer);
    if (window.pushpull.lost) return tell("lost");
    if (!is_working()) return tell("connected");
    timer = setTimeout(() => {
      if (!window.pushpull.lost && is_working()) tell("working");
      look();
    }, WORTH_TELLING);
  }
  bare.on("working", look);
  for (const event of ["pushpull:lost", "pushpull:sent"]) window.addEventListener(event, look);
  tell("connected");
  look();
  return line;
}

// Ctrl or Cmd with Z undoes the settings, with Shift it makes them again; within a text it is the text's own.
function shortcuts(undo, redo) {
  const TYPED = "textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=file])";
  undo.setAttribute("aria-keyshortcuts", "Control+Z Meta+Z");
  redo.setAttribute("aria-keyshortcuts", "Control+Shift+Z Meta+Shift+Z");
  document.addEventListener("keydown", (event) => {
    const is_ours = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
    if (!is_ours || event.composedPath()[0].closest?.(TYPED)) return;
    event.preventDefault();
    (event.shiftKey ? redo : undo).click();
  });
}

export function render({model: bare, el}) {
  const model = opened(bare);
  const words = model.words;
  const choice = (title, key, send) => {
    const select = make("select", {"data-choice": key, onchange: () => send(select.value)});
    return [select, make("label", {class: "choice"}, title, select)];
  };
  const [corridor, corridors] = choice(words.corridor, "corridor", (name) => model.send_msg({corridor: name}));
  const [package_, packages] = choice(words.package, "package", (name) => model.send_msg({package: name}));
  const [language, languages] = choice(words.language, "language", (code) => {
    // The page of another language is found by the address, which would lose what it cannot hold.
    if (model.shown.link) model.send_msg({language: code});
    if (!model.shown.link || window.pushpull.lost) language.value = words.code; // not taken, so not shown as if it were
  });
  const button = (key, title, hint, act) =>
    make("button", {type: "button", class: "button", title: hint, "data-do": key, onclick: act}, title);
  const send = (key) => () => model.send_msg({do: key});
  const sign = (key, title, drawn) => {
    const made = button(key, drawn, title, send(key));
    made.setAttribute("aria-label", title);
    return made;
  };
  const undo = sign("undo", words.undo, "\u21b6"), redo = sign("redo", words.redo, "\u21b7");
  const replay = sign("replay", words.replay, "\u21c4");
  replay.title = words.replay_hint;
  const file = make("input", {type: "file", accept: ".yaml,.yml", hidden: true, "aria-label": words.load});
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    if (chosen.size > LARGEST) model.send_msg({large: chosen.name});
    else model.send_msg({file: {name: chosen.name, text: await chosen.text()}});
    file.value = "";
  });
  const menus = [];
  const menu = (key, title, entries) => {
    const inner = make("div", {class: "list"}, ...entries);
    const whole = make("details", {class: "menu", "data-menu": key}, make("summary", {class: "button"}, title), inner);
    inner.addEventListener("click", (event) => { if (event.target.closest("button")) whole.open = false; });
    whole.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !whole.open) return;
      whole.open = false;
      whole.querySelector("summary").focus();
    });
    whole.addEventListener("toggle", () => {
      if (whole.open) menus.filter((each) => each !== whole).forEach((each) => { each.open = false; });
    });
    menus.push(whole);
    return whole;
  };
  document.addEventListener("click", (event) => {
    if (!event.composedPath().includes(el)) menus.forEach((each) => { each.open = false; });
  });
  const resets = ["policies", "context", "both"].map((what) =>
    button("reset-" + what, words.resets[what], words.reset_hint, () => model.send_msg({reset: what})));
  const folder = make("div", {class: "folder", onclick: ({target}) => {
    const chosen = target.closest("[data-key]");
    if (chosen) model.send_msg({folder: chosen.dataset.key});
  }});
  const pack = button("pack", words.pack, words.pack_hint, () => {
    pack.disabled = true;
    pack.textContent = words.packing;
    model.send_msg({do: "pack"});
  });
  const keep = button("folder", words.folder, words.folder_hint, send("folder"));
  const files = menu("files", words.files, [
    button("save", words.save, words.save_hint, send("save")),
    button("results", words.results, words.results_hint, send("results")),
    button("load", words.load, words.load_hint, () => file.click()),
    button("keep", words.keep, words.keep_hint, send("keep")),
    button("brief", words.brief, words.brief_hint, send("brief")),
    button("word", words.word, words.word_hint, send("word")),
    make("a", {class: "button", href: "pocket/pushpull.html?take", download: "", title: words.whole_file_hint, "data-do": "whole-file"}, words.whole_file),
    keep, folder,
  ]);
  const status = make("span", {class: "unseen", role: "status"});
  const links = link_buttons(model, el, button, status);
  const dark = button("theme", "\u25d0", words.theme_hint, () => model.send_msg({dark: !model.shown.dark}));
  dark.setAttribute("aria-label", words.theme);
  const [name, named] = name_menu(model, menu);
  const leave = words.signed_in
    ? make("a", {class: "button", href: "logout", title: words.sign_out_hint, "data-do": "sign-out"}, words.sign_out)
    : null;
  const long = make("p", {class: "long", role: "status", hidden: true}, words.too_long,
    make("button", {type: "button", class: "button", "data-do": "save-long", onclick: send("save")}, words.save));
  const shared = menu("links", words.links, [links.full, links.short]);
  links.told = shared.querySelector("summary");
  // On a phone all but the choices stands behind one button.
  const rest = make("div", {class: "rest"}, make("div", {class: "actions"}, named, undo, redo, replay, menu("reset", words.reset, resets)),
    make("div", {class: "actions end"}, files, shared, pack, languages, dark, leave ?? "", file, status));
  const whole = make("button", {type: "button", class: "button whole", "aria-label": words.name, "aria-expanded": "false",
    "data-do": "whole", onclick: () => {
      const open = rest.classList.toggle("open");
      whole.setAttribute("aria-expanded", String(open));
    }}, "\u2630");
  el.append(make("div", {class: "toolbar", role: "toolbar", "aria-label": words.name}, corridors, packages, state_line(bare, words), whole, rest), long, links.by_hand);

  const options = (select, entries, value) => {
    const wanted = JSON.stringify(entries);
    if (select.dataset.entries !== wanted) {
      select.replaceChildren(...entries.map(([key, title]) => make("option", {value: key}, title)));
      select.dataset.entries = wanted;
    }
    select.value = value;
    select.title = select.selectedOptions[0]?.textContent ?? "";
  };
  const follow = addresses(model);
  shortcuts(undo, redo);
  function show() {
    const shown = model.shown;
    heard(shown.heard);
    if (shown.language && shown.language !== words.code) return window.location.assign(address(model));
    options(corridor, shown.corridors ?? [], shown.corridor);
    options(package_, shown.packages ?? [], shown.package);
    options(language, Object.entries(words.languages), shown.language);
    name(shown.name);
    [undo.disabled, redo.disabled] = [!shown.can_undo, !shown.can_redo];
    replay.disabled = !shown.can_undo || Boolean(shown.replaying);
    replay.classList.toggle("busy", Boolean(shown.replaying));
    if (status.textContent !== (shown.replaying ?? "")) status.textContent = shown.replaying ?? "";
    ["policies", "context", "both"].forEach((what, place) => { resets[place].disabled = !shown.can_reset?.[what]; });
    keep.hidden = shown.folder === null;
    const held = JSON.stringify([shown.folder ?? [], shown.folder_note]);
    if (folder.dataset.held !== held) {
      folder.dataset.held = held;
      // The direction of a name in another script ends with the name.
      const files = (shown.folder ?? []).map((name) =>
        make("button", {type: "button", class: "button", "data-key": name}, make("bdi", {}, name)));
      const note = shown.folder_note ? make("p", {class: "note"}, shown.folder_note) : null;
      patch_children(folder, make("div", {}, ...files, note));
    }
    dark.setAttribute("aria-pressed", String(Boolean(shown.dark)));
    long.hidden = shown.link !== null;
    links.full.disabled = links.short.disabled = shown.link === null;
    follow();
  }
  model.on("shown", show);
  model.on("msg:custom", async (message) => {
    if (message.taken !== undefined) return answered(message);
    if (message.save) save(message.save);
    if (message.draw) {
      const drawn = {};
      for (const [name, svg] of Object.entries(message.draw))
        drawn[name] = (await pixels(svg)).toDataURL("image/png").split(",")[1];
      model.send_msg({pictures: drawn});
    }
    if (message.packed) {
      pack.disabled = false;
      pack.textContent = words.pack;
    }
  });
  show();
}
