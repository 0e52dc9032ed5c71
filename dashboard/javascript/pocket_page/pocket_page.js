// The pocket page: the model of a corridor or more in one file, which asks nothing of anybody.

import {$, make} from "../dom.js";
import {render as render_cards} from "../cards.js";
import {render as render_levers} from "../levers.js";
import {set_signs} from "../numbers.js";
import {Engine} from "../pocket/engine.js";
import {Advisories} from "./advisories.js";
import {Calculator} from "./calculator.js";
import {head} from "./head.js";
import {Headlines} from "./headlines.js";
import {LinkFault, content_of, decode, encode, opened} from "../pocket/links.js";
import {LocalModel} from "./in_place/local_model.js";
import {MainChart} from "./main_chart.js";
import {OptionsTable} from "./options_table.js";
import {Settings} from "../pocket/settings.js";
import * as states from "./state.js";
import {Telling} from "./telling_stories.js";
import {key_of, told_of, titled} from "./telling.js";
import {Judge} from "../pocket/verdicts.js";
import {Words} from "../pocket/words.js";

const WRITE_ADDRESS = 300; // ms after a move

export class PocketPage {
  constructor(data) {
    Object.assign(this, data, {calculators: {}, told: [], broke: null});
    this.by_id = Object.fromEntries(this.outcomes.map((each) => [each.id, each]));
    this.judge = new Judge(this.rules, this.by_id);
    const codes = Object.keys(this.languages), wished = navigator.language?.slice(0, 2);
    this.state = states.looking(states.begun(Object.keys(this.corridors)[0]), {language: codes.includes(wished) ? wished : codes[0]}, this.rules);
  }

  get corridor() { return this.corridors[this.state.of]; }
  get view() { return states.seen(this.state, this.rules); }
  get policies() { return states.policies_of(this.state.scenario); }
  get year() { return this.view.year ?? this.corridor.end; }
  get language() {
    const {language} = this.view;
    return [language, language.slice(0, 2)].find((code) => code in this.languages) ?? Object.keys(this.languages)[0];
  }

  async begin() {
    window.addEventListener("hashchange", () => { if (location.hash !== this.hash) this.open(location.hash); });
    if (location.hash.includes("state=")) await this.open(location.hash); else this.build();
  }

  // Open a link of this page or of the full simulator, and say what of it is left out here. Where this `stays` in
  // its language, that is the one of now, whatever was asked for while the link was read.
  async open(text, stays = false) {
    let shown = null;
    try {
      const {content, is_later} = await decode(text, this.version), {state, left_out} = opened(content, this);
      this.state = stays ? states.looking(state, {language: this.language}, this.rules) : state;
      shown = this._is_built() ? this.reckon() : this.build();
      this.told = told_of(left_out, is_later, this.words, this.corridor);
    } catch (fault) {
      if (!(fault instanceof LinkFault)) throw fault;
      if (!this.words) this.build();
      this.told = [this.words.say("refused.link_because", {why: this.words.say(`refused.${fault.message}`)})];
    }
    this.notify();
    await shown; // until the engine has been asked for it
  }

  // Whether what stands there is of this corridor and in this language.
  _is_built() { return this.words?.corridor === this.state.of && this.words.held.code === this.language; }

