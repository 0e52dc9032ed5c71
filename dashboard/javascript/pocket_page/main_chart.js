// What the main chart shows of the chosen outcome: its difference from the baseline with ranges, or its levels and the record.

import {make} from "../dom.js";
import {between} from "../pocket/inputs.js";
import {Chart, table_of} from "./chart.js";

const KINDS = ["difference", "levels"];

export class MainChart {
  // `choose` hears of another outcome (`focus`) or another kind of chart (`drawn`).
  constructor(words, outcomes, choose) {
    const say = (key) => words.say(`main_chart.${key}`);
    this.words = words;
    this.select = make("select", {"aria-label": words.say("pocket.outcome"), onchange: () => choose({focus: this.select.value})},
      ...outcomes.map((name) => make("option", {value: name}, words.title(name))));
    this.buttons = KINDS.map((kind) => make("button", {type: "button", "data-chart": kind, onclick: () => choose({drawn: kind})}, say(`show_${kind}`)));
    this.title = make("h3");
    this.key = make("p", {class: "key"});
    this.summary = make("p", {class: "summary"});
    this.nothing = make("p", {class: "nothing"}, say("nothing"));
    this.data = make("div", {class: "table", tabIndex: 0, role: "group", "aria-label": words.say("page.data")});
    this.details = make("details", {class: "data", ontoggle: () => this._tabulate()}, make("summary", {}, words.say("page.data")), this.data);
    const plot = make("div", {class: "plot"}), readout = make("p", {class: "readout"});
    const figure = make("figure", {class: "chart", id: "figure-pocket"}, make("figcaption", {}, this.title), this.key, plot, this.nothing, readout, this.summary, this.details);
    this.element = make("section", {class: "main-chart", "aria-label": say("name")},
      make("div", {class: "tools"}, make("label", {class: "choice"}, make("span", {class: "unseen"}, words.say("pocket.outcome")), this.select),
        make("div", {class: "segments", role: "group", "aria-label": say("name")}, ...this.buttons)),
      make("div", {class: "both"}, figure));
    this.chart = new Chart(plot, readout);
  }

  // `seen`: {outcome, kind, lines, times, start, record, summary, has_moved}.
  show(seen) {
    const {words} = this, {say, numbers} = {say: (...given) => words.say(...given), numbers: words.numbers};
    const {outcome, kind, lines, times, start, record, summary, has_moved} = seen, {id, unit} = outcome;
    const is_difference = kind === "difference", title = words.title(id);
    this.select.value = id;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.chart === kind));
    this.title.textContent = is_difference ? say("main_chart.title", {outcome: title}) : title;
    const beside = is_difference && unit === "1" ? say("main_chart.points") : numbers.unit_beside(unit);
    if (beside) this.title.append(make("small", {}, beside));
    this.summary.textContent = summary;
    this.nothing.hidden = has_moved || !is_difference;
    if (!lines) return;
    const written = (value) => is_difference ? numbers.difference(value, unit) : numbers.full(value, unit);
    const tick = (value) => is_difference && unit === "1" ? numbers.figures(100 * value, 3) : numbers.short(value, unit);
    const ranges = lines.most ? [{...lines.most, look: "most"}, {...lines.half, look: "half"}] : [];
    const shown = [{values: lines.middle, look: "yours"}];
    if (!is_difference) shown.unshift({values: lines.baseline, look: "baseline"});
    if (lines.twin) shown.push({values: lines.twin, look: "twin"});
    const points = is_difference ? null : record;
    this._tell_key(is_difference, ranges.length > 0, points?.time.length > 0, Boolean(lines.twin));
    const range = (low, high) => say("compare.range", {low: written(low), high: written(high)});
    this.rows = (year, at) => [say("pair", {name: numbers.year(year), value: written(at(lines.middle))}),
      ...(lines.most ? [`${say("main_chart.range")}: ${range(at(lines.most.low), at(lines.most.high))}`] : [])].join(" \u00b7 ");
    this.chart.show({times, lines: shown, ranges, points, mark: start, label: `${this.title.textContent}. ${summary}`, tick, told: this.rows});
    this.table = () => {
      const heads = [say("page.year"), is_difference ? say("main_chart.difference") : say("yours"),
        ...(is_difference ? [] : [say("baseline")]), ...(lines.most ? [say("main_chart.range")] : [])];
      const years = [];
      for (let year = Math.ceil(times[0]); year <= times.at(-1) + 1e-9; year++) years.push(year);
      const rows = years.map((year) => {
        const at = (values) => between(year, times, values);
        return [numbers.year(year), written(at(lines.middle)), ...(is_difference ? [] : [written(at(lines.baseline))]),
          ...(lines.most ? [range(at(lines.most.low), at(lines.most.high))] : [])];
      });
      return table_of(this.title.textContent, heads, rows);
    };
    this._tabulate();
  }

  _tabulate() {
    if (this.details.open && this.table) this.data.replaceChildren(this.table());
  }

  _tell_key(is_difference, has_ranges, has_record, has_twin) {
    const {words} = this, part = (look, text) => make("span", {}, make("i", {class: `sample ${look}`, "aria-hidden": "true"}), text);
    const parts = has_ranges ? [part("yours", words.say("main_chart.key"))] : [part("yours", words.say("overview.verdicts.so_far"))];
    if (!is_difference) parts.push(part("baseline", words.say("baseline")));
    if (has_twin) parts.push(part("twin", words.say("charts.legend_recorded")));
    if (has_record) parts.push(part("recorded", words.say("charts.legend_history")));
    this.key.replaceChildren(...parts);
  }
}
