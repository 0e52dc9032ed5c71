// Numbers as the language writes them, to three figures and no more places than the step has.
export function written(language, value, unit = "", step = 0) {
  const size = Math.max(Math.abs(value), step), figures = Math.max(3 - Math.ceil(Math.log10(size || 1)), 0);
  const places = Math.min(figures, step ? Math.max(-Math.floor(Math.log10(step) + 1e-9), 0) : 6);
  return [new Intl.NumberFormat(language, {maximumFractionDigits: places}).format(value).replace("-", "\u2212"), unit].filter(Boolean).join("\u00a0");
}
export const signed = (language, value, unit, step) => (value > 0 ? "+" : "") + written(language, value, unit, step);

// A value under its name, with the colon of the language.
export const with_name = (words, name, value) => words.named.replace("{name}", () => name).replace("{value}", () => value);
