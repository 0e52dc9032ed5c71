// What a room has answered to a question, and what the model answers beside it: bars, dots, a fan of lines or a list.
//
// `answers` are plain values as `ask` gives them, `own` the one of whoever looks, `reveal` what the model says, or null while
// that is not to be seen.

import {make} from "../dom.js";
import {dots, path_of, svg} from "./ask.js";
import {signed, with_name, written} from "./numbers_written.js";

const WIDTH = 900, HEIGHT = 420, TWENTY = 20, FEW = 12; // lines drawn one by one
const NEAR_AN_END = 150, MODEL_BASE = 150; // where zero would stand on another number; where the dots of the model stand
const EDGE = {left: 24, right: 24, top: 24, bottom: 44}, RADII = [8, 7, 6, 5, 4, 3]; // of dots of the model: the largest whose stacks fit

export function answers_drawn(slip, {language, words, answers = [], own = null, reveal = null}) {
  const said = (each) => each?.[language] ?? each?.en ?? "";
  const box = make("div", {class: "answers"}, DRAWN[slip.kind](slip, {language, words, answers, own, reveal, said}));
  box.dataset.kind = slip.kind;
  box.dataset.revealed = String(Boolean(reveal));
  return box;
}

const quantile = (sorted, share) => {
  const at = share * (sorted.length - 1), low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};
const text = (words, x, y, anchor = "middle", name = "") => {
  const element = svg("text", {x, y, "text-anchor": anchor, class: name});
  element.textContent = words;
  return element;
};

// One row for each choice: how many chose it, which is one's own, and which the model gives.
function bars(slip, {words, answers, own, reveal, said}, votes, order = slip.choices.map((each) => each.name)) {
  const most = Math.max(...votes.values(), 1), named = new Map(slip.choices.map((each) => [each.name, said(each.title)]));
  return make("table", {class: "bars"}, make("caption", {class: "unseen"}, words.answers),
    make("tbody", {}, ...order.map((name, place) => {
      const count = votes.get(name) ?? 0, is_right = reveal && (reveal.order ? place === 0 : reveal.choice === name);
      const moves = reveal?.moves?.[name];
      return make("tr", {class: [is_right ? "model" : "", own === name || own?.[0] === name ? "own" : ""].join(" ").trim()},
        make("th", {scope: "row"}, reveal?.order ? `${place + 1}. ` : "", named.get(name),
          own === name ? make("small", {}, " ", words.own) : null),
        make("td", {class: "votes"}, ...(answers.length ? [make("i", {class: "bar", style: `width: ${(70 * count) / most}%`}), make("b", {}, count)] : [])),
        make("td", {class: "says"}, ...(moves === undefined ? (is_right ? [make("strong", {}, `\u2713 ${words.model}`)] : [])
          : moves ? [dots(moves, words.of_twenty.replace("{count}", moves)), make("small", {}, words.of_twenty.replace("{count}", moves))] : [])));
    })));
}
const tally = (slip, answers) => {
  const votes = new Map(slip.choices.map((each) => [each.name, 0]));
  for (const each of answers) if (votes.has(each)) votes.set(each, votes.get(each) + 1);
  return votes;
};
const choice = (slip, context) => bars(slip, context, tally(slip, context.answers), context.reveal?.order);
// Of an order, what counts is who stands first; the model's order stands in the rows.
function rank(slip, context) {
  const firsts = context.answers.map((each) => each[0]);
  const table = bars(slip, context, tally(slip, firsts), context.reveal?.order);
  return make("div", {}, make("p", {class: "hint"}, context.answers.length ? context.words.first_places : ""), table);
}

