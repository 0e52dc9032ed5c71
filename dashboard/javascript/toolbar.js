// The toolbar: corridor, package, steps back and forth, files, link, language and theme.

import {make, patch_children} from "./dom.js";
import {download, pixels} from "./exports.js";
import {opened} from "./model.js";

const LARGEST = 100000;
const BETWEEN_WRITINGS = 350; // milliseconds: Safari takes a hundred addresses in half a minute

function address(model) {
  const url = new URL(window.location.href);
  url.search = ""; url.hash = "";
  if (model.shown.link) url.searchParams.set("state", model.shown.link);
  return url.href;
}

async function copy(text, root) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = make("textarea", {value: text, class: "unseen"});
  root.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function bytes(base64) {
  return new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], {type: "application/octet-stream"});
}

export function render({model: bare, el}) {
  const model = opened(bare);
  const words = model.words;
  const choice = (title, key, send) => {
    const select = make("select", {"data-choice": key, onchange: () => {
      send(select.value);
      if (window.pushpull.lost) show(); // what was not taken is not shown as if it were
    }});
    return [select, make("label", {class: "choice"}, title, select)];
  };
  const [corridor, corridors] = choice(words.corridor, "corridor", (name) => model.send_msg({corridor: name}));
  const [package_, packages] = choice(words.package, "package", (name) => model.send_msg({package: name}));
  const [language, languages] = choice(words.language, "language", (code) => {
    // The page of another language is found by the address, which would lose what it cannot hold.
    if (model.shown.link) return model.send_msg({language: code});
    language.value = words.code;
  });
  const button = (key, title, hint, act) =>
    make("button", {type: "button", class: "button", title: hint, "data-do": key, onclick: act}, title);
  const send = (key) => () => model.send_msg({do: key});
  const undo = button("undo", words.undo, words.undo, send("undo"));
  const redo = button("redo", words.redo, words.redo, send("redo"));
  const replay = button("replay", words.replay, words.replay_hint, send("replay"));
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
    take_along("pack");
  });
  // The server puts the address into what is taken along, so that it leads back here.
  const take_along = (what) => model.send_msg({do: what, at: window.location.origin + window.location.pathname});
  const keep = button("folder", words.folder, words.folder_hint, send("folder"));
  const files = menu("files", words.files, [
    button("save", words.save, words.save_hint, send("save")),
    button("load", words.load, words.load_hint, () => file.click()),
    button("keep", words.keep, words.keep_hint, send("keep")),
    button("brief", words.brief, words.brief_hint, () => take_along("brief")),
    button("word", words.word, words.word_hint, () => take_along("word")),
    keep,
    folder,
  ]);
  const status = make("span", {class: "unseen", role: "status"});
  const link = button("link", words.link, words.link_hint, async () => {
    await copy(address(model), el);
    link.textContent = status.textContent = words.copied;
    setTimeout(() => { link.textContent = words.link; status.textContent = ""; }, 1800);
  });
  const dark = button("theme", words.theme, words.theme, () => model.send_msg({dark: !model.shown.dark}));
  const leave = words.signed_in
    ? make("a", {class: "button", href: "logout", title: words.sign_out_hint, "data-do": "sign-out"}, words.sign_out)
    : null;
  const long = make("p", {class: "long", role: "status", hidden: true}, words.too_long,
    make("button", {type: "button", class: "button", "data-do": "save-long", onclick: send("save")}, words.save));
  el.append(make("div", {class: "toolbar", role: "toolbar", "aria-label": words.name}, corridors, packages,
    make("div", {class: "actions"}, undo, redo, replay, menu("reset", words.reset, resets)),
    make("div", {class: "actions end"}, files, link, pack, languages, dark, leave ?? "", file, status)), long);

  const options = (select, entries, value) => {
    const wanted = JSON.stringify(entries);
    if (select.dataset.entries !== wanted) {
      select.replaceChildren(...entries.map(([key, title]) => make("option", {value: key}, title)));
      select.dataset.entries = wanted;
    }
    select.value = value;
  };
  // The address follows the state, so that a reload and a bookmark bring it back: at once after a pause, but no oftener
  // than browsers allow. It stays as it was where a state is longer than an address may be.
  let timer = null, written = -Infinity;
  window.pushpull.address = () => (model.shown.link ? address(model) : null);
  function write() {
    clearTimeout(timer);
    timer = null;
    written = performance.now();
    const wanted = window.pushpull.address();
    if (wanted !== null && wanted !== window.location.href) window.history.replaceState(null, "", wanted);
  }
  function follow() {
    const wait = written + BETWEEN_WRITINGS - performance.now();
    if (wait <= 0) write();
    else timer ??= setTimeout(write, wait);
  }
  function show() {
    const shown = model.shown;
    if (shown.language && shown.language !== words.code) return window.location.assign(address(model));
    options(corridor, shown.corridors ?? [], shown.corridor);
    options(package_, shown.packages ?? [], shown.package);
    options(language, Object.entries(words.languages), shown.language);
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
    link.disabled = shown.link === null;
    follow();
  }
  model.on("shown", show);
  model.on("msg:custom", async (message) => {
    if (message.save?.base64) download(message.save.name, bytes(message.save.base64));
    else if (message.save) download(message.save.name, message.save.text, message.save.type ?? "application/yaml");
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
