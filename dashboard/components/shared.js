// Elements are made with their text as text, so that nothing a file or a link says can become markup.
function make(tag, properties = {}, ...children) {
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
function patch(held, wanted) {
  for (const {name, value} of wanted.attributes)
    if (name !== "open" && held.getAttribute(name) !== value) held.setAttribute(name, value);
  for (const {name} of [...held.attributes])
    if (name !== "open" && !wanted.hasAttribute(name)) held.removeAttribute(name);
  patch_children(held, wanted);
  if (held.tagName === "INPUT" && held !== held.getRootNode().activeElement) held.value = wanted.value;
  if (held.tagName === "INPUT") held.checked = wanted.checked;
  if (held.tagName === "SELECT") held.value = wanted.value;
}

function patch_children(held, wanted) {
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
const paired = (words, name, value) =>
  words.pair.replace(/\{(name|value)\}/g, (_, place) => (place === "name" ? name : value));

// The component's plain values, which come as JSON texts, under their own names; each text is opened once.
function opened(bare) {
  const on = (name, act) => bare.on(name.startsWith("msg:") ? name : name + "_text", act);
  // Without a connection moves wait (`Turns` in levers.js), and the page says of the rest that it cannot be done now.
  const send_msg = (message) => {
    if (!message.release) window.dispatchEvent(new Event("pushpull:sent"));
    if (!window.pushpull.lost) bare.send_msg(message);
    else if (!message.moves && !message.release) window.pushpull.in_vain();
  };
  const model = {on, send_msg};
  for (const name of ["words", "shown", "groups", "leaves", "summaries"]) {
    let text, values;
    Object.defineProperty(model, name, {get() {
      const now = bare[name + "_text"];
      if (now !== text) [text, values] = [now, JSON.parse(now)];
      return values;
    }});
  }
  return model;
}

function download(name, content, type = "text/plain") {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const anchor = make("a", {href: url, download: name});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A drawing as a picture of pixels, twice as fine as it stands: drawn by the browser, without any other program.
async function pixels(svg) {
  const image = new Image();
  const [, , width, height] = /viewBox="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"/.exec(svg).slice(1).map(Number);
  const sized = svg.replace("<svg ", `<svg width="${width}" height="${height}" `);
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(sized);
  await image.decode();
  const canvas = make("canvas", {width: 2 * width, height: 2 * height});
  const ground = canvas.getContext("2d");
  ground.fillStyle = "#ffffff";
  ground.fillRect(0, 0, canvas.width, canvas.height);
  ground.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