  // All of it anew: in another language, or for another corridor.
  build() {
    const {corridor, language} = this, held = this.languages[language], own = corridor.texts[language];
    this.words = new Words(held, this.state.of, own, corridor.currency);
    set_signs(held.signs);
    document.documentElement.lang = language;
    document.title = `${own.title} \u00b7 ${this.words.say("page.name")}`;
    this.settings = new Settings(corridor);
    this.headlines = new Headlines(this.words, this.rules);
    this.warnings = new Advisories(this.advisories, this.settings, corridor, this.rules.harms);
    const act = (message) => this.receive(message);
    this.gone?.abort();
    this.gone = new AbortController();
    this.levers = new LocalModel({signal: this.gone.signal, words: own.lever_words, groups: own.groups, shown: this._levers()}, act);
    this.cards = new LocalModel({words: held.card_words, shown: {}}, act);
    this.chart = new MainChart(this.words, this.outcomes.map((each) => each.id), act);
    this.options = new OptionsTable(this.words, this.headlines, this.longest_name, act);
    const has_stage = this.telling?.language === language;
    if (!has_stage) {
      this.telling?.leave();
      this.telling = Object.assign(new Telling(held.staged, this.stories, act), {language});
    }
    this._lay_out(own);
    if (!has_stage) this.telling.begin();
    for (const [render, model, id] of [[render_levers, this.levers, "panel-levers"], [render_cards, this.cards, "headlines"]]) {
      const root = $(id).attachShadow({mode: "open"}), el = make("div");
      root.append(make("style", {}, this.style), el);
      render({model, el});
    }
    this.notify();
    return this.reckon();
  }

  _lay_out(own) {
    const {words} = this, say = (key) => words.say(key), {languages, corridors} = this;
    const titles = Object.entries(corridors).map(([id, each]) => [id, each.texts[this.language].title]);
    const top = head(words, {corridors: titles, corridor: this.state.of, languages: Object.keys(languages).map((code) => [code, say(`toolbar.languages.${code}`)]),
      language: this.language, illustrative: this.corridor.illustrative}, {act: (message) => this.receive(message), address: () => this.address(),
      present: () => this.telling.stage.enter(), choose_story: () => this.telling.stage.choose_story()});
    this.packages = Object.entries(own.packages).map(([id, {title, question}]) => make("button", {type: "button", class: "button", "data-package": id,
      title: question, onclick: () => this.receive({package: this.state.package === id ? "" : id})}, title));
    const sheet = make("button", {type: "button", id: "sheet", class: "button", "aria-controls": "levers", "aria-expanded": "false"}, say("side.sheet"));
    const turn_sheet = (wanted) => {
      document.body.dataset.sheet = wanted ? "open" : "";
      sheet.setAttribute("aria-expanded", String(wanted));
      sheet.textContent = say(wanted ? "side.close" : "side.sheet");
    };
    sheet.addEventListener("click", () => turn_sheet(document.body.dataset.sheet !== "open"));
    const side = make("aside", {class: "side", id: "levers", tabIndex: -1, "aria-label": say("levers.title"),
      onkeydown: (event) => { if (event.key === "Escape" && document.body.dataset.sheet === "open") { turn_sheet(false); sheet.focus(); } }},
      make("section", {class: "panel packages", "aria-label": say("toolbar.package")}, make("h2", {}, say("toolbar.package")), make("div", {}, ...this.packages)),
      make("div", {class: "panel", id: "panel-levers"}));
    this.state_line = make("p", {class: "working", role: "status"});
    const said = make("section", {class: "sheet about"}, make("h2", {}, say("guide.trust")), ...own.trust.map((line) => make("p", {}, line)),
      make("h2", {}, say("pocket.leaves_out_title")), make("p", {id: "leaves-out"}, words.say("pocket.leaves_out", {listed: this.left_out.map((each) => say(`pocket.left_out.${each}`)).join(say("pocket.between_left_out"))})),
      make("p", {class: "hint"}, words.say("pocket.made", {version: this.made})));
    document.body.replaceChildren(make("a", {class: "skip", href: "#levers", onclick: (event) => { event.preventDefault(); turn_sheet(true); side.focus(); }}, say("page.skip")),
      top, make("div", {class: "shell"}, side, make("main", {}, make("h1", {}, own.title), make("p", {class: "question", title: own.question}, own.question), make("div", {class: "notices", id: "notices"}),
        make("div", {id: "panel-overview"}, make("div", {id: "headlines"}), this.chart.element, this.state_line, this.options.element, said))), sheet, this.telling.box);
    turn_sheet(false);
  }

