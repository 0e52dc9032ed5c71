// What a step shows where its page holds more than one chart: a few lines, shares or a table, from the numbers that the
// words of the step are made of, in letters for a room.

import {make} from "../dom.js";
import {path_of, svg} from "./ask.js";

const MOST_YEARS = 6, STEPS = [1, 2, 5, 10, 20]; // years between two on the axis
const LEAST_HIGH = 120; // pixels of a plot

// Draw the picture of a step into its box; false where it has none. What stands there already stays.
export function picture_drawn(box, seen, {language, words, said}) {
  const picture = seen?.has_picture ? seen.step?.picture : null;
  box.hidden = !picture;
  if (!picture) return false;
  const {width, height} = box.getBoundingClientRect(), key = [language, seen.at, Math.round(width), Math.round(height)].join(" ");
  if (box.dataset.key === key) return true;
  box.dataset.key = key;
  box.dataset.kind = picture.kind;
  box.replaceChildren(make("h2", {}, said(picture.title), picture.unit ? make("small", {}, " ", said(picture.unit)) : null),
    ...DRAWN[picture.kind](picture, said), make("p", {}, picture.kind === "table" ? words.open + " " : "", words.same_simulations));
  if (picture.kind === "lines") plot(box.querySelector(".plot-of-lines"), picture, said);
  return true;
}

const chip = (look, is_dashed = false) => make("i", {class: is_dashed ? "chip dashed" : "chip", "aria-hidden": "true", style: `--look: var(--${look})`});
const range_of = (each, said) => make("span", {class: "range"}, said(each.range));

const DRAWN = {
  lines: (picture, said) => [
    make("div", {class: "plot-of-lines", role: "img", "aria-label": picture.lines.map((line) => `${said(line.title)} ${said(line.said)}`).join("; ")}),
    make("table", {class: "numbers-of-lines"}, make("caption", {class: "unseen"}, said(picture.title)),
      make("tbody", {}, ...picture.lines.map((line) => make("tr", {}, make("th", {scope: "row"}, chip(line.look, line.is_dashed), said(line.title)),
        make("td", {class: "number"}, said(line.said)), make("td", {}, range_of(line, said))))))],
  shares: (picture, said) => {
    const most = Math.max(...picture.rows.map((row) => row.share));
    return [make("table", {class: "shares"}, make("caption", {class: "unseen"}, said(picture.title)),
      make("tbody", {}, ...picture.rows.map((row) => make("tr", {}, make("th", {scope: "row"}, said(row.title), row.note ? make("b", {class: "weak"}, said(row.note)) : null),
        make("td", {class: "drawn", "aria-hidden": "true"}, make("i", {style: `width: ${(100 * row.share) / most}%; background: var(--${row.look})`})),
        make("td", {class: "number"}, said(row.said)), make("td", {}, range_of(row, said))))))];
  },
  table: (picture, said) => [make("table", {class: "changes"}, make("caption", {class: "unseen"}, said(picture.title)),
    make("thead", {}, make("tr", {}, make("td", {}), ...picture.heads.map((head) => make("th", {scope: "col"}, said(head))))),
    make("tbody", {}, ...picture.rows.map((row) => make("tr", {}, make("th", {scope: "row"}, chip(row.look), said(row.title)),
      ...row.cells.map((cell) => make("td", {class: cell.is_clear ? "" : "open"}, make("b", {}, said(cell.said)), range_of(cell, said)))))))],
};

// Lines over the years since policy starts, drawn in the pixels that there are, so that letters keep their size.
function plot(box, picture, said) {
  const {time, ticks, lines} = picture, width = box.clientWidth, height = Math.max(box.clientHeight, LEAST_HIGH), letters = parseFloat(getComputedStyle(box).fontSize);
  const labels = ticks.map((tick) => said(tick.said)), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${letters}px ${getComputedStyle(box).fontFamily}`;
  const edge = {left: Math.max(...labels.map((each) => pen.measureText(each).width)) + 16, right: 1.4 * letters, top: 0.7 * letters, bottom: 1.6 * letters};
  const first = time[0], last = time.at(-1), low = ticks[0].at, high = ticks.at(-1).at;
  const x = (year) => edge.left + ((year - first) / (last - first)) * (width - edge.left - edge.right);
  const y = (value) => height - edge.bottom - ((value - low) / (high - low)) * (height - edge.top - edge.bottom);
  const label = (words, place) => { const element = svg("text", place); element.textContent = words; return element; };
  const points = (values) => values.map((value, at) => [x(time[at]), y(value)]);
  const between = STEPS.find((step) => (last - first) / step < MOST_YEARS) ?? STEPS.at(-1), years = [];
  for (let year = last; year >= first - 1e-6; year -= between) years.push(year);
  box.replaceChildren(svg("svg", {width, height, "aria-hidden": "true"},
    ...ticks.flatMap((tick, at) => [svg("line", {class: tick.at === 0 ? "zero" : "grid", x1: edge.left, x2: width - edge.right, y1: y(tick.at), y2: y(tick.at)}),
      label(labels[at], {x: edge.left - 12, y: y(tick.at) + 0.35 * letters, "text-anchor": "end"})]),
    ...years.map((year) => label(Math.round(year), {x: x(year), y: height - 0.3 * letters, "text-anchor": "middle"})),
    ...lines.filter((line) => line.low).map((line) => svg("path", {class: "range", style: `--look: var(--${line.look})`,
      d: `${path_of([...points(line.low), ...points(line.high).reverse()])}Z`})),
    ...lines.map((line) => svg("path", {class: line.is_dashed ? "line dashed" : "line", style: `--look: var(--${line.look})`, d: path_of(points(line.middle))}))));
}
