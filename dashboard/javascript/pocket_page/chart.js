// The main chart: lines over years with their ranges, drawn in the pixels that there are, so that letters keep their size.

import {make} from "../dom.js";
import {between} from "../pocket/inputs.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_YEARS = 6, PARTS = 4, YEARS_APART = [1, 2, 5, 10, 20, 50, 100];
const LEFT_OF_LABELS = 8;

function svg(tag, values, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function round_above(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= size * (1 - 1e-9));
}

// The ends of an axis that shows zero and all between, and its marks: multiples of a step.
export function axis(low, high) {
  const [least, most] = [Math.min(low, 0), Math.max(high, 0)];
  if (!Number.isFinite(least + most) || least === most) return {low: -1, high: 1, marks: [-1, 0, 1]};
  const step = round_above((most - least) / PARTS), half = step / 2;
  const ends = {low: half * Math.floor((1.02 * least) / half), high: half * Math.ceil((1.02 * most) / half)};
  const marks = [];
  for (let place = Math.ceil(ends.low / step - 1e-9); place * step <= ends.high + 1e-9 * step; place++) marks.push(place * step);
  return {...ends, marks};
}

export function years_between(start, end) {
  const gap = YEARS_APART.find((each) => (end - start) / each <= MOST_YEARS) ?? YEARS_APART.at(-1), years = [];
  for (let year = Math.ceil(start / gap) * gap; year <= end; year += gap) years.push(year);
  return years;
}

const path_of = (points) => points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// A chart in a box. What it shows: {times, lines: [{values, look}], ranges: [{low, high, look}], points: {time, value},
// mark (a year), label (what it shows, in words), tick (a value as an axis writes it), told (what is read off at a year)}.
export class Chart {
  constructor(box, readout) {
    Object.assign(this, {box, readout, shown: null, size: {}});
    box.chart = this;
    new ResizeObserver(() => this.fit()).observe(box);
    box.addEventListener("pointermove", (event) => this._read(event));
    box.addEventListener("pointerleave", () => this._forget());
  }

  show(shown) {
    this.shown = shown;
    this._draw();
  }

  // Draw in the room and the letters that there are now. To ask for them whenever a lever moves would lay the whole page
  // out once more.
  fit() {
    const {box} = this, {font, fontSize} = getComputedStyle(box), pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    this.size = {width: box.clientWidth, height: box.clientHeight, letters: parseFloat(fontSize), wide: (text) => pen.measureText(text).width};
    this._draw();
  }

  _draw() {
    const {box, shown} = this, {width, height, letters, wide} = this.size;
    if (!shown || !width || !height) return;
    const {times, lines, ranges, points, mark} = shown;
    const all = [...lines.map((line) => line.values), ...ranges.flatMap((range) => [range.low, range.high]), points?.value ?? []].flat();
    const {low, high, marks} = axis(Math.min(...all), Math.max(...all)), first = times[0], last = times.at(-1);
    const labels = marks.map(shown.tick), half_a_label = Math.ceil(wide(String(Math.ceil(last))) / 2);
    const edge = {left: Math.ceil(Math.max(...labels.map(wide), half_a_label)) + LEFT_OF_LABELS, right: 4 + half_a_label, top: 8, bottom: 8 + letters};
    const x = (time) => edge.left + ((time - first) / (last - first)) * (width - edge.left - edge.right);
    const y = (value) => height - edge.bottom - ((value - low) / (high - low)) * (height - edge.top - edge.bottom);
    const along = (values) => values.map((value, place) => [x(times[place]), y(value)]);
    const label = (text, values) => svg("text", values, text);
    this.scale = {x, edge, width, height, first, last};
    this.line = svg("line", {class: "read", y1: edge.top, y2: height - edge.bottom, x1: -9, x2: -9});
    const drawing = svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": shown.label},
      ...marks.flatMap((value, place) => [
        svg("line", {class: value === 0 ? "zero" : "grid", x1: edge.left, x2: width - edge.right, y1: y(value), y2: y(value)}),
        label(labels[place], {x: edge.left - LEFT_OF_LABELS, y: y(value) + letters / 3, "text-anchor": "end"})]),
      ...years_between(first, last).map((year) => label(String(year), {x: x(year), y: height - 4, "text-anchor": "middle"})),
      ...(mark > first ? [svg("line", {class: "start", x1: x(mark), x2: x(mark), y1: edge.top, y2: height - edge.bottom})] : []),
      ...ranges.map((range) => svg("path", {class: `range ${range.look}`, d: `${path_of([...along(range.low), ...along(range.high).reverse()])}Z`})),
      ...lines.map((line) => svg("path", {class: `line ${line.look}`, d: path_of(along(line.values))})),
      ...(points?.time ?? []).map((time, place) => svg("circle", {class: "recorded", cx: x(time), cy: y(points.value[place]), r: 2.6})),
      this.line);
    this.drawing?.remove();
    box.prepend(drawing); // a cover over it stays
    this.drawing = drawing;
  }

  // What stands at the year under the pointer.
  _read(event) {
    if (!this.shown || !this.scale) return;
    const {x, edge, width, first, last} = this.scale, rect = this.box.getBoundingClientRect();
    const share = (event.clientX - rect.left - edge.left) / (width - edge.left - edge.right);
    const year = Math.round(Math.min(Math.max(first + share * (last - first), first), last));
    if (share < -0.05 || share > 1.05) return this._forget();
    for (const end of ["x1", "x2"]) this.line.setAttribute(end, x(year));
    this.readout.textContent = this.shown.told(year, (values) => between(year, this.shown.times, values));
  }

  _forget() {
    this.readout.textContent = "";
    for (const end of ["x1", "x2"]) this.line?.setAttribute(end, -9);
  }
}

// The same as a table, year by year.
export function table_of(caption, heads, rows) {
  return make("table", {}, make("caption", {class: "unseen"}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", {scope: "col"}, head)))),
    make("tbody", {}, ...rows.map(([year, ...cells]) =>
      make("tr", {}, make("th", {scope: "row"}, year), ...cells.map((cell) => make("td", {}, cell))))));
}