// How high dots of a radius are stacked.
const highest = (values, x, radius) => {
  const columns = values.map((value) => Math.round(x(value) / (2 * radius)));
  return 2 * radius * Math.max(0, ...columns.map((at) => columns.filter((each) => each === at).length));
};
// Dots above an axis, stacked where they would cover each other.
function stacked(values, x, base, radius, name) {
  const columns = new Map();
  return values.map((value) => {
    const at = Math.round(x(value) / (2 * radius)), high = columns.get(at) ?? 0;
    columns.set(at, high + 1);
    return svg("circle", {cx: at * 2 * radius, cy: base - radius - 2 * radius * high, r: radius - 0.5, class: name});
  });
}
function axis(low, high, shown, zero) {
  const x = (value) => EDGE.left + ((value - low) / (high - low)) * (WIDTH - EDGE.left - EDGE.right), base = HEIGHT - EDGE.bottom;
  const marks = [svg("line", {class: "axis", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: base, y2: base}),
    text(shown(low), x(low), base + 32, "start"), text(shown(high), x(high), base + 32, "end")];
  if (zero && low < 0 && high > 0) {
    marks.push(svg("line", {class: "start", x1: x(0), x2: x(0), y1: EDGE.top, y2: base}));
    if (Math.min(x(0) - x(low), x(high) - x(0)) > NEAR_AN_END) marks.push(text(shown(0), x(0), base + 32));
  }
  return [x, base, marks];
}
function amount(slip, {language, words, answers, own, reveal, said}) {
  const unit = said(slip.unit), shown = (value) => (slip.low < 0 ? signed : written)(language, value, unit, slip.step);
  const every = [...answers, ...(own === null ? [] : [own]), ...(reveal ? [reveal.low, reveal.high] : [])];
  const low = Math.min(slip.low, ...every), high = Math.max(slip.high, ...every), [x, base, marks] = axis(low, high, shown, true);
  const radius = answers.length > 100 ? 4 : answers.length > 40 ? 6 : 9, inside = (value) => Math.min(Math.max(value, low), high);
  const model = reveal ? [
    svg("rect", {class: "range", x: x(reveal.low), width: Math.max(x(reveal.high) - x(reveal.low), 2), y: EDGE.top, height: base - EDGE.top}),
    ...stacked((reveal.dots ?? []).map(inside), x, MODEL_BASE, RADII.find((each) => highest(reveal.dots ?? [], x, each) <= MODEL_BASE - EDGE.top) ?? 2, "simulation"),
    svg("line", {class: "model", x1: x(reveal.value), x2: x(reveal.value), y1: EDGE.top, y2: base}),
    text(with_name(words, words.model, shown(reveal.value)), Math.min(Math.max(x(reveal.value), 160), WIDTH - 160), EDGE.top - 6, "middle", "model"),
  ] : [];
  return svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(words, answers, shown, reveal)}, ...marks, ...model,
    ...stacked(answers, x, base, radius, "answer"), ...(own === null ? [] : mark_own(x(own), base, words)));
}
const mark_own = (at, base, words) => [svg("path", {class: "own", d: `M${at} ${base}l-9 -18h18z`}), text(words.own, at, base - 24, "middle", "own")];
const summary = (words, answers, shown, reveal) => {
  const sorted = [...answers].sort((one, other) => one - other);
  return [answers.length ? words.room_middle.replace("{count}", answers.length).replace("{value}", shown(quantile(sorted, 0.5))) : "",
    reveal ? with_name(words, words.model, shown(reveal.count ?? reveal.value)) : ""].filter(Boolean).join(" ") || words.answers;
};
function count(slip, {words, answers, own, reveal}) {
  const shown = (value) => words.of_twenty.replace("{count}", value), [x, base, marks] = axis(-0.5, TWENTY + 0.5, (value) => Math.max(Math.round(value - 0.01), 0), false);
  const picture = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(words, answers, shown, reveal)}, ...marks,
    ...(reveal ? [svg("rect", {class: "range", x: x(reveal.count - 0.5), width: x(1) - x(0), y: EDGE.top, height: base - EDGE.top})] : []),
    ...stacked(answers, x, base, answers.length > 60 ? 7 : 12, "answer"), ...(own === null ? [] : mark_own(x(own), base, words)));
  return make("div", {}, reveal ? make("div", {class: "twenty"}, dots(reveal.count, shown(reveal.count)), make("strong", {}, shown(reveal.count))) : "",
    answers.length || own !== null || !reveal ? picture : "");
}
function fan(slip, {language, words, answers, own, reveal, said}) {
  const years = slip.time, known = slip.known ?? [], unit = said(slip.unit);
  const first = Math.min(years[0], ...known.map(([year]) => year)), last = years.at(-1);
  const high = Math.max(slip.high, ...(reveal?.line_high ?? []));
  const x = (year) => EDGE.left + ((year - first) / (last - first)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value) => HEIGHT - EDGE.bottom - ((value - slip.low) / (high - slip.low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const line = (values, name) => svg("path", {class: name, fill: "none", d: path_of(values.map((value, place) => [x(years[place]), y(value)]))});
  const area = (lower, upper, name) => svg("path", {class: name, d: `${path_of([...lower.map((value, place) => [x(years[place]), y(value)]),
    ...upper.map((value, place) => [x(years[place]), y(value)]).reverse()])}Z`});
  const across = (share) => years.map((_, place) => quantile(answers.map((each) => each[place]).sort((one, other) => one - other), share));
  const room = answers.length > FEW ? [area(across(0.1), across(0.9), "room outer"), area(across(0.25), across(0.75), "room"), line(across(0.5), "answer middle")]
    : answers.map((each) => line(each, "answer"));
  const shown = (value) => written(language, value, unit, slip.step);
  const told = [answers.length ? words.room_middle.replace("{count}", answers.length).replace("{value}", shown(quantile(answers.map((each) => each.at(-1)).sort((one, other) => one - other), 0.5))) : "",
    reveal ? with_name(words, words.model, shown(reveal.line.at(-1))) : ""].filter(Boolean).join(" ") || words.answers;
  return svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told},
    svg("line", {class: "axis", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(slip.low), y2: y(slip.low)}),
    svg("line", {class: "start", x1: x(years[0]), x2: x(years[0]), y1: EDGE.top, y2: y(slip.low)}),
    text(shown(high), EDGE.left, EDGE.top - 6, "start"),
    ...[[first, "start"], [years[0], "middle"], [last, "end"]].map(([year, anchor]) => text(Math.round(year), x(year), HEIGHT - 12, anchor)),
    ...(reveal ? [area(reveal.line_low, reveal.line_high, "range")] : []), ...room,
    svg("path", {class: "known", fill: "none", d: path_of(known.map(([year, value]) => [x(year), y(value)]))}),
    ...(own ? [line(own, "own")] : []), ...(reveal ? [line(reveal.line, "model")] : []));
}
const reasons = (slip, {answers}) => make("ul", {class: "reasons"}, ...answers.map((each) => make("li", {}, each)));

const DRAWN = {direction: choice, lever: choice, rank, amount, count, line: fan, why: reasons};
