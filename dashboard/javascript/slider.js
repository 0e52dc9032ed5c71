import {make, paired} from "./dom.js";
import {counted, entry_digits, fault_of_number, in_full, is_one, page_signs, plain, read_setting, rounded, times_of} from "./numbers.js";

const SIDEWAYS = 6; // pixels that a finger goes before it moves a slider
const APART = 0.03; // of a scale, below which marks share a tick

// Marks that lie closer than a tick is wide, together.
function ticks_of(marks, part) {
  const ticks = [];
  for (const mark of [...marks].sort((one, other) => one.at - other.at)) {
    const last = ticks.at(-1);
    if (last && part(mark.at) - part(last[0].at) < APART) last.push(mark);
    else ticks.push([mark]);
  }
  return ticks;
}

// One slider with its exact entry, and a second one in agents or places where it counts them: for all gateways (`place`
// null) or for one. `tell` says the names of marks; `place_at` of what it returns moves it.
export function slider(control, place, words, turns, tell = () => {}) {
  const route = place === null ? null : control.routes[place];
  const id = {id: control.id, route: route ? route.id : null};
  const name = route ? `${control.title}, ${route.title}` : control.title;
  const label = route ? route.title
    : control.routes.length ? `${control.title}, ${control.together.toLowerCase()}` : control.title;
  const {low, high, step, scale, digits} = control;
  const exact = place === null ? control.today : [control.today[place]];
  const todays = exact.map((each) => each * scale);
  const same = todays.every((each) => each === todays[0]);
  const today = todays[0];
  const told = same ? `${words.today} ${plain(today)}` : control.differs;
  const part = (value) => Math.min(Math.max((value - low) / (high - low), 0), 1);
  const at = (value) => `calc(${part(value)} * (100% - 18px) + 9px)`;
  let value = null, all = null; // what is set, and the agents or places that it comes to
  // What one is in agents or places.
  const each = control.counted?.each, one = each && (place === null ? each.reduce((sum, own) => sum + own, 0) : each[place]);
  const marks = (place === null ? control.marks : control.route_marks?.[place]) ?? [];

  const range = make("input", {
    type: "range", min: low, max: high, step: "any", id: control.id + (route ? "-" + route.id : ""),
    "aria-label": name, "aria-describedby": `${control.id}-meaning ${control.id}-idle`,
    "data-lever": control.id, "data-route": id.route ?? "",
  });
  const entry = make("input", {
    type: "text", inputMode: "decimal", autocomplete: "off", "aria-label": `${name}, ${words.exact}`,
    "data-entry": control.id, "data-route": id.route ?? "",
  });
  const back = make("button", {
    type: "button", class: "back", title: words.back, "aria-label": paired(words, words.back, name), hidden: true,
  }, "\u21ba");
  const fault = make("p", {class: "fault", hidden: true, role: "alert"});
  const count = one && make("input", {
    type: "text", inputMode: "numeric", autocomplete: "off", "aria-label": `${name}, ${control.counted.unit}`,
    "data-count": control.id, "data-route": id.route ?? "",
  });
  const lines = [...new Set(todays)].map((each) =>
    make("span", {class: "mark", "aria-hidden": "true", style: `left: ${at(each)}`}));
  const ticks = ticks_of(marks, part).map((held) => {
    const tick = make("span", {class: "tick", style: `left: ${at(held[0].at)}`});
    tick.addEventListener("pointerenter", () => tell(held.map((mark) => mark.told).join("; ")));
    tick.addEventListener("pointerleave", () => tell(""));
    return tick;
  });
  const [first, last] = (place === null && control.covered) || [];
  const bar = first === undefined ? null : make("span", {class: "covered",
    style: `left: ${at(first)}; width: max(3px, ${part(last) - part(first)} * (100% - 18px))`});
  const middle = same ? part(today) : 0.5;
  const centre = `left: ${same ? at(today) : "50%"}; transform: translateX(-50%)`;
  const stands = middle < 0.15 ? "left: 0" : middle > 0.85 ? "right: 0" : centre;
  const ends = [[low, middle > 0.35], [high, middle < 0.65]].map(([end, shown]) =>
    make("span", {style: shown ? "" : "visibility: hidden"}, plain(end)));
  const row = make("div", {class: "row"},
    make("div", {class: "head"}, make("label", {htmlFor: range.id}, label),
      make("span", {class: "entry"}, back, entry, control.unit),
      count ? make("span", {class: "entry"}, count, control.counted.unit) : null),
    make("div", {class: "track"}, ...lines, range),
    ...(control.marks ? [make("div", {class: "ticks", "aria-hidden": "true"}, bar, ...ticks)] : []),
    make("div", {class: "scale", "aria-hidden": "true"}, ends[0],
      make("span", {class: "today", style: stands}, told), ends[1]),
    fault);

  let painted = null; // what is drawn
  function draw(shown, changed, total) {
    const start = !changed ? shown : same ? today : low;
    const [from, to] = [Math.min(start, shown), Math.max(start, shown)];
    range.style.setProperty("--fill", "linear-gradient(to right, " +
      `var(--line) ${at(from)}, var(--yours) ${at(from)}, var(--yours) ${at(to)}, var(--line) ${at(to)})`);
    const in_numbers = one ? `, ${in_full(total)}\u00a0${control.counted.unit}` : "";
    const here = marks.filter((mark) => Math.abs(part(mark.at) - part(shown)) < 0.002).map((mark) => `, ${mark.name}`).join("");
    range.setAttribute("aria-valuetext", `${plain(shown)}\u00a0${is_one(shown) ? control.unit_of_one : control.unit}${in_numbers}, ${told}${here}`);
  }
  // `total` is the number of agents where gateways differ.
  function paint(shown, changed = shown !== today, total = counted(shown, one)) {
    value = shown;
    all = total;
    range.value = shown;
    const wanted = `${shown} ${changed} ${total}`;
    if (wanted !== painted) draw(shown, changed, total);
    painted = wanted;
    if (count && count.getRootNode().activeElement !== count) count.value = entry_digits(total);
    if (entry.getRootNode().activeElement !== entry) entry.value = entry_digits(rounded(shown, digits));
    back.hidden = !changed;
  }
  function move(shown) {
    fault.hidden = true;
    paint(shown, !same || shown !== today);
    const known = todays.indexOf(shown);
    turns.send({...id, value: known >= 0 ? exact[known] : Number((shown / scale).toPrecision(12))});
  }
  const snap = (raw) => rounded(Math.min(Math.max(Math.round(raw / step) * step, low), high), digits);

  // A finger that scrolls the panel begins on a slider as often as beside it. So a touch moves nothing until it goes
  // sideways or is lifted where it came down; where the browser takes it for scrolling, all stays as it was.
  let touch = null;
  range.addEventListener("pointerdown", (event) => {
    touch = event.pointerType === "touch" ? {x: event.clientX, y: event.clientY, decided: false} : null;
  });
  range.addEventListener("pointermove", (event) => {
    if (touch && Math.abs(event.clientX - touch.x) > SIDEWAYS) touch.decided = true;
  });
  range.addEventListener("pointerup", () => {
    const tapped = touch && !touch.decided;
    touch = null;
    if (tapped && Number(range.value) !== value) range.dispatchEvent(new Event("input"));
  });
  range.addEventListener("pointercancel", () => {
    if (touch && !touch.decided) paint(value, !back.hidden);
    touch = null;
  });
  range.addEventListener("input", () => {
    if (touch && !touch.decided) return;
    const raw = Number(range.value);
    move(same && Math.abs(part(raw) - part(today)) < 0.007 ? today : snap(raw));
  });
  range.addEventListener("keydown", (event) => {
    const jumps = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10};
    const jump = jumps[event.key], end = {Home: low, End: high}[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || (jump === undefined && end === undefined)) return;
    event.preventDefault();
    if (end !== undefined) return move(end);
    const steps = value / step;
    const whole = jump > 0 ? Math.floor(steps + 1e-6) : Math.ceil(steps - 1e-6);
    const next = snap((whole + jump) * step);
    move(same && (today - value) * (today - next) < 0 ? today : next);
  });
  range.addEventListener("change", () => turns.release());
  range.addEventListener("keyup", (event) => { if (event.key !== "Tab") turns.release(); });
  // A field takes a number in its own unit: `read` makes it a value of the slider, `write` is the way back.
  function takes(field, unit, start, ends, read, write) {
    field.addEventListener("change", () => {
      const found = read_setting(field.value, page_signs(), unit, low, same ? start : undefined);
      // Where gateways or origins differ today, each is set to so many times its own.
      const several = found.times === undefined ? [] : exact.map((each) => each * found.times);
      if (several.length) {
        const out = several.map((each) => each * scale).find((each) => each < low || each > high);
        if (out === undefined) {
          fault.hidden = true;
          turns.send(...several.map((each, number) => ({id: control.id, route: control.routes[number].id, value: each})));
          paint(several.reduce((sum, each) => sum + each, 0) / several.length * scale, found.times !== 1);
          field.value = write();
          return turns.release();
        }
        found.value = out;
      }
      const told = fault_of_number(field.value, found, page_signs(), words, ...ends, unit);
      if (told) {
        fault.textContent = told;
        fault.hidden = false;
      } else {
        move(read(found.value));
        turns.release();
      }
      field.value = write();
    });
    field.addEventListener("blur", () => { field.value = write(); });
  }
  // Today's value as it is shown is today's to the last bit; and what was taken is shown.
  takes(entry, control.unit, today, [low, high], (typed) => todays.find((each) => rounded(each, digits) === typed) ?? typed,
    () => entry_digits(rounded(value, digits)));
  if (count)
    takes(count, control.counted.unit, counted(today, one), [counted(low, one), counted(high, one)],
      (typed) => typed === counted(today, one) ? today : times_of(typed, one), () => entry_digits(all));
  back.addEventListener("click", () => { range.focus(); turns.send({...id, value: null}); turns.release(); });
  return {row, paint, marks, place_at: (shown) => { move(shown); turns.release(); }};
}
