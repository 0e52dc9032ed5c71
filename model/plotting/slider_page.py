"""What if, as one file: outcomes that follow sliders in any browser, without a server and without the internet.

Every setting of the levers is run beforehand and its numbers are put into the page, so the page is bounded. Lines are
plain Bokeh sources, which a lever moves many times as fast as HoloViews would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bokeh.models
import numpy as np
from bokeh.layouts import column, gridplot, row
from bokeh.models import ColumnDataSource, CustomJS, HoverTool
from bokeh.plotting import figure
from markupsafe import Markup

from pushpull.analysis.members import known_outcomes
from pushpull.catalogue import catalogue
from pushpull.files.atomic import write_whole
from pushpull.plotting.captions import source_of
from pushpull.plotting.dimensions import lever_card, today_of_lever
from pushpull.plotting.lever_grids import LeverGrid, lever_grid, steps_with_today
from pushpull.plotting.looks import COLOURS, tick_formatter
from pushpull.plotting.pieces import drawn_years, span_of
from pushpull.plotting.plot_files import html_page
from pushpull.plotting.plot_words import PlotWords
from pushpull.plotting.sliders import drawn_from, known_levers
from pushpull.preparation import provenance
from pushpull.scenario import Scenario
from pushpull.simulation import run
from pushpull.wording.markup import element
from pushpull.wording.palette import FONT

models: Any = bokeh.models  # its stubs do not know all it exports
STEPS = 9
MOST_SETTINGS = 2_000
MOST_OUTCOMES = 6
SIZE = (430, 290)

# A setting's place in the numbers of an outcome is that of the levers' places, the last lever counting by one.
_MOVE = """
let place = 0
sliders.forEach((slider, number) => { place = place * counts[number] + places[number].indexOf(slider.value) })
for (const [name, numbers] of Object.entries(all)) {
  const line = new Float32Array(numbers.buffer, numbers.byteOffset + 4 * place * length, length)
  sources[name].data = {...sources[name].data, set: line}
}
"""
_RESET = "sliders.forEach((slider, number) => { slider.value = today[number] })"


def what_if_page(
    scenario: Scenario,
    levers: Sequence[str] | str,
    outcomes: Iterable[str] | str,
    path: Path | str,
    *,
    steps: int = STEPS,
    years: tuple[float, float] | None = None,
    language: str = "en",
) -> Path:
    """Write one HTML file in which sliders of levers or drivers move the lines of outcomes; it needs no server.

    Each lever is tried at `steps` values from one end of its card's range to the other, today's among them: one run for
    each setting of all of them. The levers have their values from the policy start on.

    Raises:
        KeyError: for a lever or an outcome that there is not.
        ValueError: for more than 2,000 settings or six outcomes, and a language that plots do not speak.
        NotWritten: where the file cannot be written.
    """
    names, shown = known_levers(levers), known_outcomes(outcomes)
    words, settings = PlotWords(language, scenario.corridor.currency), steps ** len(names)
    if settings > MOST_SETTINGS:
        many = " x ".join([str(steps)] * len(names))
        raise ValueError(
            f"a what-if page holds at most {MOST_SETTINGS:,} settings; {many} are {settings:,}: "
            "name fewer levers or give fewer steps"
        )
    if not 1 <= len(shown) <= MOST_OUTCOMES:
        raise ValueError(f"a what-if page shows from 1 to {MOST_OUTCOMES} outcomes; {len(shown)} are named")
    grid = lever_grid(scenario, names, [steps_with_today(scenario, name, steps) for name in names], shown)
    inside = drawn_years(grid.time, years or drawn_from(scenario))
    return write_whole(Path(path), _page(grid, inside, words))


def _page(grid: LeverGrid, inside: np.ndarray, words: PlotWords) -> str:
    """The whole page."""
    scenario, time = grid.scenario, grid.time[inside]
    texts = [_written_steps(grid, place, words) for place in range(len(grid.levers))]
    today = [written[_today_place(grid, place)] for place, written in enumerate(texts)]
    sliders = [
        models.CategoricalSlider(title=words.title(name), categories=written, value=first, width=400, name=name)
        for name, written, first in zip(grid.levers, texts, today, strict=True)
    ]
    before = run(scenario, keep=grid.outcomes)
    values = grid.values.reshape(len(grid.outcomes), -1, grid.values.shape[-1])[:, :, inside]
    at_today = tuple(_today_place(grid, place) for place in range(len(grid.levers)))
    first = int(np.ravel_multi_index(at_today, [len(each) for each in grid.steps]))
    sources, numbers = {}, {}
    figures: list[Any] = []
    for name, own in zip(grid.outcomes, values, strict=True):
        as_it_is = before.total(name)[0, inside]
        sources[name] = ColumnDataSource({"time": time, "scenario": as_it_is, "set": own[first]}, name=name)
        numbers[name] = np.ascontiguousarray(own, dtype=np.float32).ravel()
        figures.append(_figure(name, sources[name], span_of(own, as_it_is), scenario.policy_start, words))
    move = CustomJS(
        args={
            "sliders": sliders,
            "places": texts,
            "counts": [len(each) for each in texts],
            "sources": sources,
            "all": numbers,
            "length": len(time),
        },
        code=_MOVE,
    )
    for slider in sliders:
        slider.js_on_change("value", move)
    reset = models.Button(label=words.say("reset"), width=400)
    reset.js_on_click(CustomJS(args={"sliders": sliders, "today": today}, code=_RESET))
    corridor = words.corridor(scenario.corridor)
    title = words.say("what_if", corridor=corridor)
    head = models.Div(text=element("h1", title, style=f"font: 600 20px {FONT}; color: {COLOURS.text}; margin: 4px 0"))
    year = words.numbers.year(scenario.policy_start)
    foot = f"{words.say('one_run', year=year)} {source_of(provenance(scenario), words)}"
    key = models.Div(
        text=element(
            "p",
            *(
                _key(*each)
                for each in ((COLOURS.baseline, words.say("scenario")), (COLOURS.yours, words.say("as_set")))
            ),
        )
    )
    note = models.Div(
        text=element("p", foot, style=f"font: 12px {FONT}; color: {COLOURS.muted}; max-width: 380px"), width=400
    )
    plots = gridplot(figures, ncols=1 if len(figures) == 1 else 2, toolbar_location=None)
    page = column(head, row(column(key, *sliders, reset, note), plots))
    return html_page(page, title, words.code, has_widgets=True)


def _figure(
    name: str, source: ColumnDataSource, span: tuple[float, float], policy_start: float, words: PlotWords
) -> figure:
    """The lines of one outcome: grey as the scenario is, blue as the sliders are."""
    unit, (width, height) = catalogue().outcomes[name].unit, SIZE
    plot = figure(
        width=width,
        height=height,
        title=words.title(name),
        y_range=models.Range1d(*span),
        x_axis_label=words.say("year"),
        y_axis_label=words.axis_unit(unit),
        tools="",
        toolbar_location=None,
    )
    plot.yaxis.formatter = tick_formatter(words, unit)
    plot.axis.axis_label_text_font_style = "normal"
    plot.axis.minor_tick_line_color, plot.outline_line_color = None, None
    plot.grid.grid_line_color = COLOURS.ground
    plot.add_layout(models.Span(location=policy_start, dimension="height", line_dash=[3, 3], line_color=COLOURS.muted))
    plot.line("time", "scenario", source=source, line_width=2, line_color=COLOURS.baseline)
    line = plot.line("time", "set", source=source, line_width=2.6, line_color=COLOURS.yours)
    tooltips = [(words.say("year"), "@time{0.00}"), (words.say("as_set"), "@set"), (words.say("scenario"), "@scenario")]
    plot.add_tools(HoverTool(renderers=[line], tooltips=tooltips, mode="vline"))
    return plot


def _key(colour: str, label: str) -> Markup:
    """A line of the legend."""
    line = element("span", "\u2501\u2501 ", style=f"color: {colour}; font-weight: 700")
    return element("span", line, label, style=f"font: 13px {FONT}; color: {COLOURS.text}; margin-right: 18px")


def _today_place(grid: LeverGrid, place: int) -> int:
    """Which step of a lever is today's."""
    return int(np.abs(grid.steps[place] - today_of_lever(grid.scenario, grid.levers[place])).argmin())


def _written_steps(grid: LeverGrid, place: int, words: PlotWords) -> list[str]:
    """The steps of a lever in words, each with its unit, today's marked as such."""
    name, today = grid.levers[place], _today_place(grid, place)
    card = lever_card(name)
    unit, numbers = words.lever_scale(card), words.numbers
    if unit:
        written = [numbers.full(value, unit) for value in grid.steps[place]]
    else:
        written = [f"{numbers.number(value)} {words.lever_unit(card)}" for value in grid.steps[place]]
    written[today] = words.say("today_is", value=written[today])
    return written
