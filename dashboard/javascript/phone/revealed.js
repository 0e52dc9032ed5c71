// What was answered, in words, and the answer of the model beside it.

import {make} from "../dom.js";
import {path_of, svg} from "../room/ask.js";
import {with_name, written} from "../room/numbers_written.js";

const WIDTH = 360, HEIGHT = 220, EDGE = {side: 10, top: 14, bottom: 22};

const told = (text, language) => text?.[language] ?? text?.en ?? "";
const title_of = (slip, name, language) => told((slip.choices ?? []).find((each) => each.name === name)?.title, language) || name;

// An answer in words; nothing for a line, which is drawn, and where none was given.
export function in_words(slip, value, {language, words}) {
  if (value === null || value === undefined) return "";
  const number = (each, unit, step) => written(language, each, told(unit, language), step);
  switch (slip.kind) {
    case "direction": case "lever": return title_of(slip, value, language);
    case "amount": return number(value, slip.unit, slip.step);
    case "count": return words.ask.of_twenty.replace("{count}", value);
    case "rank": return value.map((name, place) => `${place + 1}. ${title_of(slip, name, language)}`).join(" \u00b7 ");
    case "why": return value;
    default: return "";
  }
}

function lines(slip, own, reveal, {language, words}) {
  const known = slip.known ?? [], first = Math.min(slip.time[0], ...known.map(([year]) => year)), last = slip.time.at(-1);
  const model = reveal.line ?? [], low = reveal.line_low ?? [], high = reveal.line_high ?? [], time = reveal.time ?? slip.time;
  const all = [slip.low, slip.high, ...model, ...low, ...high], least = Math.min(...all), most = Math.max(...all);
  const x = (year) => EDGE.side + ((year - first) / (last - first)) * (WIDTH - 2 * EDGE.side);
  const y = (value) => HEIGHT - EDGE.bottom - ((value - least) / (most - least)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const path = (years, values, kind) => svg("path", {class: kind, fill: "none", d: path_of(values.map((value, place) => [x(years[place]), y(value)]))});
  const range = low.length && high.length ? [svg("path", {class: "range", d: path_of(
    [...high.map((value, place) => [x(time[place]), y(value)]), ...low.map((value, place) => [x(time[place]), y(value)]).reverse()]) + "Z"})] : [];
  const year = (value, anchor) => {
    const label = svg("text", {x: x(value), y: HEIGHT - 6, "text-anchor": anchor});
    label.textContent = Math.round(value);
    return label;
  };
  const end = (values) => written(language, values.at(-1), told(slip.unit, language), slip.step);
  const said = [own && with_name(words.ask, words.phone.your_answer, end(own)), model.length && with_name(words.ask, words.phone.model_answer, end(model))].filter(Boolean).join(". ");
  return make("div", {}, svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said},
    ...range, path(known.map(([at]) => at), known.map(([, value]) => value), "known"), ...(own ? [path(slip.time, own, "own")] : []),
    path(time, model, "model"), year(first, "start"), year(last, "end")),
  make("p", {class: "hint"}, words.phone.lines));
}

function levers(slip, own, reveal, {language, words}) {
  const of_slip = Object.values(slip.levers ?? {}).flat();
  const row = ({name, low, middle, high}) => {
    const lever = of_slip.find((each) => each.name === name) ?? {};
    const shown = (value) => (typeof value === "number" ? written(language, value, "", lever.step) : "\u2013");
    return make("tr", {}, make("th", {scope: "row"}, told(lever.title, language) || name), make("td", {}, shown(own?.values?.[name])),
      make("td", {}, `${shown(middle)} (${shown(low)}\u2013${shown(high)})`));
  };
  return make("table", {}, make("thead", {}, make("tr", {}, ...["lever", "yours", "room"].map((name) => make("th", {scope: "col"}, words.phone[name])))),
    make("tbody", {}, ...reveal.levers.map(row)));
}

export function revealed(slip, own, reveal, spoken) {
  const {language, words} = spoken, said = in_words(slip, own, spoken), pairs = [];
  if (said) pairs.push([words.phone.your_answer, said]);
  if (told(reveal.text, language)) pairs.push([words.phone[slip.kind === "proposal" ? "room" : "model_answer"], told(reveal.text, language)]);
  return [
    ...(slip.kind === "line" && reveal.line ? [lines(slip, own, reveal, spoken)] : []),
    ...(pairs.length ? [make("dl", {}, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))] : []),
    ...(slip.kind === "proposal" && Array.isArray(reveal.levers) ? [levers(slip, own, reveal, spoken)] : []),
    ...(told(reveal.after, language) ? [make("p", {}, told(reveal.after, language))] : []),
  ];
}
