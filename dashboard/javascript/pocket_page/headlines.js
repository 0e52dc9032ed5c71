// What the cards and sentences say of the outcomes: `dashboard/pages/overview_page.py` once more, with the same words.

import {is_share} from "../pocket/amounts.js";

const ARROWS = {1: "\u25b2", 0: "", [-1]: "\u25bc"}, FEW = 4, MOST_ABOUT = 6;
const NAMED = ["smuggled_migrants", "irregular_residents", "public_cost"];

export class Headlines {
  // `rules`: thresholds and lists of outcomes, as the judge of verdicts has them.
  constructor(words, rules) { Object.assign(this, {words, rules}); }

  // What `cards.js` shows of a state: `setting` is {moved, policy_start, years, year, focus, chosen, valued, choices};
  // `advisories` those that apply.
  shown(setting, verdicts, advisories) {
    const {say} = this._, {people, by_choice} = this.rules, titled = (names) => names.map((name) => [name, this.words.title(name)]);
    const row = (names) => names.map((name) => this.card(verdicts[name]));
    const rows = verdicts ? [[say("overview.people_row"), row(people)], [say("overview.chosen_row"), row(setting.chosen)]] : [];
    return {
      moved: this.moved(setting), verdict: verdicts ? this.sentence(setting, verdicts) : "",
      certainty: verdicts && setting.moved.length ? this.certainty(verdicts) : "", advisories: advisories.map((each) => this.advisory(each)), rows,
      years: setting.years, year: String(setting.year), focus: setting.focus,
      choices: titled(setting.choices.filter((name) => !people.includes(name))), chosen: setting.chosen,
      judged: titled(by_choice), valued: setting.valued,
    };
  }

  get _() { return {say: (...given) => this.words.say(...given), numbers: this.words.numbers}; }

  moved({moved, policy_start}) {
    const {say, numbers} = this._;
    if (!moved.length) return say("overview.nothing_moved");
    const titles = moved.slice(0, FEW).map((name) => this.words.inside(this.words.title(name)));
    if (moved.length > FEW) titles.push(say("overview.and_others", {count: moved.length - FEW}));
    return say(moved.length === 1 ? "overview.moves_one" : "overview.moves", {levers: this.words.join(titles), start: numbers.year(policy_start)});
  }

  sentence({moved, year}, verdicts) {
    const {say, numbers} = this._;
    if (!moved.length) return "";
    if (Object.values(verdicts).every((each) => each.word === "same")) return say("overview.without_effect");
    const key = verdicts[this.rules.harms[0]].is_provisional ? "verdict_so_far" : "verdict";
    return say(`overview.${key}`, {year: numbers.year(year), changes: this._changes(verdicts)});
  }

  // Harm to people first, then numbers, then cost; what shows no clear change stands at the end.
  _changes(verdicts) {
    const {say} = this._, named = [...this.rules.harms, ...NAMED].map((name) => verdicts[name]);
    const title = (each) => this.words.inside(this.words.title(each.outcome.id));
    const clear = named.filter((each) => each.direction).map((each) => `${title(each)} ${this.relative(each)}`);
    const unclear = named.filter((each) => !each.direction).map(title);
    const changes = this.words.join(clear);
    if (!unclear.length) return changes;
    const rest = say(`overview.${named[0].is_provisional ? "hardly_in" : "unclear_in"}`, {outcomes: this.words.join(unclear)});
    return clear.length ? say("overview.changes_and_rest", {changes, rest}) : rest;
  }

  // An advisory in words: what, why, and what it is about.
  advisory({kind, key, levers, outcomes, claim}) {
    const {say} = this._, way = claim && (claim.direction > 0 ? "higher" : claim.direction < 0 ? "lower" : "unclear");
    const why = [say(`advisories.${key}.why`), ...(claim ? [say(`claims.${way}`, {outcome: this.words.title(claim.outcome)})] : [])];
    return {kind, label: say(`advisories.kinds.${kind}`), what: say(`advisories.${key}.what`), why: why.join(" "),
      about: [...levers, ...outcomes].slice(0, MOST_ABOUT).map((name) => this.words.title(name))};
  }

