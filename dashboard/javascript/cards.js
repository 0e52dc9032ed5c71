// The sentences, the advisories and the outcomes as cards of equal weight.

import {make, patch} from "./dom.js";
import {opened} from "./model.js";

const SVG = "http://www.w3.org/2000/svg";

// The range of the difference on a line through zero, which stands in the middle.
function interval(places, tone) {
  const drawn = document.createElementNS(SVG, "svg");
  const add = (tag, values) => {
    const part = document.createElementNS(SVG, tag);
    Object.entries(values).forEach(([name, value]) => part.setAttribute(name, value));
    drawn.append(part);
  };
  Object.entries({viewBox: "0 0 200 14", class: `interval ${tone}`, "aria-hidden": "true", preserveAspectRatio: "none"})
    .forEach(([name, value]) => drawn.setAttribute(name, value));
  const [low, middle, high] = places.map((place) => 100 + 92 * place);
  add("line", {x1: 4, x2: 196, y1: 7, y2: 7, class: "rail"});
  add("rect", {x: low, y: 3.5, width: Math.max(high - low, 2), height: 7, rx: 2, class: "range"});
  add("line", {x1: 100, x2: 100, y1: 0, y2: 14, class: "zero"});
  add("rect", {x: middle - 1.5, y: 1, width: 3, height: 12, class: "middle"});
  return drawn;
}

function card(told) {
  const judged = told.verdict ? make("span", {class: "judged"}, " \u00b7 " + told.verdict) : null;
  const arrow = told.arrow ? make("span", {"aria-hidden": "true"}, told.arrow + " ") : null;
  const looks = {class: "card " + told.tone, title: told.meaning, "data-card": told.id};
  const line = told.range ? make("p", {class: "range"}, told.range) : null;
  const bet = told.chance ? make("p", {class: "chance"}, told.chance) : null;
  return make("article", looks, make("h3", {}, make("button", {type: "button", class: "plain"}, told.title)),
    make("p", {class: "value"}, told.value, told.unit ? make("small", {}, told.unit) : null),
    make("p", {class: "change " + told.tone}, arrow, told.difference, judged),
    told.interval ? interval(told.interval, told.tone) : null, line, bet,
    make("p", {class: "base"}, told.baseline));
}

function advisory({kind, label, what, why, about}) {
  return make("li", {class: kind}, make("span", {class: "kind"}, label), make("div", {}, make("b", {}, what), " ", why,
    about.length ? make("small", {}, about.join(" \u00b7 ")) : null));
}

export function render({model: bare, el}) {
  const model = opened(bare);
  const words = model.words;
  const moved = make("p", {class: "moves"});
  const verdict = make("p", {class: "verdict", role: "status"});
  const certainty = make("p", {class: "certainty"});
  const title = make("h2", {}, words.advisories);
  const advisories = make("section", {class: "advisories", hidden: true, "aria-label": words.advisories});
  const year = make("select", {"aria-label": words.in_year});
  year.addEventListener("change", () => model.send_msg({year: Number(year.value)}));
  const list = make("div"), judged = make("div");
  const rows = make("div", {onclick: ({target}) => {
    if (target.closest("button")) model.send_msg({why: target.closest("[data-card]").dataset.card});
  }});
  el.append(moved, verdict, certainty, advisories, make("div", {class: "bar"},
    make("label", {}, make("h2", {}, words.in_year), year),
    make("details", {class: "choose"}, make("summary", {}, words.choose), make("div", {class: "list"}, list,
      make("fieldset", {class: "judged"}, make("legend", {}, words.judged), judged, make("p", {class: "hint"}, words.judged_hint))))), rows);
  list.addEventListener("change", () => {
    model.send_msg({chosen: [...list.querySelectorAll("input:checked")].map((each) => each.value)});
  });
  judged.addEventListener("change", () => {
    model.send_msg({valued: [...judged.querySelectorAll("input:checked")].map((each) => each.value)});
  });
  const once = (element, key, entries, build) => {
    const wanted = JSON.stringify(entries);
    if (element.dataset[key] === wanted) return;
    element.replaceChildren(...build(entries));
    element.dataset[key] = wanted;
  };
  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  function show() {
    const shown = model.shown;
    once(year, "years", shown.years ?? [], (years) => years.map((each) => make("option", {value: each}, String(each))));
    year.value = shown.year;
    for (const [boxes, choices, checked] of [[list, shown.choices, shown.chosen], [judged, shown.judged, shown.valued]]) {
      once(boxes, "choices", choices ?? [], (all) => all.map(([id, said]) =>
        make("label", {}, make("input", {type: "checkbox", value: id}), said)));
      for (const box of boxes.querySelectorAll("input")) box.checked = (checked ?? []).includes(box.value);
    }
    say(moved, shown.moved ?? "");
    say(verdict, shown.verdict ?? "");
    say(certainty, shown.certainty ?? "");
    once(advisories, "said", shown.advisories ?? [], (all) => [title, make("ul", {tabindex: 0, "aria-label": words.advisories}, ...all.map(advisory))]);
    advisories.hidden = !(shown.advisories ?? []).length;
    (shown.rows ?? []).forEach(([name, cards], place) => {
      let row = rows.children[place];
      if (!row) rows.append(row = make("section", {}, make("h2", {class: "row-title"}, name), make("div", {class: "cards"})));
      const held = row.lastElementChild;
      while (held.childElementCount > cards.length) held.lastElementChild.remove();
      cards.forEach((told, number) => {
        const wanted = JSON.stringify(told), old = held.children[number];
        if (old?.dataset.said === wanted) return;
        const made = card(told);
        made.dataset.said = wanted;
        if (old) patch(old, made); else held.append(made);
      });
    });
  }
  model.on("shown", show);
  show();
}
