// Combinations that are implausible or touch people's rights: `pushpull.dashboard.compute.judging.advisories` once more,
// with its rules, which come as data. What takes runs of its own stays with the full simulator: which lever of a
// package does which half, and whether fewer people ask for protection.

import {Grid} from "../pocket/inputs.js";

const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;
const FLAGS = ["raised", "at_once"];

export class Advisories {
  // `known`: rules and thresholds; `settings` and `corridor`: of the levers; `harms`: the outcomes that are harm to people.
  constructor(known, settings, corridor, harms) {
    Object.assign(this, {known, settings, corridor, harms});
    const {start, end, steps_per_year} = corridor;
    this.grid = new Grid({start, steps: Math.round((end - start) * steps_per_year), steps_per_year});
  }

  // What applies to policies and to the verdicts on outcomes, in order: {kind, key, levers, outcomes, claim}.
  of(policies, verdicts, is_cut) {
    const {claims, order} = this.known;
    const found = [...this._by_rule(policies), ...this._of_outcomes(verdicts), ...this._of_the_run(policies, is_cut)].map((each) => {
      const outcome = claims[each.key]?.[1];
      return {levers: [], outcomes: [], ...each, claim: outcome && verdicts[outcome].members ? {outcome, direction: verdicts[outcome].direction} : null};
    });
    return order.flatMap((kind) => found.filter((each) => each.kind === kind));
  }

  _by_rule(policies) {
    const {rules, at_the_edge, many_at_the_edge} = this.known, found = [];
    if (this.corridor.is_out_of_date) found.push({kind: "plausibility", key: "fit_out_of_date"});
    if (!Object.keys(policies).length) return found;
    const applies = ({conditions}) => conditions.every((each) => this._meets(policies, each));
    found.push(...rules.filter(applies).map(({kind, key, levers}) => ({kind, key, levers})));
    const far = Object.entries(this.corridor.limits).filter(([name, [low, high]]) =>
      this._is_raised(policies, name) && (this._value(policies, name) - low) / (high - low) >= at_the_edge).map(([name]) => name);
    if (far.length >= many_at_the_edge) found.push({kind: "plausibility", key: "many_at_the_edge", levers: far});
    return found;
  }

  // What simulations bear out; one run bears out no warning of an outcome.
  _of_outcomes(verdicts) {
    const worse = this.harms.filter((name) => verdicts[name].word === "worse");
    return worse.length && verdicts.smuggled_migrants.direction < 0 ? [{kind: "result", key: "fewer_smuggled_more_harmed", outcomes: worse}] : [];
  }

  _of_the_run(policies, is_cut) {
    const reaches = ({span}) => { const [first, last] = this.grid.reach({...span, stop: span.stop ?? Infinity}); return first < last; };
    const idle = new Set(this.settings.changes(policies).filter((each) => !reaches(each)).map((each) => each.name));
    return [...(idle.size ? [{kind: "calculation", key: "never_acts", levers: [...idle]}] : []),
      ...(is_cut ? [{kind: "calculation", key: "moves_halved"}] : [])];
  }

  _meets(policies, {measure, lever, holds, least, above, below}) {
    if (FLAGS.includes(measure)) return (measure === "raised" ? this._is_raised(policies, lever) : this._is_at_once(policies, lever)) === holds;
    const value = {value: this._value, moved: this._moved, ratio: this._ratio}[measure].call(this, policies, lever);
    return (least === null || value >= least) && (above === null || value > above) && (below === null || value < below);
  }

  _value(policies, name) { return mean(this.settings.values(policies, name)); }

  _today(name) { return mean(this.settings.values({}, name)); }

  _moved(policies, name) {
    const [low, high] = this.corridor.limits[name];
    return (this._value(policies, name) - this._today(name)) / (high - low);
  }

  _ratio(policies, name) {
    const value = this._value(policies, name), today = this._today(name);
    return today ? value / today : value ? Infinity : 1;
  }

  _is_raised(policies, name) {
    const {notable} = this.known, ratio = this._ratio(policies, name);
    return this._moved(policies, name) > notable || (ratio > 1 + notable && ratio < Infinity);
  }

  _is_at_once(policies, name) {
    const setting = policies[name];
    return typeof setting === "number" || (setting !== null && typeof setting === "object" && "times_today" in setting);
  }
}
