"""The runs that a story rests on: an ensemble for each setting, run when it is first asked for and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from pushpull.analysis.engine_calls import Stopped
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.ensemble import Progress, run_ensemble
from pushpull.evidence.measure_language import names_in, read_off
from pushpull.simulation import run
from pushpull.stories.story import SHARES, TODAY, Story, StoryReading, StoryStep

MEMBERS, SEED = 200, 1
NEAR = 1e-6  # years
COMPARE, STRICTNESS = "compare", "strictness"
DRAWN_WAYS = ("difference", "multiples")
FOUR = (
    "smuggled_migrants",
    "deaths_in_transit",
    "people_exploited",
    "protection_gap",
)  # that every story keeps in view


class StoryRuns:
    """The simulations of each setting of a story. Member k has the same draw in all of them, so that differences are
    taken one by one. With one member the run is that of the central values of all parameters.

    `progress` is called with (runs done, runs in all); `stop` ends a run that goes on, with Stopped.
    """

    def __init__(
        self,
        story: Story,
        members: int = MEMBERS,
        seed: int = SEED,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ):
        self.story, self.members, self.seed = story, members, seed
        self._progress, self._stop = progress, stop
        self._results: dict[str, Result] = {}
        shown = (name for step in story.steps for name in pictured(story, step))
        self._variables = tuple(dict.fromkeys((*(reading.variable for reading in readings(story)), *shown)))

    def values(self, reading: StoryReading, setting: str) -> np.ndarray:
        """One number for each member: what is read off the runs of a setting."""
        year = self.story.year if reading.at is None else reading.at
        window = reading.over or (year, year)
        return read_off(self.result(setting), reading.variable, window, reading.how, reading.route or None)

    def line(self, reading: StoryReading, setting: str, until: float) -> tuple[np.ndarray, np.ndarray]:
        """A variable from the policy start on: saved times, and values over (member, time)."""
        result = self.result(setting)
        shown = (result.time >= self.story.base.policy_start - NEAR) & (result.time <= until + NEAR)
        return result.time[shown], result.total(reading.variable, route=reading.route or None)[:, shown]

    def before(self, reading: StoryReading, years: float) -> tuple[np.ndarray, np.ndarray]:
        """A variable in at most so many whole years before the policy start: times, and values over (member, time)."""
        result, start = self.result(TODAY), self.story.base.policy_start
        whole = np.abs(result.time - np.round(result.time)) < NEAR
        shown = whole & (result.time >= start - years - NEAR) & (result.time <= start + NEAR)
        return result.time[shown], result.total(reading.variable, route=reading.route or None)[:, shown]

    def result(self, setting: str) -> Result:
        """The simulations of a setting."""
        if setting not in self._results:
            done = len(self._results) * self.members
            whole = (len(self.story.settings) + 1) * self.members

            def report(part: int, of: int) -> None:
                if self._stop is not None and self._stop.is_set():
                    raise Stopped
                if self._progress is not None:
                    self._progress(done + part, whole)

            report(0, self.members)
            scenario = self.story.scenario(setting)
            if self.members == 1:
                self._results[setting] = run(scenario, keep=self._variables)
            else:
                of = (scenario, self.members, self.seed)
                self._results[setting] = run_ensemble(*of, keep=self._variables, progress=report)
        return self._results[setting]


def readings(story: Story) -> Iterator[StoryReading]:
    """Everything that a story reads off runs."""
    for number in story.numbers.values():
        if number.reading is not None:
            yield number.reading
    for step in story.steps:
        reading = getattr(step.question, "reading", None)
        if reading is not None:
            yield reading


def pictured(story: Story, step: StoryStep) -> tuple[str, ...]:
    """The variables that are drawn of a step whose page holds more than one chart, the first that which is asked about;
    none where it shows one chart, or a page of which no picture is drawn."""
    shows = step.shows
    asked = shows.outcome or _asked_about(story, step)
    if shows.page == COMPARE and is_table(step):
        return (asked, *(name for name in FOUR if name != asked))[: len(FOUR)] if asked else FOUR
    if shows.page == COMPARE and shows.way in DRAWN_WAYS and asked:
        return (asked,)
    if shows.page == "outcomes" and shows.part == "routes":
        return (SHARES, STRICTNESS)
    observed = catalogue().outcomes[asked].observed_as if asked else ""
    return (asked, observed) if shows.page == "outcomes" and shows.part == "recorded" and observed else ()


def is_table(step: StoryStep) -> bool:
    """Whether a step shows the comparison as a table."""
    return step.shows.way == "table"


def _asked_about(story: Story, step: StoryStep) -> str:
    """The outcome that a step's question is about; none where it asks nothing, or about something else."""
    reading, name = getattr(step.question, "reading", None), getattr(step.question, "number", "")
    while reading is None and name:
        number = story.numbers[name]
        reading, name = number.reading, number.chance_that
        if reading is None and not name:
            name = min(names_in(number.measure), default="")
    return reading.variable if reading is not None and reading.variable in catalogue().outcomes else ""
