// A question that is put to someone: the widget of its kind, on the page and on phones alike. It sends nothing; `changed`
// hears every answer that a hand gives, and `given` is the one before.

import {make} from "../dom.js";
import {signed, with_name, written} from "./numbers_written.js";

const TWENTY = 20, LONGEST = 140;

export function ask(slip, {language, words, given = null, changed}) {
  const put = PUT[slip.kind];
  if (!put) throw new Error(`no question of the kind ${slip.kind}`);
  const box = put(slip, {language, words, given, changed, said: (each) => each?.[language] ?? each?.en ?? ""});
  box.classList.add("ask");
  box.dataset.kind = slip.kind;
  return box;
}

const changes = (slip) => slip.low < 0; // an axis through zero is one of changes, which bear a sign

function one_of(slip, {given, changed, said, words}) {
  const name = `ask-${slip.id}`;
  return make("fieldset", {class: "choices"}, make("legend", {class: "unseen"}, words.choose),
    ...slip.choices.map((choice) => make("label", {},
      make("input", {type: "radio", name, value: choice.name, checked: given === choice.name, onchange: () => changed(choice.name)}),
      make("span", {}, said(choice.title)))));
}

function in_order(slip, {given, changed, said, words}) {
  let order = given ?? slip.choices.map((each) => each.name);
  const title = (name) => said(slip.choices.find((each) => each.name === name).title);
  const list = make("ol", {class: "order"});
  const live = make("p", {class: "unseen", "aria-live": "polite"});
  function move(name, by) {
    const at = order.indexOf(name), to = at + by;
    if (to < 0 || to >= order.length) return;
    order = order.filter((each) => each !== name);
    order.splice(to, 0, name);
    draw();
    live.textContent = words.place.replace("{name}", title(name)).replace("{place}", to + 1);
    const buttons = list.children[to].querySelectorAll("button"), same = buttons[by < 0 ? 0 : 1];
    (same.disabled ? buttons[by < 0 ? 1 : 0] : same).focus();
    changed(order);
  }
  function draw() {
    list.replaceChildren(...order.map((name, at) => make("li", {}, make("span", {}, title(name)), ...[[-1, "\u2191", words.up], [1, "\u2193", words.down]]
      .map(([by, sign, told]) => make("button", {type: "button", disabled: at + by < 0 || at + by >= order.length,
        "aria-label": `${told}: ${title(name)}`, onclick: () => move(name, by)}, sign)))));
  }
  draw();
  return make("div", {}, make("p", {class: "hint"}, words.order_hint), list, live);
}

function slider(slip, {given, changed, language, label, low, high, step, unit, shown}) {
  const start = given ?? low + step * Math.round((high - low) / (2 * step));
  const output = make("output", {}, given === null ? "\u2013" : shown(start));
  const range = make("input", {type: "range", min: low, max: high, step, value: start, "aria-label": label,
    "aria-valuetext": given === null ? "\u2013" : shown(start)});
  range.addEventListener("input", () => {
    const value = Number(range.value);
    output.textContent = shown(value);
    range.setAttribute("aria-valuetext", shown(value));
    changed(value);
  });
  const ends = make("div", {class: "ends", "aria-hidden": "true"}, make("span", {}, shown(low)), make("span", {}, shown(high)));
  return [output, range, ends];
}

function amount(slip, context) {
  const {said, words, language} = context, unit = said(slip.unit);
  const shown = (value) => (changes(slip) ? signed : written)(language, value, unit, slip.step);
  return make("div", {}, ...slider(slip, {...context, label: words.how_much, low: slip.low, high: slip.high, step: slip.step, shown}));
}

export function dots(filled, label) {
  return make("div", {class: "dots", role: "img", "aria-label": label},
    ...Array.from({length: TWENTY}, (_, place) => make("i", {class: place < filled ? "filled" : ""})));
}

function count(slip, context) {
  const {words, given, changed} = context;
  const shown = (value) => words.of_twenty.replace("{count}", value);
  let row = dots(given ?? 0, shown(given ?? 0));
  const redraw = (value) => {
    const fresh = dots(value, shown(value));
    row.replaceWith(fresh);
    row = fresh;
    changed(value);
  };
  return make("div", {}, row, ...slider(slip, {...context, label: words.how_many, low: 0, high: TWENTY, step: 1, shown, changed: redraw}));
}

function why(slip, {given, changed, words}) {
  const left = make("span", {class: "left", "aria-live": "polite"});
  const field = make("textarea", {rows: 3, maxLength: LONGEST, value: given ?? "", "aria-label": words.why, placeholder: words.why});
  const tell = () => { left.textContent = words.left.replace("{count}", LONGEST - field.value.length); };
  field.addEventListener("input", () => { tell(); changed(field.value); });
  tell();
  return make("div", {}, field, left);
}

