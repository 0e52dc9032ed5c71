// What is asked of the engine, and what is known: one run at once for the hand that moves a lever, simulations after a pause.

import {median_and_ranges, ranges_over_time} from "../pocket/ranges.js";

const PAUSE = 250; // ms without a move, after which simulations begin
const LATEST = 2, MOST = 60; // settings whose simulations are kept whole; of so many others, the years that are shown

export class Calculator {
  // `places`: of the years that may be shown, where they are among the engine's times; `told` hears of all that comes.
  constructor(engine, {members, places, told}) {
    Object.assign(this, {engine, members, places, told, wanted: null, one: null, timer: 0, whole: new Map(), years: new Map(), waiting: []});
  }

  // The run without policy, which every difference is taken from.
  async begin() {
    this.plain = await this.engine.run([]);
    this.baseline = this.plain.values;
  }

  // Show a setting: `key` says which, `changes` what it moves; `others` are settings whose simulations are wanted too.
  async set(key, changes, others) {
    const is_other = key !== this.wanted?.key;
    this.wanted = {key, changes};
    this.waiting = others;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._simulate(), is_other ? PAUSE : 0);
    if (!is_other) return;
    this.engine.hush();
    Object.assign(this, {one: null, is_broken: false});
    const found = changes.length ? await this.engine.run(changes) : this.plain;
    if (found === null || this.wanted.key !== key) return;
    this.one = found.ok ? found.values : null;
    Object.assign(this, {is_broken: !found.ok, is_cut: found.is_cut});
    this.told({broke: !found.ok ? "run_broke" : this.whole.get(key)?.broke ? "ensemble_broke" : null});
  }

  async _simulate() {
    const shown = this.is_broken ? [] : [this.wanted]; // of what breaks in one run no simulations are asked for
    const next = [...shown, ...this.waiting].find(({key}) => !(key === this.wanted.key ? this.whole : this.years).has(key));
    if (!next || next.key === this.under_way) return;
    this.under_way = next.key;
    const found = await this.engine.simulate(next.changes, this.members, (done, all) => {
      if (next.key === this.wanted.key) this.told({progress: true, done, all});
    });
    if (this.under_way === next.key) this.under_way = null;
    if (found === null) return; // a hand moved, or another setting took its place
    // As in the full simulator, ranges are of all simulations or of none.
    this._keep(next.key, found.broke ? {...found, members: 0} : found);
    const is_shown = next.key === this.wanted.key && this.one;
    this.told(is_shown ? {broke: found.broke ? "ensemble_broke" : null} : {});
    this._simulate();
  }

  // Have one more place looked at: what is not known there any more is worked out anew when it is asked for.
  watch(place) {
    if (this.places.includes(place)) return;
    this.places = [...this.places, place];
    for (const key of this.years.keys()) {
      if (this.whole.has(key)) this._keep_years(key, this.whole.get(key)); else this.years.delete(key);
    }
  }

  _keep_years(key, found) {
    const at_places = (side) => Object.fromEntries(Object.entries(side).map(([name, rows]) =>
      [name, Object.fromEntries(this.places.map((place) => [place, rows.map((row) => row[place])]))]));
    this.years.set(key, {members: found.members, broke: found.broke, policy: at_places(found.policy), baseline: at_places(found.baseline)});
    for (const old of [...this.years.keys()].slice(0, -MOST)) this.years.delete(old);
  }

  _keep(key, found) {
    this._keep_years(key, found);
    this.whole.delete(key);
    this.whole.set(key, {...found, lines: {}});
    for (const old of [...this.whole.keys()].slice(0, -LATEST)) if (old !== this.wanted.key) this.whole.delete(old);
  }

  get is_settled() { return this.whole.has(this.wanted?.key); }

  // What is known of each outcome of a setting at one of the places: arrays over simulations, or numbers of the run that
  // is shown; nothing where neither is known.
  at(place, key = this.wanted.key) {
    const many = this.years.get(key);
    if (many?.members) {
      return Object.fromEntries(this.engine.outcomes.map((name) => [name, {policy: many.policy[name][place], baseline: many.baseline[name][place]}]));
    }
    const one = key === this.wanted.key ? this.one : null;
    return one && Object.fromEntries(this.engine.outcomes.map((name) => [name, {policy: one[name][place], baseline: this.baseline[name][place]}]));
  }

  // Lines of an outcome over the times from a place on: {middle, half, most, baseline}; without ranges before there are simulations.
  lines(name, first, is_difference) {
    const many = this.whole.get(this.wanted.key), places = Array.from(this.engine.times.keys()).slice(first);
    if (!many?.members) {
      if (!this.one) return null;
      const base = this.baseline[name], own = this.one[name];
      return {middle: places.map((place) => own[place] - (is_difference ? base[place] : 0)), baseline: places.map((place) => base[place])};
    }
    const key = `${name} ${first} ${is_difference}`;
    return many.lines[key] ??= this._lines(many, name, places, is_difference);
  }

  _lines(many, name, places, is_difference) {
    const policy = many.policy[name], baseline = many.baseline[name];
    const rows = is_difference ? policy.map((row, member) => row.map((value, place) => value - baseline[member][place])) : policy;
    return {...ranges_over_time(rows, places), baseline: is_difference ? null : places.map((place) => median_and_ranges(baseline.map((row) => row[place])).median)};
  }
}
