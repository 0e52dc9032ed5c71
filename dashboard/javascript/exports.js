// What is taken along: texts, charts and drawings as files.

import {columns} from "./charts.js";
import {CSV} from "./csv.js";
import {make} from "./dom.js";

export function download(name, content, type = "text/plain") {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const anchor = make("a", {href: url, download: name});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A drawing as a picture of pixels, twice as fine as it stands: drawn by the browser, without any other program.
export async function pixels(svg) {
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

// A drawing of the page that stands by itself: with the colours and the looks it has here.
function standing(svg) {
  const copy = svg.cloneNode(true), root = getComputedStyle(document.documentElement);
  const names = new Set([...svg.outerHTML.matchAll(/var\((--[\w-]+)\)/g)].map((found) => found[1]));
  ["--text", "--muted", "--line", "--surface"].forEach((name) => names.add(name));
  const colours = [...names].map((name) => `${name}:${root.getPropertyValue(name).trim()}`).join(";");
  const looks = document.getElementById("drawing-style").textContent;
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = `svg{${colours};font-family:sans-serif;background:var(--surface)}${looks}`;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

export async function take(what, figure, words) {
  const outcome = figure.dataset.outcome, svg = figure.querySelector("svg.drawing");
  const chart = (outcome ?? svg?.dataset.picture ?? "chart").replace(/\W+/g, "_");
  const name = words.file ? `${words.file}_${chart}` : chart;
  if (what === "csv" && outcome) {
    const found = columns(outcome, words), time = Array.from(found[0][1]);
    return download(`${name}.csv`, CSV([["time", ...found.map(([title]) => title)],
      ...time.map((year, place) => [year, ...found.map(([, , row]) => row[place])])]), "text/csv");
  }
  if (what === "csv") {
    const rows = [...figure.querySelectorAll("table tr")].map((row) => [...row.children].map((cell) => cell.textContent));
    return download(`${name}.csv`, CSV(rows), "text/csv");
  }
  if (svg) {
    const text = standing(svg);
    if (what === "svg") return download(`${name}.svg`, text, "image/svg+xml");
    return (await pixels(text)).toBlob((blob) => download(`${name}.png`, blob));
  }
  const root = figure.querySelector("[data-root-id]"), views = window.Bokeh.index;
  const view = views.get_by_id?.(root.dataset.rootId) ?? Object.values(views).find((each) => each.model?.id === root.dataset.rootId);
  return download(`${name}.${what}`, await view.export(what).to_blob());
}