  notify() {
    const broke = this.broke ? [this.words.say(`notices.${this.broke}`)] : [];
    $("notices")?.replaceChildren(...broke.map((text) => make("div", {class: "notice", role: "alert"}, text)), ...this.told.map((text) => make("div", {class: "notice", role: "alert"}, make("div", {}, text),
      make("button", {type: "button", onclick: () => { this.told = []; this.notify(); }}, this.words.say("page.dismiss")))));
  }

  // What a hand did: messages as components send them to a server elsewhere.
  receive(message) {
    const {state} = this, act = Object.entries(MESSAGES).find(([name]) => name in message)?.[1];
    if (!act) return;
    this.state = act(this, state, message) ?? state;
    if (this._is_built()) this.reckon(); else this.build();
  }

  // Have the engine work out what is set, and show what is known of it.
  async reckon() {
    if (!this.calculators[this.state.of]?.made) this.repaint(); // or else once, when the engine has been asked
    this._write_address();
    const calculator = await this._calculator(), setting = (policies) => ({key: key_of(policies), changes: this.settings.changes(policies)});
    if (calculator !== this.calculators[this.state.of]?.made) return;
    const {key, changes} = setting(this.policies);
    calculator.set(key, changes, this.state.kept.map((each) => setting(states.policies_of(each))));
    this.repaint();
  }

  // One engine a corridor that was looked at; the one before gives its memory back.
  async _calculator() {
    const {of} = this.state, held = this.calculators[of] ??= {};
    for (const [id, other] of Object.entries(this.calculators)) {
      if (id !== of) { other.made?.engine.close(); delete this.calculators[id]; }
    }
    held.promise ??= (async () => {
      const engine = await Engine.open(this.engines[of], this.worker), nearest = (year) => nearest_place(engine.times, year);
      const made = new Calculator(engine, {members: this.members, places: this.corridors[of].years.map((year) => nearest(Number(year))), told: (news) => this._heard(news)});
      await made.begin();
      held.made = made;
      return made;
    })();
    return held.promise;
  }

  _heard({progress, done, all, broke}) {
    this.state_line.textContent = progress ? this.words.say("pocket.working", {done, all}) : "";
    if (broke !== undefined && broke !== this.broke) {
      this.broke = broke;
      this.notify();
    }
    if (!progress) this._show_found();
  }

  _levers() {
    const {corridor, settings, policies, words} = this;
    return {turn: 0, years: {start: corridor.start, policy_start: corridor.policy_start, end: corridor.end}, idle: {},
      settings: Object.fromEntries(Object.keys(corridor.today).map((name) => [name, settings.shown(policies, name, words)]))};
  }

  repaint() {
    this.levers.tell({shown: this._levers()});
    for (const button of this.packages) button.setAttribute("aria-pressed", String(button.dataset.package === this.state.package));
    this._show_found();
  }

  // What is known of what is set.
  _show_found() {
    const {corridor, view, year, policies} = this, moved = Object.keys(policies), calculator = this.calculators[this.state.of]?.made;
    const place = calculator && nearest_place(calculator.engine.times, year);
    calculator?.watch(place);
    const judged = (key) => { const found = calculator?.at(place, key); return found && this.judge.verdicts(this._known(found), view.valued); };
    const verdicts = calculator?.wanted ? judged(key_of(policies)) : null;
    if (verdicts) {
      this.cards.tell({shown: this.headlines.shown({moved, policy_start: corridor.policy_start, years: [...new Set([...corridor.years.map(Number), year])].sort((one, other) => one - other), year, focus: view.focus,
        chosen: view.chosen, valued: view.valued, choices: this.outcomes.map((each) => each.id)}, verdicts, this.warnings.of(policies, verdicts, calculator.is_cut))});
      this._show_chart(calculator, verdicts);
    }
    const columns = this.state.kept.map((each, at) => ({place: at, title: titled(each, this), verdicts: judged(key_of(states.policies_of(each)))}));
    columns.push({place: null, title: titled(this.state.scenario, this), verdicts});
    const {people} = this.rules;
    this.options.show(columns, [...people, ...view.chosen], year, this.state.kept.length >= this.most_kept);
  }

