// Verdicts on outcomes: `pushpull.dashboard.compute.judging.outcome_verdicts` once more, with its thresholds. A change is
// stated where it is material and clear in the simulations; one run alone bears out no verdict.

import {median_and_ranges} from "./ranges.js";

const TONES = {better: "better", fewer: "better", worse: "worse", neither: "neither"};

// `rules`: thresholds and lists of outcomes; `outcomes`: what is known of each, by its name.
export class Judge {
  constructor(rules, outcomes) { Object.assign(this, {rules, outcomes}); }

  // The verdict on each outcome. `found` holds for each `{policy, baseline}`: a number of one run, or an array over simulations.
  verdicts(found, valued) {
    const judged = Object.entries(found).map(([name, {policy, baseline}]) => [name, typeof policy === "number"
      ? this._of_one_run(name, policy, baseline) : this._of_simulations(name, policy, baseline, valued)]);
    const harm_rises = judged.some(([name, each]) => this.rules.harms.includes(name) && each.word === "worse");
    const word = (each) => each.word === "fewer" && harm_rises ? "neither" : each.word; // a fall is no success while a harm gets worse
    return Object.fromEntries(judged.map(([name, each]) => [name, {...each, word: word(each), tone: TONES[word(each)] ?? "same"}]));
  }

  _of_one_run(name, value, baseline) {
    const difference = value - baseline;
    const direction = this._is_material(name, difference, baseline, 0) ? Math.sign(difference) : 0;
    return this._verdict(name, {value, baseline, difference, direction, members: 0, chance: NaN, most: [NaN, NaN],
      word: plain_word(direction, difference === 0)});
  }

  _of_simulations(name, policy, before, valued) {
    const members = policy.length, change = Array.from(policy, (each, member) => each - before[member]);
    const own = median_and_ranges(change), base = median_and_ranges(before);
    const share = (holds) => change.filter(holds).length / members;
    const rises = share((each) => each > 0), falls = share((each) => each < 0), sign = Math.sign(own.median);
    const chance = sign > 0 ? rises : sign < 0 ? falls : NaN;
    const material = this._is_material(name, own.median, base.median, base.half[1] - base.half[0]);
    const direction = material && chance >= this.rules.clear ? sign : 0;
    return this._verdict(name, {value: Math.max(base.median + own.median, 0), baseline: base.median, difference: own.median,
      direction, members, chance, most: own.most, word: this._word(name, direction, valued, !rises && !falls)});
  }

  _verdict(name, values) {
    const {baseline, difference} = values;
    return {...values, outcome: this.outcomes[name], is_provisional: !values.members, leaning: Math.sign(difference),
      ratio: baseline ? difference / Math.abs(baseline) : NaN};
  }

  _is_material(name, difference, baseline, spread) {
    const {material, of_spread, least_count} = this.rules, size = Math.abs(difference);
    const least = this.outcomes[name].is_count ? least_count : 0;
    return Number.isFinite(size) && size > 0 && size >= Math.max(material * Math.abs(baseline), of_spread * spread, least);
  }

  _word(name, direction, valued, is_same) {
    const {better} = this.outcomes[name], {by_choice, counts_of_movement} = this.rules;
    const is_judged = valued.includes(name) || !by_choice.includes(name);
    if (!direction || better === "neither" || !is_judged) return plain_word(direction, is_same);
    if ((direction > 0) !== (better === "higher")) return "worse";
    return counts_of_movement.includes(name) ? "fewer" : "better";
  }
}

function plain_word(direction, is_same) {
  if (direction) return direction > 0 ? "higher" : "lower";
  return is_same ? "same" : "unclear";
}