  // In how many simulations harm to people moves as it does in most.
  certainty(verdicts) {
    const {say, numbers} = this._, named = this.rules.harms.map((name) => verdicts[name]).filter((each) => Number.isFinite(each.chance));
    if (!named.length) return "";
    const phrases = named.map((each) => say(`overview.certain_${way(each)}`,
      {outcome: this.words.inside(this.words.title(each.outcome.id)), chance: numbers.chance(each.chance)}));
    return say("overview.certainty", {members: named[0].members, chances: this.words.join(phrases)});
  }

  // A change in percent, or as an amount where the baseline is zero; that there is none worth telling.
  relative(verdict) {
    const {say, numbers} = this._;
    if (!verdict.direction) return say(`overview.${verdict.word === "same" ? "unchanged" : no_change(verdict)}`);
    return numbers.percent(verdict.ratio) || numbers.difference(verdict.difference, verdict.outcome.unit);
  }

  card(verdict) {
    const {say, numbers} = this._, {outcome, value} = verdict, {id, unit} = outcome, judgement = this.judgement(verdict);
    const ratio = verdict.direction && !is_share(unit) ? numbers.percent(verdict.ratio) : ""; // not of a percentage
    const difference = verdict.direction ? numbers.difference(verdict.difference, unit) : say(`overview.${no_change(verdict)}`);
    return {
      id, title: this.words.title(id), value: numbers.amount(value, unit), unit: numbers.amount_words(value, unit),
      difference, ratio: ratio && `(${ratio})`, arrow: ARROWS[verdict.direction], tone: verdict.tone,
      verdict: judgement && say(`overview.verdicts.${judgement}`), short: judgement && say(`overview.short_verdicts.${judgement}`),
      baseline: say("overview.baseline_is", {amount: numbers.amount(verdict.baseline, unit)}), meaning: this.words.meaning(id),
      ...this._uncertain(verdict),
    };
  }

  // The key of the words for the verdict; nothing where the difference says it all.
  judgement(verdict) {
    if (!verdict.direction) return "";
    if (verdict.is_provisional) return "so_far";
    return ["higher", "lower"].includes(verdict.word) ? "" : verdict.word;
  }

  _uncertain(verdict) {
    const {say, numbers} = this._, {unit} = verdict.outcome;
    if (verdict.is_provisional) return {range: "", chance: "", interval: null};
    if (verdict.word === "same") return {range: say("overview.same_in_all"), chance: "", interval: null};
    const [low, high] = verdict.most, widest = Math.max(Math.abs(low), Math.abs(high), Math.abs(verdict.difference)) || 1;
    const key = verdict.chance === 1 ? `in_each_${way(verdict)}` : `chance_${way(verdict)}`;
    return {
      range: say("overview.range", {low: numbers.difference(low, unit), high: numbers.difference(high, unit)}),
      chance: Number.isFinite(verdict.chance) ? say(`overview.${key}`, {chance: numbers.chance(verdict.chance), members: verdict.members}) : "",
      interval: [low, verdict.difference, high].map((each) => Number((each / widest).toFixed(4))),
    };
  }

  // One sentence on what a chart of an outcome shows; `today` is its value as policy starts.
  summary(verdict, today, start, year) {
    const {say, numbers} = this._, {unit} = verdict.outcome;
    const key = verdict.direction ? "differs" : verdict.word === "same" ? "same" : "unclear";
    return say(`charts.${key}`, {value: numbers.full(verdict.value, unit), year: numbers.year(year), relative: this.relative(verdict),
      baseline: numbers.amount(verdict.baseline, unit), start: numbers.year(start), today: numbers.amount(today, unit)});
  }
}

const way = (verdict) => (verdict.leaning > 0 ? "higher" : "lower");

function no_change(verdict) {
  if (verdict.word === "same") return "no_difference";
  return verdict.is_provisional ? "hardly" : "no_clear_change";
}
