"""What if: outcomes over the years that follow sliders, in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

import holoviews as hv

from pushpull.analysis.members import known_outcomes
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.plotting.captions import source_of, subtitle_of
from pushpull.plotting.dimensions import lever_card, lever_dimension, time_dimension, variable_dimension
from pushpull.plotting.lever_grids import scenario_at, steps_with_today
from pushpull.plotting.looks import HEIGHT, PANEL, WIDTH, Ends, beside, framed, scenario_look
from pushpull.plotting.pieces import curve, drawn_years, span_of, start_mark
from pushpull.plotting.plot_words import PlotWords
from pushpull.preparation import provenance
from pushpull.scenario import Scenario
from pushpull.simulation import run

STEPS = 21
YEARS_BEFORE = 10  # the policy start, from which on a what-if is drawn
MOST_LEVERS = 6
MOST_KEPT = 256  # runs of settings that were looked at


def what_if(
    scenario: Scenario,
    levers: Sequence[str] | str,
    outcomes: Iterable[str] | str,
    *,
    steps: int = STEPS,
    years: Ends | None = None,
    language: str = "en",
) -> hv.DynamicMap | hv.Layout:
    """Outcomes over the years that are run anew as sliders of levers or drivers move: a DynamicMap, or of several
    outcomes a layout of them under the same sliders.

    A slider has `steps` values from one end of its card's range to the other, today's among them, at which it begins.
    The grey line is the scenario as it is. It needs a running notebook or server; `what_if_page` makes a file that does
    not.

    Raises:
        KeyError: for a lever or an outcome that there is not.
        ValueError: for no lever or too many, and a language that plots do not speak.
    """
    names, shown = known_levers(levers), known_outcomes(outcomes)
    words = PlotWords(language, scenario.corridor.currency)
    values = [steps_with_today(scenario, name, steps) for name in names]
    dimensions = [
        lever_dimension(scenario, name, words, each.tolist()) for name, each in zip(names, values, strict=True)
    ]
    before = run(scenario, keep=shown)
    inside = drawn_years(before.time, years or drawn_from(scenario))

    @lru_cache(MOST_KEPT)
    def at(*settings: float) -> Result:
        return run(scenario_at(scenario, dict(zip(names, settings, strict=True))), keep=shown)

    corners = [at(*ends) for ends in product(*((each[0], each[-1]) for each in values))]
    size = (WIDTH, HEIGHT) if len(shown) == 1 else PANEL

    def drawn(outcome: str) -> hv.DynamicMap:
        span = span_of(*(each.total(outcome)[0, inside] for each in (before, *corners)))

        def picture(*settings: float) -> hv.Overlay:
            axes = (time_dimension(words), variable_dimension(outcome, words))
            lines = [
                curve(
                    before.time[inside], result.total(outcome)[0, inside], axes, words.say(key), *scenario_look(place)
                )
                for place, (key, result) in enumerate((("scenario", before), ("as_set", at(*settings))))
            ]
            unit = catalogue().outcomes[outcome].unit
            return framed(
                hv.Overlay([*lines, start_mark(scenario.policy_start)]),
                words,
                title=words.title(outcome),
                subtitle=subtitle_of(scenario, words),
                across=words.say("year"),
                up=words.axis_unit(unit),
                unit=unit,
                span=span,
                xlim=(float(before.time[inside][0]), float(before.time[inside][-1])),
                source=source_of(provenance(scenario), words) if len(shown) == 1 else "",
                size=size,
            )

        return hv.DynamicMap(picture, kdims=dimensions)

    maps = [drawn(outcome) for outcome in shown]
    return maps[0] if len(maps) == 1 else beside(maps, 2)


def known_levers(levers: Sequence[str] | str) -> tuple[str, ...]:
    """The names of some levers or drivers, each once; raises KeyError for one there is not, ValueError for no lever or
    too many."""
    names = tuple(dict.fromkeys((levers,) if isinstance(levers, str) else levers))
    for name in names:
        lever_card(name)
    if not 1 <= len(names) <= MOST_LEVERS:
        raise ValueError(f"a what-if has from 1 to {MOST_LEVERS} levers; {len(names)} are named")
    return names


def drawn_from(scenario: Scenario) -> Ends:
    """The years of a what-if: from ten before the policy start to the end."""
    return max(scenario.start, scenario.policy_start - YEARS_BEFORE), scenario.end
