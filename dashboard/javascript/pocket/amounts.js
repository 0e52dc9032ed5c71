// Numbers as people of a language read them: `pushpull.wording.numbers` once more, from the same signs and units. What
// is between two roundings goes to the even digit, as there.

const GAP = "\u00a0", MINUS = "\u2212", MONEY = "USD";
const SMALLEST_IN_FULL = 1e-6, EXACT = 40; // places after which no number between them is cut short
const VOWELS = "aàâeéèêiîoôuyœ";

export const is_share = (unit) => unit === "1";
const is_money = (unit) => /^USD(?=[/*]|$)/.test(unit);
export const is_count = (unit) => ["person", "case", "job"].includes(unit.replace(/\/year$/, ""));

// The digits of a size, rounded to a place behind the decimal sign, or before it where `places` is below zero.
export function rounded_digits(size, places) {
  const [whole, part] = size.toFixed(EXACT).split("."), digits = whole + part, kept = whole.length + places;
  if (kept < 0) return "0";
  const head = digits.slice(0, kept) || "0", rest = digits.slice(kept);
  const above = rest[0] > "5" || (rest[0] === "5" && (/[1-9]/.test(rest.slice(1)) || Number(head.at(-1)) % 2 === 1));
  const number = (BigInt(head) + (above ? 1n : 0n)).toString();
  if (places <= 0) return number === "0" ? "0" : number + "0".repeat(-places);
  const filled = number.padStart(places + 1, "0");
  return `${filled.slice(0, -places)}.${filled.slice(-places)}`;
}

const to_figures = (value, figures) => Number(value.toPrecision(figures));

export class Amounts {
  // `signs`: those of a language's file; money is written in `currency`.
  constructor(signs, currency = MONEY) {
    Object.assign(this, {signs, currency, symbol: signs.symbols?.[currency] ?? currency});
    const sizes = (words) => Object.entries(words).map(([size, word]) => [Number(size), word]).sort(([one], [other]) => other - one);
    Object.assign(this, {large: sizes(signs.large), money: sizes(signs.large_money), shorts: sizes(signs.short)});
  }

  form(value, figures = 3) {
    if (!Number.isFinite(value)) return "other";
    const written = Math.abs(to_figures(value, figures));
    return written === 1 || (this.signs.one_below_two && written < 2) ? "one" : "other";
  }

  unit(unit, value = Infinity) {
    const words = this.signs.units[unit] ?? unit.replace(/^USD(?=[/*]|$)/, this.currency);
    const told = typeof words === "string" ? words : words[this.form(value)];
    return is_money(unit) ? told.replace(MONEY, this.symbol) : told;
  }

  unit_beside(unit) { return is_share(unit) ? "" : this.unit(unit); }

  figures(value, figures) {
    if (!Number.isFinite(value)) return this.signs.unknown;
    const size = Math.abs(value);
    if (size === 0) return "0";
    const {decimal, thousands} = this.signs, sign = value < 0 ? MINUS : "";
    if (size < SMALLEST_IN_FULL) {
      const power = value.toExponential(figures - 1).replace(/e([+-])(\d)$/, "e$10$2");
      return power.replaceAll("-", MINUS).replace(".", decimal);
    }
    const places = figures - 1 - Math.floor(Math.log10(size));
    let [whole, part = ""] = rounded_digits(size, places).split(".");
    part = part.replace(/0+$/, "");
    if (part === "" && whole === "0") return "0";
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (part ? decimal + part : "");
  }

  _in_words(value, figures, large) {
    for (const [scale, [singular, plural]] of large) {
      if (!Number.isFinite(value) || Math.abs(value) < scale * (1 - 0.5 * 10 ** -figures)) continue;
      const word = Math.abs(to_figures(value / scale, figures)) < 2 ? singular : plural;
      return `${this.figures(value / scale, figures)}${GAP}${word}`;
    }
    return this.figures(value, figures);
  }

  number(value, figures = 3) { return this._in_words(value, figures, this.large); }

  amount(value, unit) {
    if (is_share(unit)) return `${this.figures(100 * value, 3)}${GAP}%`;
    if (is_money(unit)) {
      const form = this.signs.money.replace(MONEY, this.symbol);
      return (value < 0 ? MINUS : "") + form.replace("{}", this._in_words(Math.abs(value), 3, this.money));
    }
    return this.number(counted(value, unit));
  }

  short(value, unit) {
    if (is_share(unit)) return `${this.figures(100 * value, 3)}${GAP}%`;
    for (const [scale, word] of this.shorts) if (Math.abs(value) >= scale) return this.figures(value / scale, 3) + word;
    return this.figures(value, 3);
  }

  amount_words(value, unit) {
    const number = counted(value, unit);
    const told = is_share(unit) ? "" : this.unit(unit, number);
    const words = (told.startsWith(this.symbol) ? told.slice(this.symbol.length) : told).trim();
    const last = Number.isFinite(number) ? this.number(Math.abs(number)).split(GAP).at(-1) : "";
    if (!words || !/^\p{L}+$/u.test(last) || is_money(unit)) return words;
    return this.signs.of_large[VOWELS.includes(words[0].toLowerCase()) ? 1 : 0].replace("{}", words);
  }

  full(value, unit) { return `${this.amount(value, unit)} ${this.amount_words(value, unit)}`.trim(); }

  difference(value, unit) {
    if (!Number.isFinite(value)) return this.signs.unknown;
    if (value === 0 || (is_count(unit) && counted(value, unit) === 0)) return "0";
    const sign = value > 0 ? "+" : MINUS;
    if (!is_share(unit)) return sign + this.amount(Math.abs(value), unit);
    return this.signs.points[this.form(100 * value, 2)].replace("{}", sign + this.figures(100 * Math.abs(value), 2));
  }

  percent(ratio) {
    if (!Number.isFinite(ratio) || ratio === 0) return "";
    const size = Math.abs(100 * ratio), {decimal, tiny} = this.signs;
    if (size < 0.1) return tiny[ratio > 0 ? 0 : 1].replace("{}", `0${decimal}1${GAP}%`);
    const text = size < 10 ? rounded_digits(size, 1).replace(".", decimal) : this.figures(Number(rounded_digits(size, 0)), 9);
    return `${ratio > 0 ? "+" : MINUS}${text}${GAP}%`;
  }

  share(share) {
    if (!Number.isFinite(share)) return this.signs.unknown;
    const whole = rounded_digits(Math.abs(100 * share), 0);
    return `${share < 0 && whole !== "0" ? MINUS : ""}${whole}${GAP}%`;
  }

  chance(share) {
    if (!Number.isFinite(share)) return this.share(share);
    const percent = Number(rounded_digits(Math.abs(100 * share), 9)), [least, most] = this.signs.nearly;
    if (share > 0 && percent <= 0.5) return least.replace("{}", this.share(0.01));
    if (share < 1 && percent >= 99.5) return most.replace("{}", this.share(0.99));
    return this.share(Math.min(Math.max(share, 0), 1));
  }

  year(value) { return String(Number(value.toPrecision(10))).replace(".", this.signs.decimal); }
}

// A value as it is written: what is counted, in whole numbers.
function counted(value, unit) {
  if (!is_count(unit) || !Number.isFinite(value)) return value;
  return Math.sign(value) * Number(rounded_digits(Math.abs(value), 0));
}
