// The one reader and the one writer of numbers that people type. What a text may mean, by these rules:
//   1. Blanks, apostrophes and low lines part thousands. They stand before three digits, and never after a first 0.
//   2. Where both a comma and a point stand, the last is the decimal sign and the other parts thousands.
//   3. One that stands several times parts thousands.
//   4. One that stands once is the decimal sign, unless it could part thousands: one to three digits before it, the
//      first of them no 0, and three after it. It is then what the language of the page writes it for; and where that
//      language writes it for neither, both readings are handed back and none is taken.
const THOUSANDS_PAGE_SIGNS = /[ \u00a0\u2007\u2009\u202f'\u2019\u02bc_]/g;
const UNSEEN_PAGE_SIGNS = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
export const YEAR = "calendar year"; // stands for a unit: its thousands are not parted, and it is not said
const GROUPED = /^[1-9]\d{0,2}(?: \d{3})+$/;

// How a language writes numbers, as the page hands it over: {locale, decimal, thousands, one_below_two}. French parts thousands with a
// blank, so that a point is neither of its signs.

// The digits of a number as an entry holds them: whole, ungrouped, with the decimal sign of the language.
export const digits_of = (value, signs) => String(value).replace(".", signs.decimal);

// What a typed text means: {value}, or {readings: [two numbers]} where nobody can tell, or {} where it is no number.
// A percent sign is taken where the `unit` is one.
export function read_number(text, signs, unit = "") {
  let bare = String(text).normalize("NFKC").replace(UNSEEN_PAGE_SIGNS, "").trim().replace(/(^|e)[\u2212\u2013\ufe63]/gi, "$1-");
  if (unit.startsWith("%")) bare = bare.replace(/\s*%$/, "");
  const [, sign, body, power] = /^([+-]?)\s?([\d.,'\s\u2019\u02bc_]+?)(e[+-]?\d{1,3})?$/i.exec(bare) ?? [];
  if (body === undefined || !/\d/.test(body)) return {};
  const number = (digits) => {
    const value = Number(sign + digits + (power ?? ""));
    return Number.isFinite(value) ? value : undefined;
  };
  const readings = readings_of(body, signs).map(number);
  if (readings.length === 0 || readings.includes(undefined)) return {};
  return readings.length === 1 ? {value: readings[0]} : {readings};
}

// ×2, x2, *2, 2× or 2x is twice as much, ÷2 or /2 half of it.
const TIMES = /^(?:[×x*]\s*(?<times>.+)|(?<ahead>.+?)\s*[×x]|[÷/]\s*(?<part>.+))$/i;

// What a typed text means where a value is set: with a sign in front it is so much more or less than `start`, or so many
// times it, wherever no value lies below zero. Where there is no one `start`, a sign means nothing, and times stay {times}.
export function read_setting(text, signs, unit, low, start) {
  const {times, ahead, part} = TIMES.exec(String(text).trim())?.groups ?? {};
  if (times ?? ahead ?? part) {
    const factor = read_number(times ?? ahead ?? part, signs).value;
    if (!(factor >= 0) || low < 0 || (part && factor === 0)) return {};
    const whole = part ? 1 / factor : factor;
    return start === undefined ? {times: whole} : {value: Number((start * whole).toPrecision(12))};
  }
  const found = read_number(text, signs, unit);
  const signed = /^[+\-\u2212\u2013\ufe63]/.test(String(text).normalize("NFKC").replace(UNSEEN_PAGE_SIGNS, "").trim());
  if (!signed || low < 0) return found;
  if (start === undefined) return {};
  const from_start = (change) => Number((start + change).toPrecision(12));
  if (found.readings) return {readings: found.readings.map(from_start)};
  return found.value === undefined ? found : {value: from_start(found.value)};
}

// Agents of a multiple of today's, in whole ones, and the multiple that a number of agents is; `one` is what one is.
export const counted = (times, one) => Math.round(times * one);
export const times_of = (count, one) => Number((count / one).toPrecision(12));

// The digits, with a point, that an unsigned number may stand for: none, one or two.
function readings_of(body, {decimal, thousands}) {
  const marks = body.match(/[.,]/g) ?? [], last = marks.at(-1);
  const parted = new Set(body.match(THOUSANDS_PAGE_SIGNS) ?? []);
  if (parted.size > 1) return [];
  // The whole part may be parted by one sign; the fraction is digits alone.
  const joined = (whole, sign) => {
    if (!sign) return /^\d*$/.test(whole) ? whole : null;
    const spaced = whole.split(sign).join(" ");
    return GROUPED.test(spaced) ? spaced.replaceAll(" ", "") : /^\d*$/.test(whole) ? whole : null;
  };
  const [separator] = parted;
  const with_fraction = (mark, sign) => {
    const place = body.lastIndexOf(mark), fraction = body.slice(place + 1);
    const whole = joined(body.slice(0, place), sign);
    return whole === null || !/^\d*$/.test(fraction) || whole + fraction === "" ? [] : [`${whole || 0}.${fraction || 0}`];
  };
  const as_whole = (sign) => [joined(body, sign)].filter((digits) => digits);
  if (!last) return as_whole(separator);
  const other = marks.find((mark) => mark !== last);
  if (other) return separator || marks.filter((mark) => mark === last).length > 1 ? [] : with_fraction(last, other);
  if (marks.length > 1) return separator ? [] : as_whole(last);
  if (separator || !/^[1-9]\d{0,2}[.,]\d{3}$/.test(body)) return with_fraction(last, separator);
  if (last === decimal) return with_fraction(last);
  if (last === thousands) return as_whole(last);
  return [...with_fraction(last), ...as_whole(last)];
}

// The other number that a text could stand for in another language: 1.5 where 1,500 was read as 1500.
function other_reading(text, {decimal}) {
  const bare = String(text).trim(), sign = /[.,]/.exec(bare)?.[0];
  if (!sign || !/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(bare)) return undefined;
  return sign === decimal ? Number(bare.replace(sign, "")) : Number(bare.replace(sign, "."));
}

// Why a text is not taken as a number from `low` to `high`, in the words of the page; nothing where it is.
export function fault_of_number(text, found, signs, words, low, high, unit = "") {
  const plain_ = (value) => value.toLocaleString(signs.locale, {maximumSignificantDigits: unit === YEAR ? 7 : 4, useGrouping: unit !== YEAR});
  const filled = (said, ...parts) => parts.reduce((told, part) => told.replace("{}", () => part), said);
  const shown = String(text).trim().slice(0, 30);
  if (found.readings) {
    const [one, other] = found.readings.map((each) => digits_of(each, signs));
    return filled(words.two_readings, shown, one, other);
  }
  const range = `${filled(words.out_of_range, plain_(low), plain_(high))}\u00a0${unit === YEAR ? "" : unit}`.trim();
  if (found.value === undefined) return shown ? filled(words.no_number, shown, range) : range;
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  if (found.value >= low - slack && found.value <= high + slack) return "";
  const other = other_reading(text, signs);
  if (other === undefined || other < low || other > high) return range;
  return `${range}. ${filled(words.perhaps, digits_of(other, signs))}`;
}

// How numbers are written on this page: its language is set once, before anything is drawn.
let PAGE_SIGNS = {locale: "en-GB", decimal: ".", thousands: ",", one_below_two: false};
export const set_signs = (signs) => { PAGE_SIGNS = signs; };
export const page_signs = () => PAGE_SIGNS;
export const rounded = (value, digits) => Number(value.toFixed(digits));
// With four significant digits, and whether a noun beside it stands in the singular, as `Intl` has both; a browser takes
// a thirtieth of a second of the page's opening to make those.
export function plain(value) {
  const short = Number(value.toPrecision(4));
  return parted(short) ?? value.toLocaleString(PAGE_SIGNS.locale, {maximumSignificantDigits: 4});
}
// With three decimals at most.
export const in_full = (value) => parted(Number(value.toFixed(3))) ?? value.toLocaleString(PAGE_SIGNS.locale);
// All digits of a number, its thousands parted; nothing where it would be written with an exponent.
function parted(value) {
  const size = Math.abs(value);
  if (!(size >= 1e-6 && size < 1e21) && size !== 0) return undefined;
  const [whole, fraction] = String(value).split("."), {decimal, thousands} = PAGE_SIGNS;
  return whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (fraction ? decimal + fraction : "");
}
export function is_one(value) {
  const size = Math.abs(Number(value.toPrecision(4)));
  return size === 1 || (PAGE_SIGNS.one_below_two && size < 2);
}
export const in_table = (value) =>
  Number.isFinite(value) ? Number(value.toPrecision(5)).toLocaleString(PAGE_SIGNS.locale) : "";
export const entry_digits = (value) => digits_of(value, PAGE_SIGNS);

// The years that a run may begin and end with, and the text of one in a field.
export const YEARS = [1900, 2200];
export const year_text = (value) => (Number.isFinite(value) ? entry_digits(value) : "");