// Draw a line: a finger, a mouse or the keys set the value of a year; years in between that a quick hand passes over follow.
const WIDTH = 360, HEIGHT = 240, EDGE = {left: 8, right: 8, top: 10, bottom: 22};
export const svg = (name, properties = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(properties)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
export const path_of = (points) => points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function line(slip, {given, changed, said, words, language}) {
  const years = slip.time, known = slip.known ?? [], unit = said(slip.unit);
  const first = Math.min(years[0], ...known.map(([year]) => year)), last = years.at(-1);
  const x = (year) => EDGE.left + ((year - first) / (last - first)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value) => HEIGHT - EDGE.bottom - ((value - slip.low) / (slip.high - slip.low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const shown = (value) => written(language, value, unit, slip.step);
  const round = (value) => Math.min(Math.max(Math.round(value / slip.step) * slip.step, slip.low), slip.high);
  const begins = known.length ? round(known.at(-1)[1]) : slip.low;
  let values = given ? [...given] : years.map(() => null), at = years.length - 1, before = null;
  values[0] ??= begins;
  const drawn = svg("path", {class: "yours", fill: "none"}), hand = svg("circle", {class: "hand", r: 9});
  const output = make("output", {}, given ? shown(values.at(-1)) : "\u2013");
  const told = (place) => with_name(words, years[place], values[place] === null ? words.not_drawn : shown(values[place]));
  const picture = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "slider", tabindex: "0", "aria-label": words.draw,
    "aria-valuemin": slip.low, "aria-valuemax": slip.high},
  svg("line", {class: "axis", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(slip.low), y2: y(slip.low)}),
  svg("line", {class: "start", x1: x(years[0]), x2: x(years[0]), y1: EDGE.top, y2: y(slip.low)}),
  svg("path", {class: "known", fill: "none", d: path_of(known.map(([year, value]) => [x(year), y(value)]))}),
  drawn, hand,
  ...[[first, "start"], [years[0], "middle"], [last, "end"]].map(([year, anchor]) => {
    const label = svg("text", {x: x(year), y: HEIGHT - 5, "text-anchor": anchor});
    label.textContent = Math.round(year);
    return label;
  }),
  ...[[slip.high, 12], [slip.low, -4]].map(([value, off]) => {
    const label = svg("text", {x: EDGE.left + 2, y: y(value) + off, class: "end"});
    label.textContent = shown(value);
    return label;
  }));
  function paint() {
    const there = years.flatMap((year, place) => (values[place] === null ? [] : [[x(year), y(values[place])]]));
    drawn.setAttribute("d", path_of(there));
    const held = values[at] ?? begins;
    hand.setAttribute("cx", x(years[at]));
    hand.setAttribute("cy", y(held));
    picture.setAttribute("aria-valuenow", held);
    picture.setAttribute("aria-valuetext", told(at));
  }
  function tell() {
    output.textContent = told(at);
    paint();
    if (values.every((value) => value !== null)) changed([...values]);
  }
  function set(place, value) {
    // A year is set, and those between it and the last one that was set.
    const from = before ?? [place, value], [start, end] = [Math.min(from[0], place), Math.max(from[0], place)];
    for (let each = start; each <= end; each += 1) {
      const part = place === from[0] ? 1 : (each - from[0]) / (place - from[0]);
      values[each] = round(from[1] + part * (value - from[1]));
    }
    at = place;
    before = [place, value];
  }
  const place_of = (event) => {
    const box = picture.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * WIDTH, py = ((event.clientY - box.top) / box.height) * HEIGHT;
    const year = first + ((px - EDGE.left) / (WIDTH - EDGE.left - EDGE.right)) * (last - first);
    const value = slip.low + ((HEIGHT - EDGE.bottom - py) / (HEIGHT - EDGE.top - EDGE.bottom)) * (slip.high - slip.low);
    const nearest = years.reduce((best, each, place) => (Math.abs(each - year) < Math.abs(years[best] - year) ? place : best), 0);
    return [nearest, round(value)];
  };
  // Years before the one that was begun at, if none was drawn there, rise or fall evenly from what is known.
  function fill() {
    let held = 0;
    values.forEach((value, place) => {
      if (value === null) return;
      for (let each = held + 1; each < place; each += 1)
        values[each] = round(values[held] + ((each - held) / (place - held)) * (value - values[held]));
      held = place;
    });
  }
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    before = null;
    set(...place_of(event));
    fill();
    tell();
  });
  picture.addEventListener("pointermove", (event) => {
    if (!picture.hasPointerCapture(event.pointerId)) return;
    set(...place_of(event));
    tell();
  });
  picture.addEventListener("keydown", (event) => {
    const by = {ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5}[event.key], along = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by && !along) return;
    event.preventDefault();
    event.stopPropagation();
    if (along) at = Math.min(Math.max(at + along, 0), years.length - 1);
    else {
      before = null;
      set(at, round((values[at] ?? values.findLast((each, place) => place < at && each !== null) ?? begins) + (by * (slip.high - slip.low)) / 50));
      fill();
    }
    tell();
  });
  paint();
  return make("div", {class: "draw"}, output, picture, make("p", {class: "hint"}, words.draw_hint));
}

const PUT = {direction: one_of, lever: one_of, rank: in_order, amount, count, line, why};
