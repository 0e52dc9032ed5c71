// The main charts as a room sees them: large letters, a cover over what is not yet to be seen, and "before".

import {plot_in} from "../charts.js";

const CHARTS = ["figure-difference", "figure-main"];
const LEAST = 19, MOST = 28; // pixels of letters on axes, at 1280 and from 1920 px on

function plots() {
  return CHARTS.flatMap((id) => {
    const figure = document.getElementById(id), chart = figure && plot_in(figure);
    return chart ? [{figure, chart, view: window.Bokeh.index.get_by_id?.(chart.id) ?? window.Bokeh.index[chart.id]}] : [];
  });
}

const plain = new WeakMap(); // what axes, lines and borders were before
function enlarge(part, name, large, value) {
  if (large && !plain.has(part)) plain.set(part, part[name]);
  if (large) part.setv({[name]: value(plain.get(part))}, {sync: false});
  else if (plain.has(part)) {
    part.setv({[name]: plain.get(part)}, {sync: false});
    plain.delete(part);
  }
}
export function size_axes(large) {
  const size = Math.round(Math.min(MOST, Math.max(LEAST, (window.innerWidth / 1920) * MOST)));
  for (const {chart} of plots()) {
    for (const axis of [...chart.below, ...chart.left]) enlarge(axis, "major_label_text_font_size", large, () => `${size}px`);
    for (const {glyph} of chart.renderers)
      if (glyph?.type === "Line") enlarge(glyph, "line_width", large, (was) => ({value: 2 * (was?.value ?? was ?? 1)}));
    enlarge(chart, "min_border_left", large, () => 5 * size);
  }
}

// What policy changes is not drawn: the baseline stays, on the same axes.
const unseen = new Set();
export function show_before(wanted) {
  for (const renderer of unseen) renderer.setv({visible: true}, {sync: false});
  unseen.clear();
  if (!wanted) return;
  for (const {chart} of plots())
    for (const renderer of chart.renderers)
      if (renderer.visible && renderer.glyph?.tags?.includes("yours")) {
        unseen.add(renderer);
        renderer.setv({visible: false}, {sync: false});
      }
}

// Cover what lies after a part of the years since policy starts; `null` takes the cover off.
export function cover(part) {
  const start = window.Bokeh.documents[0].get_model_by_name("years_of_difference")?.start;
  for (const {figure, view} of plots()) {
    let curtain = figure.querySelector(".cover");
    if (!curtain) {
      curtain = document.createElement("div");
      curtain.className = "cover";
      curtain.setAttribute("aria-hidden", "true");
      figure.querySelector(".plot").append(curtain);
    }
    const frame = view?.frame;
    curtain.hidden = part === null;
    if (curtain.hidden) continue;
    if (!frame || frame.bbox.width < 2) { // not laid out yet: all of it
      Object.assign(curtain.style, {left: "0", width: "100%", top: "0", height: "100%"});
      continue;
    }
    const {left, right, top, bottom} = frame.bbox, end = frame.x_range.end, scale = frame.x_scale;
    const from = Math.max(left, scale.compute(start + (end - start) * part));
    Object.assign(curtain.style, {left: `${from}px`, width: `${Math.max(right - from + 3, 0)}px`, top: `${top}px`, height: `${bottom - top}px`});
  }
}
