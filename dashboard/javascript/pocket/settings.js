// What levers are set to, as scenario files and links write it, and what it means in a run: spans.

import {YEARS} from "../numbers.js";

const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const FORMS = ["step", "ramp", "pulse", "table", "times_today"];
const is_form = (setting) => typeof setting !== "object" || FORMS.some((word) => word in setting);
const amount = (written, today) => typeof written === "number" ? written : written.times_today * today;

// The value of a path of points just before a time; a leap stands as two points at one time.
function before(time, {times, values}) {
  if (time <= times[0]) return values[0];
  for (let place = 1; place < times.length; place++) {
    if (times[place] < time) continue;
    const from = times[place - 1], share = (time - from) / (times[place] - from);
    return values[place - 1] + share * (values[place] - values[place - 1]);
  }
  return values.at(-1);
}

// Where a form comes to, in the unit of the model.
export function aim(form, today) {
  if (typeof form === "number" || "times_today" in form) return amount(form, today);
  if ("table" in form) return amount(rows_of(form.table).at(-1)[1], today);
  return amount(Object.values(form)[0].value, today);
}

const rows_of = (table) => Object.entries(table).map(([year, value]) => [Number(year), value]).sort(([one], [other]) => one - other);

// A form with the same years that comes to a value; a table gives way to a constant.
function aimed(form, value) {
  const kind = form && typeof form === "object" ? Object.keys(form)[0] : "";
  return ["step", "ramp", "pulse"].includes(kind) ? {[kind]: {...form[kind], value}} : value;
}

function span_of(form, today, policy_start, path) {
  const whole = (start, value, stop = null) => ({start, stop, times: [start], values: [value], jump: true});
  if (typeof form === "number" || "times_today" in form) return whole(policy_start, amount(form, today));
  if (form.step) return whole(form.step.year, amount(form.step.value, today));
  if (form.pulse) return whole(form.pulse.from, amount(form.pulse.value, today), form.pulse.to);
  if (form.ramp) {
    const {from, to, value} = form.ramp;
    return {start: from, stop: null, times: [from, to], values: [path ? before(from, path) : today, amount(value, today)], jump: false};
  }
  const rows = rows_of(form.table);
  return {start: rows[0][0], stop: null, times: rows.map(([year]) => year), values: rows.map(([, value]) => amount(value, today)), jump: true};
}

// The levers of one corridor: what each is today, for each route or origin where it has one of each, and its later path.
export class Settings {
  constructor({today, later, policy_start}) { Object.assign(this, {today, later, policy_start}); }

  members(name) {
    const today = this.today[name];
    return typeof today === "number" ? [""] : Object.keys(today);
  }

  today_of(name, member) { return member ? this.today[name][member] : this.today[name]; }

  // The form of a lever for each member, or nothing where it is not set.
  forms(policies, name) {
    const setting = policies[name] ?? null;
    return Object.fromEntries(this.members(name).map((member) =>
      [member, setting === null || is_form(setting) ? setting : setting[member] ?? null]));
  }

  // The policies with the forms of one lever for its members, as a scenario writes them.
  with_forms(policies, name, forms) {
    const {[name]: _, ...others} = policies, given = Object.entries(forms).filter(([, form]) => form !== null);
    if (!given.length) return others;
    const alike = given.length === this.members(name).length && given.every(([, form]) => equal(form, given[0][1]));
    return {...others, [name]: alike ? given[0][1] : Object.fromEntries(given)};
  }

  // A lever set to a value from policy start on, for all its members or one; nothing, or today's value, unsets it.
  with_value(policies, {id, value, route}) {
    const forms = this.forms(policies, id);
    for (const member of route ? [route] : Object.keys(forms)) {
      forms[member] = value === null || value === this.today_of(id, member) ? null : aimed(forms[member], value);
    }
    return this.with_forms(policies, id, forms);
  }

  with_schedule(policies, {id, route, form}) {
    const forms = this.forms(policies, id);
    for (const member of route ? [route] : Object.keys(forms)) forms[member] = form;
    return this.with_forms(policies, id, forms);
  }

  // The spans of all that is set.
  changes(policies) {
    return Object.keys(policies).flatMap((name) => Object.entries(this.forms(policies, name)).filter(([, form]) => form !== null)
      .map(([member, form]) => ({name, member: member || null,
        span: span_of(form, this.today_of(name, member), this.policy_start, this.later[name]?.[member])})));
  }

  // What a lever comes to for each of its members.
  values(policies, name) {
    return Object.entries(this.forms(policies, name)).map(([member, form]) => {
      const today = this.today_of(name, member);
      return form === null ? today : aim(form, today);
    });
  }

  // What the panel of levers shows of one: values for its members, whether it is set, its schedule and a note on that.
  shown(policies, name, words) {
    const forms = this.forms(policies, name), members = Object.keys(forms);
    const form = Object.values(forms).find((each) => each !== null && typeof each === "object" && !("times_today" in each));
    return {
      values: this.values(policies, name),
      changed: name in policies,
      note: form ? note_on(form, words) : "",
      form: form ? fields_of(form, this.today_of(name, members[0])) : {kind: "constant"},
    };
  }
}

// The policies in the order in which links and files write them.
export const in_order = (policies) => Object.fromEntries(Object.keys(policies).sort().map((name) => [name, policies[name]]));

function note_on(form, words) {
  const year = (value) => words.numbers.year(value);
  const [kind, {from, to, year: first}] = Object.entries(form)[0];
  if (kind === "table") return words.say("schedule.table_note");
  return words.say(`schedule.${kind}_note`, kind === "step" ? {start: year(first)} : {start: year(from), end: year(to)});
}

function fields_of(form, today) {
  const [kind, {from, to, year, value}] = Object.entries(form)[0];
  if (kind === "table") return {kind, points: rows_of(form.table).map(([at, each]) => [at, amount(each, today)])};
  if (kind === "step") return {kind, start: year, value: amount(value, today)};
  return {kind, start: from, end: to, value: amount(value, today)};
}

// Whether what a link says of a lever can be read: amounts within its limits, and years that a run may have. `today` is
// one value, or one for each route or origin.
export function is_readable(setting, today, [low, high]) {
  const number = (value) => typeof value === "number" && Number.isFinite(value);
  const year = (value) => number(value) && value >= YEARS[0] && value <= YEARS[1];
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const said = (value, now) => {
    const is_known = number(value) || (value && typeof value === "object" && number(value.times_today) && value.times_today >= 0);
    return is_known && amount(value, now) >= low - slack && amount(value, now) <= high + slack;
  };
  const form = (each, now) => {
    if (said(each, now)) return true;
    if (!each || typeof each !== "object" || Object.keys(each).length !== 1) return false;
    const [[kind, given]] = Object.entries(each);
    if (!given || typeof given !== "object") return false;
    if (kind === "table") return Object.keys(given).length > 0 && Object.entries(given).every(([at, value]) => year(Number(at)) && said(value, now));
    if (kind === "step") return year(given.year) && said(given.value, now);
    return ["ramp", "pulse"].includes(kind) && year(given.from) && year(given.to) && given.to > given.from && said(given.value, now);
  };
  if (setting === null || setting === undefined) return false;
  const members = typeof today === "number" ? {"": today} : today;
  if (is_form(setting)) return Object.values(members).every((now) => form(setting, now));
  const entries = Object.entries(setting);
  return entries.length > 0 && entries.every(([member, each]) => member in members && form(each, members[member]));
}