  _known(found) { return Object.fromEntries(Object.entries(found).filter(([name]) => name in this.by_id)); }

  _show_chart(calculator, verdicts) {
    const {corridor, view, year} = this, {times} = calculator.engine, outcome = this.by_id[view.focus], is_difference = view.drawn !== "levels";
    const start = nearest_place(times, corridor.policy_start), first = is_difference ? start : 0;
    const lines = calculator.lines(view.focus, first, is_difference), base = is_difference ? calculator.lines(view.focus, 0, false) : lines;
    const today = base ? base.baseline[start] : NaN, twin = is_difference || !outcome.observed_as ? null : calculator.lines(outcome.observed_as, 0, false);
    const summary = this.headlines.summary(verdicts[view.focus], today, corridor.policy_start, year), {words} = this;
    this.telling.tell({focus: view.focus, chart: view.drawn, year, title: corridor.texts[this.language].title, moved_levers: Object.keys(this.policies),
      places: {main: {title: words.title(view.focus)}}, summary});
    this.chart.show({outcome, kind: is_difference ? "difference" : "levels", lines: lines && {...lines, twin: twin?.middle}, times: Array.from(times).slice(first), start: corridor.policy_start,
      record: corridor.record[view.focus] ?? null, has_moved: Object.keys(this.policies).length > 0,
      summary});
  }

  async link() { return encode(content_of(this.state), this.version); }

  async address() { return `${location.href.split("#")[0]}#state=${await this.link()}`; }

  _write_address() {
    clearTimeout(this.timer);
    const written = this.link().then((link) => { this.written = link; });
    this.timer = setTimeout(async () => {
      await written;
      this.hash = `#state=${this.written}`;
      history.replaceState(null, "", this.hash);
    }, WRITE_ADDRESS);
  }
}

export function nearest_place(times, year) {
  let nearest = 0;
  times.forEach((time, place) => { if (Math.abs(time - year) < Math.abs(times[nearest] - year)) nearest = place; });
  return nearest;
}

// The state after each message.
const MESSAGES = {
  moves: ({settings, policies}, state, {moves}) =>
    states.with_policies(state, moves.reduce((held, move) => settings.with_value(held, move), policies)),
  schedule: ({settings, policies}, state, {schedule}) => states.with_policies(state, settings.with_schedule(policies, schedule)),
  unset: (page, state) => states.with_package(state, null, page.corridor.packages),
  package: (page, state, message) => states.with_package(state, message.package || null, page.corridor.packages),
  corridor: (page, state, {corridor}) => states.begun(corridor, state.view),
  language: (page, state, {language}) => states.looking(state, {language}, page.rules),
  focus: (page, state, {focus}) => states.looking(state, {focus}, page.rules),
  drawn: (page, state, {drawn}) => states.looking(state, {drawn}, page.rules),
  year: (page, state, {year}) => states.looking(state, {year: year === page.corridor.end ? null : year}, page.rules),
  chosen: (page, state, {chosen}) => states.looking(state, {chosen}, page.rules),
  valued: (page, state, {valued}) => states.looking(state, {valued}, page.rules),
  add: (page, state) => states.keeping(state, state.scenario),
  rename: (page, state, {rename, title}) => states.renamed(state, rename, title.trim() || titled(state.kept[rename], page)),
  remove: (page, state, {remove}) => states.without_option(state, remove),
  take: (page, state, {take}) => states.taking(state, take),
  open: (page, state, {open}) => { page.open(open); return state; },
  visit: (page, state, {visit}) => { page.open(visit, true); return state; },
};
