// In the place of `room/drawn_large.js`: the one chart of the page as a room sees it.

const plot = () => document.querySelector("#figure-pocket .plot");

// The letters follow the style of the page, and the chart is drawn anew where its box changes; here, where they alone do.
export function size_axes() { plot()?.chart.fit(); }

// What policy changes is not drawn: the baseline stays, on the same axes.
export function show_before(wanted) { plot()?.classList.toggle("before", wanted); }

// Cover what lies after a part of the years since policy starts; `null` takes the cover off.
export function cover(part) {
  const box = plot();
  if (!box) return;
  let curtain = box.querySelector(".cover");
  if (!curtain) {
    curtain = document.createElement("div");
    curtain.className = "cover";
    curtain.setAttribute("aria-hidden", "true");
    box.append(curtain);
  }
  curtain.hidden = part === null;
  const {scale, shown} = box.chart;
  if (curtain.hidden || !scale) return;
  const {x, width, height, edge, last} = scale, start = Math.max(shown.mark, shown.times[0]);
  const from = Math.max(x(start + (last - start) * part), edge.left);
  Object.assign(curtain.style, {left: `${from}px`, top: 0, width: `${Math.max(width - from, 0)}px`,
    height: `${height - edge.bottom}px`});
}
