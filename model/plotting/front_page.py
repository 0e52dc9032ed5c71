"""A Pareto front as one file: outcomes against each other, all of them and the levers on parallel axes, and a table.

All rest on one source of Bokeh: packages that are marked by a box in one picture, or by a click on a line or a row, are
marked in all. The page needs no server.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bokeh.models
import numpy as np
from bokeh.layouts import column, gridplot
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from pushpull.analysis.pareto_front import Front
from pushpull.catalogue import catalogue
from pushpull.files.atomic import write_whole
from pushpull.plotting.captions import source_of
from pushpull.plotting.dimensions import lever_card
from pushpull.plotting.looks import AXIS, COLOURS, LETTER, WIDTH, tick_formatter, wrapped
from pushpull.plotting.plot_files import html_page
from pushpull.plotting.plot_words import PlotWords
from pushpull.preparation import provenance
from pushpull.wording.markup import element
from pushpull.wording.palette import FONT

models: Any = bokeh.models  # its stubs do not know all it exports
SIZE = (430, 330)
TOOLS = "box_select,tap,reset"
CLEAR, HARMFUL = ("circle", "x")
MOST_ROWS = 420  # pixels of the table
ROW = 26  # pixels of a row of it
MARGIN = 0.06  # of what an axis of the scatters shows, at both ends


def front_page(front: Front, path: Path | str, *, language: str = "en") -> Path:
    """Write a Pareto front as one HTML file: scatters of the first outcome against each other one, parallel axes of all
    outcomes and levers, and a table with the harms to people that each package makes worse, linked with each other.

    Raises:
        ValueError: for a language that plots do not speak.
        NotWritten: where the file cannot be written.
    """
    words = PlotWords(language, front.space.scenario.corridor.currency)
    source = linked_source(front, words)
    scatters = [_scatter(front, source, up, words) for up in range(1, len(front.outcomes))]
    drawn = gridplot(scatters, ncols=2, toolbar_location=None)
    title = words.say("front", corridor=words.corridor(front.space.scenario.corridor))
    head = element("h1", title, style=f"font: 600 20px {FONT}; color: {COLOURS.text}; margin: 4px 0")
    said = [element("p", each, style=_small()) for each in _sentences(front, words)]
    top = models.Div(text=head + said[0] + said[1], width=2 * SIZE[0])
    foot = models.Div(text=said[2], width=2 * SIZE[0])
    page = column(top, drawn, _parallel(front, source, words), _table(front, source, words), foot)
    return write_whole(Path(path), html_page(page, title, words.code, has_widgets=True, has_tables=True))


def _small() -> str:
    return f"font: 13px {FONT}; color: {COLOURS.muted}; max-width: {2 * SIZE[0]}px; margin: 4px 0"


def _sentences(front: Front, words: PlotWords) -> list[str]:
    """How it is read, what its marks mean, and where its numbers are from."""
    scenario, numbers = front.space.scenario, words.numbers
    if front.year is None:
        when = words.say("mean_years", first=numbers.year(scenario.policy_start), last=numbers.year(scenario.end))
    else:
        when = numbers.year(front.year)
    packages = numbers.number(front.tried, 9)
    return [
        words.say("front_is", packages=packages, members=numbers.number(front.members, 9), when=when),
        words.say("front_marks"),
        source_of(provenance(scenario), words),
    ]


def linked_source(front: Front, words: PlotWords) -> ColumnDataSource:
    """A row for each package: outcomes and levers as numbers and in words, its line on parallel axes, and its mark."""
    cards = [catalogue().outcomes[name] for name in front.outcomes]
    levers = np.array(
        [[_middle(front, place, row[place]) for place in range(len(front.space.axes))] for row in front.positions]
    )
    heights = np.concatenate([_heights(front.values, [card.better for card in cards]), _shares(front)], axis=1)
    data: dict[str, Any] = {"package": [str(number + 1) for number in range(len(front.positions))]}
    for place, card in enumerate(cards):
        data[f"outcome_{place}"] = front.values[:, place]
        data[f"outcome_{place}_said"] = [words.numbers.short(each, card.unit) for each in front.values[:, place]]
    for place, axis in enumerate(front.space.axes):
        data[f"lever_{place}_said"] = [_lever_value(axis.name, each, words) for each in levers[:, place]]
    data["across"] = [list(range(heights.shape[1]))] * len(heights)
    data["height"] = [list(map(float, each)) for each in heights]
    data["harm"] = [_harm(*each, words) for each in zip(front.harms, front.may_harm, strict=True)]
    data["colour"] = [COLOURS.worse if each else COLOURS.yours for each in front.harms]
    data["mark"] = [HARMFUL if each else CLEAR for each in front.harms]
    return ColumnDataSource(data, name="front")


def _middle(front: Front, place: int, position: float) -> float:
    return float(np.mean([*front.space.axes[place].values(float(position)).values()]))


def _lever_value(name: str, value: float, words: PlotWords) -> str:
    card = lever_card(name)
    unit = words.lever_scale(card)
    return words.numbers.full(value, unit) if unit else f"{words.numbers.number(value)} {words.lever_unit(card)}"


def _heights(values: np.ndarray, better: Sequence[str]) -> np.ndarray:
    """Heights from 0 to 1 of values (package, outcome), the better end at 1."""
    low, high = values.min(axis=0), values.max(axis=0)
    parts = np.where(high > low, (values - low) / np.where(high > low, high - low, 1.0), 0.5)
    return np.where(np.array(better) == "lower", 1 - parts, parts)


def _shares(front: Front) -> np.ndarray:
    """Where each lever stands between the ends that the search kept to."""
    low, high = front.space.ends
    return (front.positions - low) / (high - low)


def _harm(raises: Sequence[str], may_raise: Sequence[str], words: PlotWords) -> str:
    """The harms to people that a package makes worse, and those that it may."""
    said = [(key, names) for key, names in (("raises", raises), ("may_raise", may_raise)) if names]
    return "; ".join(words.say(key, harms=", ".join(map(words.title, names))) for key, names in said) or "\u2013"


def _figure(words: PlotWords, size: tuple[int, int], **options: Any) -> Any:
    plot = figure(width=size[0], height=size[1], toolbar_location=None, **options)
    plot.axis.axis_label_text_font_style = "normal"
    plot.axis.minor_tick_line_color, plot.outline_line_color = None, None
    plot.grid.grid_line_color = COLOURS.ground
    return plot


def _scatter(front: Front, source: ColumnDataSource, up: int, words: PlotWords) -> Any:
    """The first outcome across, another up, and a cross where nothing new is done."""
    cards = [catalogue().outcomes[front.outcomes[place]] for place in (0, up)]
    spans = [_span(front, place) for place in (0, up)]
    labels = [f"{words.title(card.id)}, {words.axis_unit(card.unit)}" for card in cards]
    plot = _figure(
        words,
        SIZE,
        tools=TOOLS,
        x_range=models.Range1d(*spans[0]),
        y_range=models.Range1d(*spans[1]),
        x_axis_label=labels[0],
        y_axis_label=labels[1],
    )
    for axis, card in ((plot.xaxis, cards[0]), (plot.yaxis, cards[1])):
        axis.formatter = tick_formatter(words, card.unit)
    look = {"marker": "mark", "color": "colour", "size": 9, "line_width": 2}
    dots = plot.scatter("outcome_0", f"outcome_{up}", source=source, nonselection_alpha=0.15, **look)
    cross = {"marker": "cross", "size": 16, "line_width": 3, "color": COLOURS.baseline}
    plot.scatter([front.baseline[0]], [front.baseline[up]], **cross)
    said = [(words.title(card.id), f"@outcome_{place}_said") for card, place in zip(cards, (0, up), strict=True)]
    tips = [(words.say("package"), "@package"), *said, (words.say("harm_to_people"), "@harm")]
    plot.add_tools(models.HoverTool(renderers=[dots], tooltips=tips))
    return plot


def _span(front: Front, place: int) -> tuple[float, float]:
    """From where to where the axis of an outcome goes: it holds every package and no new measures, not zero."""
    values = [*front.values[:, place], front.baseline[place]]
    low, high = min(values), max(values)
    room = MARGIN * (high - low) or max(abs(high), 1.0) * MARGIN
    return low - room, high + room


def _parallel(front: Front, source: ColumnDataSource, words: PlotWords) -> Any:
    """A line for each package over an axis for each outcome, its better end up, and each lever."""
    titles = [words.title(name) for name in front.outcomes]
    titles += [_lever_title(axis.name, axis.key, words) for axis in front.space.axes]
    count = len(titles)
    plot = _figure(
        words,
        (max(WIDTH, min(AXIS * count, 2 * SIZE[0])), 300),
        tools="tap,reset",
        title=words.say("front_axes"),
        x_range=models.Range1d(-0.5, count - 0.5),
        y_range=models.Range1d(-0.08, 1.08),
    )
    plot.yaxis.visible = False
    plot.ygrid.visible = False
    plot.xaxis.ticker = list(range(count))
    plot.xaxis.major_label_overrides = {place: wrapped(title) for place, title in enumerate(titles)}
    plot.xgrid.grid_line_color = COLOURS.line
    width = {"line_width": 1.8, "selection_line_width": 3, "nonselection_line_alpha": 0.1}
    plot.multi_line("across", "height", source=source, line_color="colour", line_alpha=0.7, **width)
    between = len(front.outcomes) - 0.5
    plot.add_layout(models.Span(location=between, dimension="height", line_dash=[3, 3], line_color=COLOURS.muted))
    return plot


def _lever_title(name: str, key: str | None, words: PlotWords) -> str:
    return words.title(name) if key is None else f"{words.title(name)}, {words.member(key)}"


def _table(front: Front, source: ColumnDataSource, words: PlotWords) -> Any:
    columns = [("package", words.say("package")), ("harm", words.say("harm_to_people"))]
    columns += [(f"outcome_{place}_said", words.title(name)) for place, name in enumerate(front.outcomes)]
    columns += [
        (f"lever_{place}_said", _lever_title(axis.name, axis.key, words)) for place, axis in enumerate(front.space.axes)
    ]
    made = [
        models.TableColumn(field=name, title=title, sortable=False, width=_wide(title, *source.data[name]))
        for name, title in columns
    ]
    return models.DataTable(
        source=source,
        columns=made,
        width=2 * SIZE[0],
        height=min(MOST_ROWS, ROW * (len(front.positions) + 2)),
        index_position=None,
        selectable="checkbox",
        autosize_mode="none",
    )


def _wide(*texts: str) -> int:
    """Pixels that the longest text of a column needs."""
    return round(LETTER * max(map(len, texts))) + 24
