"""The toolbar: corridor, package, steps back and forth, files, link and theme."""

from __future__ import annotations

from .base import SHARED, Component


class Toolbar(Component):
    """Sends `{corridor}`, `{package}`, `{do: undo, redo, reset or save}`, `{file: {name, text}}`,
    `{large: name}` and `{dark}`.

    The file to save comes as a message `{save: {name, text}}`. The link is `shown.link`.
    """

    _esm = (
        SHARED
        + """
const LARGEST = 1000000;

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

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], {type: "application/yaml"}));
  const anchor = make("a", {href: url, download: name});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function render({model, el}) {
  const words = model.words;
  const choice = (title, key, send) => {
    const select = make("select", {"data-choice": key, onchange: () => send(select.value)});
    return [select, make("label", {class: "choice"}, title, select)];
  };
  const [corridor, corridors] = choice(words.corridor, "corridor", (name) => model.send_msg({corridor: name}));
  const [package_, packages] = choice(words.package, "package", (name) => model.send_msg({package: name}));
  const button = (key, title, hint, act) =>
    make("button", {type: "button", class: "button", title: hint, "data-do": key, onclick: act}, title);
  const send = (key) => () => model.send_msg({do: key});
  const undo = button("undo", words.undo, words.undo, send("undo"));
  const redo = button("redo", words.redo, words.redo, send("redo"));
  const reset = button("reset", words.reset, words.reset_hint, send("reset"));
  const save = button("save", words.save, words.save_hint, send("save"));
  const file = make("input", {type: "file", accept: ".yaml,.yml", hidden: true, "aria-label": words.load});
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    if (chosen.size > LARGEST) model.send_msg({large: chosen.name});
    else model.send_msg({file: {name: chosen.name, text: await chosen.text()}});
    file.value = "";
  });
  const load = button("load", words.load, words.load_hint, () => file.click());
  const status = make("span", {class: "unseen", role: "status"});
  const link = button("link", words.link, words.link_hint, async () => {
    await copy(address(model), el);
    link.textContent = status.textContent = words.copied;
    setTimeout(() => { link.textContent = words.link; status.textContent = ""; }, 1800);
  });
  const dark = button("theme", words.theme, words.theme, () => model.send_msg({dark: !model.shown.dark}));
  el.append(make("div", {class: "toolbar", role: "toolbar", "aria-label": words.name}, corridors, packages,
    make("div", {class: "actions"}, undo, redo, reset, save, load, link, dark, file, status)));

  const options = (select, entries, value) => {
    const wanted = JSON.stringify(entries);
    if (select.dataset.entries !== wanted) {
      select.replaceChildren(...entries.map(([key, title]) => make("option", {value: key}, title)));
      select.dataset.entries = wanted;
    }
    select.value = value;
  };
  let timer = null;
  function show() {
    const shown = model.shown;
    options(corridor, shown.corridors ?? [], shown.corridor);
    options(package_, shown.packages ?? [], shown.package);
    package_.title = shown.package_question ?? "";
    [undo.disabled, redo.disabled] = [!shown.can_undo, !shown.can_redo];
    reset.disabled = !shown.can_reset;
    dark.setAttribute("aria-pressed", String(Boolean(shown.dark)));
    // The address follows the state, so that a reload and a bookmark bring it back.
    clearTimeout(timer);
    timer = setTimeout(() => window.history.replaceState(null, "", address(model)), 300);
  }
  model.on("shown", show);
  model.on("msg:custom", (message) => { if (message.save) download(message.save.name, message.save.text); });
  show();
}
"""
    )
