// The documents: the theme of the simulator or of the system, contents that stand open on wide screens, and the search.

(() => {
  const chosen = /(?:^|; )pushpull_theme=(dark|light)/.exec(document.cookie)?.[1];
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const dress = () => { document.documentElement.dataset.theme = chosen ?? (dark.matches ? "dark" : "light"); };
  dress();
  dark.addEventListener("change", dress);
})();

const MOST = 20;  // of what is found

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Words that are found in a title count more than those in a text; every word must be found.
function score([, page, title, text], words) {
  let sum = 0;
  for (const word of words) {
    const at = plain(title).includes(word) ? 8 : plain(page).includes(word) ? 3 : plain(text).includes(word) ? 1 : 0;
    if (!at) return 0;
    sum += at + (plain(title).startsWith(word) ? 4 : 0);
  }
  return sum;
}

function excerpt(text, words) {
  const at = Math.max(0, plain(text).indexOf(words[0]) - 40);
  return (at ? "… " : "") + text.slice(at, at + 140) + (text.length > at + 140 ? " …" : "");
}

// What can be found is fetched when the box is first used: a script, since pages that are opened as files may not ask.
let fetching = null;
function words_there() {
  fetching ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = "words.js";
    script.onload = () => done(window.pushpullWords);
    document.head.append(script);
  });
  return fetching;
}

function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function searching(box, list) {
  async function look() {
    const words = plain(box.value).split(/\s+/).filter((word) => word.length > 1);
    if (!words.length) { list.hidden = true; return; }
    const asked = box.value, every = await words_there();
    if (asked !== box.value) return;
    const found = every.map((entry) => [score(entry, words), entry]).filter(([points]) => points);
    found.sort(([one], [other]) => other - one);
    list.replaceChildren(...found.slice(0, MOST).map(([, [address, page, title, text]]) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = address;
      link.append(made("b", title), made("small", page === title ? "" : page), made("small", excerpt(text, words)));
      item.append(link);
      return item;
    }));
    if (!found.length) { const item = document.createElement("li"); item.append(made("p", box.dataset.none)); list.append(item); }
    list.hidden = false;
  }
  const links = () => [...list.querySelectorAll("a")];
  box.addEventListener("focus", words_there);
  box.addEventListener("input", look);
  box.parentElement.addEventListener("keydown", (event) => {
    const all = links(), at = all.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1}[event.key];
    if (event.key === "Escape") { list.hidden = true; box.focus(); }
    else if (event.key === "Enter" && at < 0 && all.length) all[0].click();
    else if (to !== undefined) { event.preventDefault(); (to < 0 ? box : all[Math.min(to, all.length - 1)] ?? box).focus(); }
  });
  list.addEventListener("click", () => { list.hidden = true; });
  document.addEventListener("click", ({target}) => { if (!box.parentElement.contains(target)) list.hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.activeElement === box) return;
    event.preventDefault();
    box.focus();
  });
  const asked = new URLSearchParams(window.location.search).get("q");
  if (asked) { box.value = asked; box.focus(); look(); }
}

document.addEventListener("DOMContentLoaded", () => {
  const contents = document.querySelector(".contents details"), wide = window.matchMedia("(min-width: 900px)");
  const open = () => { if (contents) contents.open = wide.matches; };
  open();
  wide.addEventListener("change", open);
  const box = document.getElementById("search");
  if (box) searching(box, document.getElementById("found"));
});
