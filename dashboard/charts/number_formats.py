"""How charts write numbers, on their axes and where one points at them, in the browser."""

from __future__ import annotations

import json

from bokeh.models import ColumnDataSource, CustomJSHover, CustomJSTickFormatter

from pushpull.dashboard.i18n.texts import Language
from pushpull.wording.money import is_money
from pushpull.wording.numbers import is_share, signs_of

_SHORT = """
function short(value) {
  const size = Math.abs(value), sign = value < 0 ? "\u2212" : "";
  const said = (number) => Number(number.toPrecision(3)).toLocaleString(LOCALE);
  for (const [scale, word] of SCALES) if (size >= scale) return sign + said(size / scale) + word;
  return sign + said(size);
}
"""
_WRITTEN = {
    "share": 'Number((100 * value).toPrecision(3)).toLocaleString(LOCALE) + "\u00a0%"',
    "money": "short(value)",
    "count": "short(value)",
}
_TOOLTIP = """
<div style="margin: -5px; padding: 6px 10px; background: var(--surface); color: var(--text); font: 12px var(--font)">
<b>@time{{0}}</b><br>
<span style="color: var(--yours)">{yours}</span> @{name}{{custom}}<br>
<span style="color: var(--muted)">{baseline}</span> $index{{{name}}}
</div>
"""
_DIFFERENCE = """
<div style="margin: -5px; padding: 6px 10px; background: var(--surface); color: var(--text); font: 12px var(--font)">
<b>@time{{0}}</b><br>
<span style="color: var(--yours)">{difference}</span> @middle{{custom}}<br>
<span style="color: var(--muted)">{range}</span> @{low}{{custom}} / @{high}{{custom}}
</div>
"""
_SIGNED = """
const text = ((value) => {{ {written} }})(value);
return value > 0 ? "+" + text : text;
"""
_POINTS = "return Number((100 * value).toPrecision(3)).toLocaleString(LOCALE);"  # the unit stands beside the title
_POINTS_IN_WORDS = """
const points = Number((100 * value).toPrecision(3)), size = Math.abs(points);
return POINTS[size === 1 || (ONE_BELOW_TWO && size < 2) ? "one" : "other"].replace("{}", points.toLocaleString(LOCALE));
"""
_BASELINE_VALUE = "value = baseline.data[format][special_vars.index];"


def _signed(points: str) -> dict[str, str]:
    """How differences are written: with their sign; those of shares in percentage points, by that code."""
    written = {kind: points if kind == "share" else f"return {code}" for kind, code in _WRITTEN.items()}
    return {kind: _SIGNED.format(written=code) for kind, code in written.items()}


class NumberFormats:
    """The formats of shares, amounts of money and counts in a language, made once for all charts."""

    def __init__(self, language: Language, baseline: ColumnDataSource):
        signs = signs_of(language.tag)
        scales = [[float(size), word] for size, word in signs["short"].items()]
        head = f"const LOCALE = {language.signs['locale']!r}, SCALES = {scales!r};{_SHORT}"
        codes = {kind: f"return {code}" for kind, code in _WRITTEN.items()}
        self._names = {"yours": language.say("yours"), "baseline": language.say("baseline")}
        self._difference = {name: language.say(f"main_chart.{name}") for name in ("difference", "range")}
        self.ticks = {
            kind: CustomJSTickFormatter(code=f"{head} const value = tick; {code}") for kind, code in codes.items()
        }
        self._hovers = {kind: CustomJSHover(code=f"{head} {code}") for kind, code in codes.items()}
        self._baseline_hovers = {
            kind: CustomJSHover(args={"baseline": baseline}, code=f"{head} {_BASELINE_VALUE} {code}")
            for kind, code in codes.items()
        }

        self.signed_ticks = {
            kind: CustomJSTickFormatter(code=f"{head} const value = tick; {code}")
            for kind, code in _signed(_POINTS).items()
        }
        words = f"const POINTS = {json.dumps(signs['points'])}, ONE_BELOW_TWO = {json.dumps(signs['one_below_two'])};"
        self._signed_hovers = {
            kind: CustomJSHover(code=f"{head} {words} {code}") for kind, code in _signed(_POINTS_IN_WORDS).items()
        }

    def tooltip(self, name: str) -> str:
        """What is shown where one points at the chart of an outcome."""
        return _TOOLTIP.format(**self._names, name=name)

    def hovers(self, name: str, kind: str) -> dict[str, CustomJSHover]:
        """How the numbers in that tooltip are written."""
        return {f"@{name}": self._hovers[kind], "$index": self._baseline_hovers[kind]}

    def difference_tooltip(self, low: str, high: str) -> str:
        """What is shown where one points at a difference with its range, which are the columns `low` and `high`."""
        return _DIFFERENCE.format(**self._difference, low=low, high=high)

    def difference_hovers(self, kind: str, *columns: str) -> dict[str, CustomJSHover]:
        """How the numbers in these columns are written there."""
        return {f"@{name}": self._signed_hovers[kind] for name in columns}


def kind_of(unit: str) -> str:
    """Which of the formats a unit takes."""
    if is_share(unit):
        return "share"
    return "money" if is_money(unit) else "count"
