"""What one page may ask of everyone's server; the command line takes more.

A run costs by its steps: years times steps a year. At `MOST_STEPS` it takes some 20 ms whatever the method, so that a
move of anybody's lever, which makes two or three runs, never holds up another's for long. Memory goes with the steps
too: 12 MB for the grid of the longest run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pushpull import Scenario
from pushpull.engine.stepping.methods import STEPS_PER_YEAR, saves_per_year

MOST_STEPS = 12_000  # of a run: to 2200 in the usual steps, or to 2045 in steps a quarter as long
FEW_STEPS = 16_000  # of runs that one move may make while everyone waits: six of the usual ones, whose cost is a tenth
MOST_STATES = 2_600  # that a run of a page saves: one a month to 2200
MOST_POINTS = 1_200  # years and amounts that all schedules of a scenario name: a century of months
MOST_KEPT_BESIDE = 12
MOST_LINES = 20  # of a notice
LARGEST_UPLOAD = 100_000  # bytes of a file: ten for each entry that a file may have
MOST_MOVES = 200  # by one message: every lever and driver along every route
LARGEST_PICTURE = 600_000  # bytes of one of the pictures of an evidence pack; the page draws them in some 80,000
LARGEST_MESSAGE = 24_000_000  # bytes from a browser: a picture of each outcome, in letters


def steps_of(scenario: Scenario) -> int:
    """Steps that a run of a scenario takes."""
    return round((scenario.end - scenario.corridor.start) * steps_per_year(scenario))


def steps_per_year(scenario: Scenario) -> int:
    """Steps a year, the usual ones where the scenario names none."""
    return scenario.steps_per_year or STEPS_PER_YEAR


def states_of(scenario: Scenario) -> int:
    """States that a run of a scenario saves."""
    a_year = saves_per_year(scenario.save_every, steps_per_year(scenario))
    return round((scenario.end - scenario.corridor.start) * a_year) + 1


def points_of(scenario: Scenario) -> int:
    """Amounts that the schedules of a scenario name."""
    settings = (*scenario.policies.values(), *scenario.context.values())
    forms = (form for each in settings for form in (each.values() if isinstance(each, Mapping) else [each]))
    return sum(len(form.amounts) for form in forms)


def exceeded(scenario: Scenario) -> tuple[str, dict[str, object]] | None:
    """What a scenario asks too much of, as a key of the words under `refused` and their values."""
    steps, years = steps_of(scenario), scenario.end - scenario.corridor.start
    if steps > MOST_STEPS:
        return "too_many_steps", {
            "steps": steps,
            "most": MOST_STEPS,
            "end": f"{scenario.end:g}",
            "a_year": steps_per_year(scenario),
            "most_a_year": int(MOST_STEPS // years),
        }
    states = states_of(scenario)
    if states > MOST_STATES:
        return "too_many_states", {"states": states, "most": MOST_STATES}
    points = points_of(scenario)
    if points > MOST_POINTS:
        return "too_many_points", {"points": points, "most": MOST_POINTS}
    return None


def shortened(lines: Iterable[str], more: str) -> Iterator[str]:
    """The first lines, and in the words of `more` how many there are besides."""
    held = list(lines)
    yield from held[:MOST_LINES]
    if len(held) > MOST_LINES:
        yield more.format(count=len(held) - MOST_LINES)
