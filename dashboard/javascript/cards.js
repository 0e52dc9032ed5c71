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

// By how much an outcome differs: the amount, and beside it the share of the baseline.
export const change_of = ({difference, ratio}) => [difference, ratio].filter(Boolean).join(" ");

// A card has room for a short verdict; all of it is there for who points at it.
function card(told, focus) {
  const verdict = told.verdict ? " \u00b7 " + told.verdict : "";
  const judged = verdict ? make("span", {class: "judged"}, make("span", {class: "between"}, "\u00b7 "), told.short) : null;
  const arrow = told.arrow ? make("span", {"aria-hidden": "true"}, told.arrow + " ") : null;
  const known = [told.title, told.meaning, change_of(told) + verdict, told.baseline, told.range].filter(Boolean).join("\n");
  const amount = make("span", {class: "amount"}, arrow, told.difference);
  const share = told.ratio ? make("span", {class: "ratio"}, " " + told.ratio) : null;
  const looks = {class: "card " + told.tone, title: known, "data-card": told.id};
  const line = make("p", {class: "range"}, told.range || told.baseline);
  const bet = told.chance ? make("p", {class: "chance"}, told.chance) : null;
  const chosen = make("button", {type: "button", class: "plain", "aria-pressed": String(told.id === focus)}, told.title);
  return make("article", looks, make("h3", {}, chosen),
    make("p", {class: "value"}, told.value, make("small", {}, told.unit)),
    make("p", {class: "change " + told.tone}, amount, share, judged ? " " : "", judged),
    told.interval ? interval(told.interval, told.tone) : null, line, bet);
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
  const advisories = make("section", {class: "advisories", hidden: true, "aria-label": words.advisories});
  // All that is said, of which the strip has room for a part: drawn while it is open.
  const full = make("div", {class: "full", hidden: true, role: "region", "aria-label": words.sheet, tabIndex: 0});
  const more = make("button", {type: "button", class: "button more", "aria-expanded": "false", onclick: () => open(full.hidden)},
    words.more);
  function open(wanted) {
    full.hidden = !wanted;
    more.setAttribute("aria-expanded", String(wanted));
    more.textContent = wanted ? words.less : words.more;
    show();
  }
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || full.hidden) return;
    open(false);
    more.focus();
  });
  const year = make("select", {"aria-label": words.in_year});
  year.addEventListener("change", () => model.send_msg({year: Number(year.value)}));
  const list = make("div"), judged = make("div");
  const rows = make("div", {onclick: ({target}) => {
    const chosen = target.closest("[data-card]");
    if (chosen) model.send_msg({focus: chosen.dataset.card});
  }});
  const choices = make("div", {class: "list"}, list, make("fieldset", {class: "judged"}, make("legend", {}, words.judged), judged,
    make("p", {class: "hint"}, words.judged_hint)));
  el.append(make("div", {class: "strip"}, make("div", {class: "said"}, moved, verdict, advisories),
    make("div", {class: "bar"}, make("label", {}, make("h2", {}, words.in_year), year),
      make("details", {class: "choose"}, make("summary", {class: "button"}, words.choose), choices), more), full), rows);
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
    if (element.textContent !== text) element.textContent = element.title = text;
    element.hidden = !text;
  };
  function tell(told) {
    if (!told) return [];
    const [...sentences] = told.slice(0, 3).filter(Boolean).map((said) => make("p", {}, said)), all = told[3];
    return all.length ? [...sentences, make("h2", {}, words.advisories), make("ul", {}, ...all.map(advisory))] : sentences;
  }
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
    once(advisories, "said", shown.advisories ?? [], (all) => all.slice(0, 1).map(({kind, label, what}) =>
      make("p", {class: kind, title: what}, make("span", {class: "kind"}, label), " ", what,
        all.length > 1 ? make("small", {}, " " + words.and_more.replace("{}", all.length - 1)) : null)));
    advisories.hidden = !(shown.advisories ?? []).length;
    once(full, "told", full.hidden ? null : [shown.moved, shown.verdict, shown.certainty, shown.advisories ?? []], tell);
    window.pushpull.cards = shown.rows ?? [];
    window.dispatchEvent(new Event("pushpull:cards"));
    (shown.rows ?? []).forEach(([name, cards], place) => {
      let row = rows.children[place];
      if (!row) rows.append(row = make("section", {}, make("h2", {class: "unseen"}, name),
        make("div", {class: place ? "cards small" : "cards"})));
      row.lastElementChild.style.setProperty("--columns", Math.min(cards.length, 6));
      const held = row.lastElementChild;
      while (held.childElementCount > cards.length) held.lastElementChild.remove();
      cards.forEach((told, number) => {
        const wanted = JSON.stringify([told, told.id === shown.focus]), old = held.children[number];
        if (old?.dataset.said === wanted) return;
        const made = card(told, shown.focus);
        made.dataset.said = wanted;
        if (old) patch(old, made); else held.append(made);
      });
    });
  }
  model.on("shown", show);
  show();
}
