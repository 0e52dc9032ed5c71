// Elements: made, drawn anew in place, and their texts.

// Elements are made with their text as text, so that nothing a file or a link says can become markup.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") element.style.cssText = value;
    else if (name in element && !name.startsWith("aria-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Make `held` say what `wanted` says and leave alone what says it already, so that what is open, focused, scrolled or about
// to be clicked stays. Elements go with their id, their `data-key` or what they send, the others with their place among
// those of their kind. What is open is up to the reader; what a control holds is up to the server, except in the
// field that is typed in.
export function patch(held, wanted) {
  for (const {name, value} of wanted.attributes)
    if (name !== "open" && held.getAttribute(name) !== value) held.setAttribute(name, value);
  for (const {name} of [...held.attributes])
    if (name !== "open" && !wanted.hasAttribute(name)) held.removeAttribute(name);
  if (!wanted.hasAttribute("data-live")) patch_children(held, wanted); // what is drawn by others is theirs
  if (held.tagName === "INPUT" && held !== held.getRootNode().activeElement) held.value = wanted.value;
  if (held.tagName === "INPUT") held.checked = wanted.checked;
  if (held.tagName === "SELECT") held.value = wanted.value;
}

export function patch_children(held, wanted) {
  const key = (node) => node.id || node.nodeName + (node.dataset?.key ?? node.dataset?.send ?? "");
  const free = new Map();
  for (const node of held.childNodes) free.set(key(node), [...(free.get(key(node)) ?? []), node]);
  const pairs = [...wanted.childNodes].map((fresh) => {
    const old = free.get(key(fresh))?.shift();
    return [old?.nodeName === fresh.nodeName ? old : null, fresh];
  });
  // What goes, goes first, so that the rest need not move.
  const staying = new Set(pairs.map(([old]) => old));
  for (const node of [...held.childNodes]) if (!staying.has(node)) node.remove();
  let next = held.firstChild;
  for (const [old, fresh] of pairs) {
    if (old instanceof Element) patch(old, fresh);
    else if (old && old.data !== fresh.data) old.data = fresh.data;
    if (old && old === next) next = next.nextSibling;
    else held.insertBefore(old ?? fresh, next);
  }
}

// A name and what goes with it, with the colon as the language of the page writes it.
export const paired = (words, name, value) =>
  words.pair.replace(/\{(name|value)\}/g, (_, place) => (place === "name" ? name : value));

// An element of the page around the components, by its id.
export const $ = (id) => document.getElementById(id);
