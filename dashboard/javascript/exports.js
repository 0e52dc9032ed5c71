// What is taken along, as a file or by the clipboard. The server makes it from what the chart shows; the browser saves
// it, draws its pixels, or copies it.

import {make} from "./dom.js";

const LEAST_WIDTH = 1920; // of a picture of pixels
const PATIENCE = 20000; // milliseconds for the server to answer
const SHOWN = 6000; // milliseconds that a message stands under a chart

function download(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const anchor = make("a", {href: url, download: name});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A file from the server: {name, type} with its text, or its bytes in base64.
export function save({name, type, text, base64}) {
  const bytes = base64 === undefined ? null : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  download(name, new Blob([bytes ?? text], {type}));
}

// A picture as pixels, drawn by the browser, without any other program.
export async function pixels(svg) {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  await image.decode();
  const scale = Math.max(2, LEAST_WIDTH / image.naturalWidth);
  const canvas = make("canvas", {width: Math.ceil(scale * image.naturalWidth), height: Math.ceil(scale * image.naturalHeight)});
  const ground = canvas.getContext("2d");
  ground.fillStyle = "#ffffff";
  ground.fillRect(0, 0, canvas.width, canvas.height);
  ground.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function png(svg) {
  const canvas = await pixels(svg);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// Each question to the server has a number, by which its answer is known.
const asked = new Map();
let questions = 0;
export function answered({taken, ...answer}) {
  asked.get(taken)?.(answer);
  asked.delete(taken);
}
function ask(model, message) {
  const number = (questions += 1);
  return new Promise((done, fail) => {
    asked.set(number, (answer) => (Object.keys(answer).length ? done(answer) : fail(new Error("gone"))));
    setTimeout(() => { if (asked.delete(number)) fail(new Error("gone")); }, PATIENCE);
    model.send_msg({...message, asked: number});
  });
}

// The clipboard wants to be asked at once, while the click is fresh, with promises of what it gets.
function clip(promised) {
  if (!navigator.clipboard?.write || !window.ClipboardItem) throw new Error("refused");
  return navigator.clipboard.write([new ClipboardItem(promised)]);
}

// Without a safe connection there is no such clipboard; tables, but no pictures, are then copied as by the keyboard.
function copy_as_by_keyboard({html, text}) {
  let taken = false;
  const give = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    taken = true;
  };
  document.addEventListener("copy", give, {once: true});
  document.execCommand("copy");
  document.removeEventListener("copy", give);
  if (!taken) throw new Error("refused");
}

async function copy_table(answer) {
  const blob = async (name, type) => new Blob([(await answer)[name]], {type});
  try {
    await clip({"text/html": blob("html", "text/html"), "text/plain": blob("text", "text/plain")});
  } catch {
    copy_as_by_keyboard(await answer);
  }
}

// What came of it is said under the chart for a while, and told to those who hear the page.
function say(figure, words) {
  figure.querySelector(".taken")?.remove();
  const told = make("p", {class: "taken", role: "status"});
  figure.append(told);
  requestAnimationFrame(() => { told.textContent = words; });
  setTimeout(() => told.remove(), SHOWN);
}

export async function take(kind, figure, model) {
  const words = model.words.exports;
  const answer = ask(model, {take: kind, chart: figure.dataset.place ?? figure.id});
  answer.catch(() => {}); // told below, once, whoever waits for it
  try {
    if (kind.startsWith("copy_")) {
      const what = kind.slice("copy_".length);
      if (what === "picture") await clip({"image/png": answer.then(({svg}) => png(svg))});
      else await copy_table(answer);
      say(figure, words[what + "_copied"]);
    } else if (kind === "png") {
      const {name, svg} = await answer;
      download(name, await png(svg));
    } else {
      save((await answer).save);
    }
  } catch (fault) {
    if (await answer.then(() => false, () => true)) say(figure, words.gone);
    else if (kind.startsWith("copy_")) say(figure, words[kind.slice("copy_".length) + "_refused"]);
    else throw fault;
  }
}
