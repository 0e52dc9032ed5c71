"""The headline: one sentence, a caution where one is due, and the outcomes as cards of equal weight."""

from __future__ import annotations

from .base import SHARED, Component


class Headlines(Component):
    """Sends `{year}` and `{chosen: [ids]}`."""

    _esm = (
        SHARED
        + """
function card(told) {
  const judged = told.verdict ? make("span", {class: "judged"}, " \\u00b7 " + told.verdict) : null;
  const arrow = told.arrow ? make("span", {"aria-hidden": "true"}, told.arrow + " ") : null;
  const looks = {class: "card", title: told.meaning, "data-card": told.id};
  return make("article", looks, make("h3", {}, told.title),
    make("p", {class: "value"}, told.value, told.unit ? make("small", {}, told.unit) : null),
    make("p", {class: "change " + told.tone}, arrow, told.difference, judged),
    make("p", {class: "base"}, told.baseline));
}

export function render({model, el}) {
  const words = model.words;
  const verdict = make("p", {class: "verdict", role: "status"});
  const caution = make("p", {class: "caution", hidden: true, role: "status"});
  const year = make("select", {"aria-label": words.in_year});
  year.addEventListener("change", () => model.send_msg({year: Number(year.value)}));
  const list = make("div", {class: "list"});
  const rows = make("div");
  el.append(make("div", {class: "bar"}, make("label", {}, make("h2", {}, words.in_year), year),
    make("details", {class: "choose"}, make("summary", {}, words.choose), list)), verdict, caution, rows);
  list.addEventListener("change", () => {
    model.send_msg({chosen: [...list.querySelectorAll("input:checked")].map((each) => each.value)});
  });
  function show() {
    const shown = model.shown;
    const years = JSON.stringify(shown.years ?? []);
    if (year.dataset.years !== years) {
      year.replaceChildren(...(shown.years ?? []).map((each) => make("option", {value: each}, String(each))));
      year.dataset.years = years;
    }
    year.value = shown.year;
    const choices = JSON.stringify(shown.choices ?? []);
    if (list.dataset.choices !== choices) {
      list.replaceChildren(...(shown.choices ?? []).map(([id, said]) =>
        make("label", {}, make("input", {type: "checkbox", value: id}), said)));
      list.dataset.choices = choices;
    }
    const chosen = new Set(shown.chosen ?? []);
    for (const box of list.querySelectorAll("input")) box.checked = chosen.has(box.value);
    if (verdict.textContent !== shown.verdict) verdict.textContent = shown.verdict;
    if (caution.textContent !== shown.caution) caution.textContent = shown.caution ?? "";
    caution.hidden = !shown.caution;
    rows.replaceChildren(...(shown.rows ?? []).map(([name, cards]) =>
      make("section", {"aria-label": name}, make("div", {class: "cards"}, ...cards.map(card)))));
  }
  model.on("shown", show);
  show();
}
"""
    )
