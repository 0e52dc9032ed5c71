"""The pieces that plots are laid together from: lines, ranges, the record, and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import holoviews as hv
import numpy as np

from pushpull.analysis.quantile_ranges import Ranges
from pushpull.engine.runs.result import Result
from pushpull.plotting.looks import COLOURS, SOLID, Ends, dressed

MOST_ALPHA, HALF_ALPHA = 0.14, 0.22  # those of the page
ROOM = 0.05  # above and below what is drawn, of its span
MATPLOTLIB_DASHES = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-."}


def curve(
    time: np.ndarray,
    values: np.ndarray,
    dimensions: Sequence[hv.Dimension],
    label: str,
    colour: str,
    dash: str = SOLID,
    width: float = 2.2,
) -> hv.Curve:
    """A line of values over time."""
    element = hv.Curve((time, values), *dimensions, label=label)
    bokeh = {"line_width": width, "line_dash": dash, "tools": ["hover"]}
    return dressed(element, bokeh, {"linewidth": width, "linestyle": MATPLOTLIB_DASHES[dash]}, color=colour)


def area(
    time: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    dimensions: Sequence[hv.Dimension],
    colour: str,
    alpha: float,
    label: str = "",
) -> hv.Area:
    """The area between two lines over time."""
    across, up = dimensions
    element = hv.Area((time, low, high), across, [up, up.clone(f"{up.name}_high")], label=label)
    matplotlib = {"facecolor": colour, "edgecolor": colour, "linewidth": 0, "alpha": alpha, "show_legend": bool(label)}
    return dressed(element, {"line_alpha": 0, "fill_alpha": alpha}, matplotlib, color=colour)


def fan_of(
    time: np.ndarray,
    ranges: Ranges,
    dimensions: Sequence[hv.Dimension],
    label: str,
    colour: str,
    dash: str = SOLID,
) -> list[Any]:
    """The ranges that hold 90 and 50 percent of the members, under their median, which bears the label."""
    return [
        area(time, ranges.most[0], ranges.most[1], dimensions, colour, MOST_ALPHA),
        area(time, ranges.half[0], ranges.half[1], dimensions, colour, HALF_ALPHA),
        curve(time, ranges.median, dimensions, label, colour, dash),
    ]


def record_points(
    time: np.ndarray,
    values: np.ndarray,
    dimensions: Sequence[hv.Dimension],
    label: str,
    place: int = 0,
    colour: str = COLOURS.history,
) -> hv.Scatter:
    """What was recorded; the dots of a second series of the same outcome are hollow diamonds."""
    marker, alpha = (("circle", 0.8), ("diamond", 0.0), ("triangle", 0.0), ("square", 0.0))[place % 4]
    bokeh = {"size": 5, "marker": marker, "fill_alpha": alpha, "tools": ["hover"], "color": colour}
    face = {"facecolors": colour if alpha else "none", "edgecolors": colour}
    matplotlib = {"s": 14, "marker": {"circle": "o", "diamond": "D", "triangle": "^", "square": "s"}[marker], **face}
    return dressed(hv.Scatter((time, values), *dimensions, label=label), bokeh, matplotlib)


def start_mark(year: float) -> hv.VLine:
    """The moment policy starts."""
    bokeh = {"line_dash": [3, 3], "line_width": 1}
    return dressed(hv.VLine(year), bokeh, {"linestyle": ":", "linewidth": 1}, color=COLOURS.muted)


def zero_line() -> hv.HLine:
    """Where nothing differs."""
    return dressed(hv.HLine(0), {"line_width": 1.2}, {"linewidth": 1.2}, color=COLOURS.baseline)


def span_of(*values: np.ndarray) -> Ends:
    """From where to where an axis goes that holds zero and all values."""
    finite = np.concatenate([np.ravel(each)[np.isfinite(np.ravel(each))] for each in values] or [np.zeros(1)])
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    if low == high:
        return low, low + 1.0
    room = ROOM * (high - low)
    return low - room if low < 0 else 0.0, high + room if high > 0 else 0.0


def ranges_of(values: np.ndarray) -> Ranges:
    """The ranges of values over (member, time)."""
    return Ranges.of(values.T)


def policy_start(result: Result) -> float | None:
    """When policy starts, where it does within the years of a result."""
    start = result.provenance.get("policy_start")
    return float(start) if start is not None and result.time[0] < start < result.time[-1] else None


def drawn_years(time: np.ndarray, years: Ends | None) -> np.ndarray:
    """Which times are drawn: those from the first to the last of some years, all if None."""
    if years is None:
        return np.ones(len(time), dtype=bool)
    return (time >= years[0] - 1e-6) & (time <= years[1] + 1e-6)


def values_in(pieces: Sequence[Any]) -> list[np.ndarray]:
    """The values that pieces over time hold, without their times and without marks."""
    drawn = [each for each in pieces if isinstance(each, hv.element.Chart)]
    return [each.dimension_values(place) for each in drawn for place in range(1, len(each.dimensions()))]
