"""The runs that a story rests on: an ensemble for each setting, run when it is first asked for and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from pushpull.analysis.engine_calls import Stopped
from pushpull.engine.runs.result import Result
from pushpull.ensemble import Progress, run_ensemble
from pushpull.evidence.measure_language import read_off
from pushpull.simulation import run
from pushpull.stories.story import TODAY, Story, StoryReading

MEMBERS, SEED = 200, 1
NEAR = 1e-6  # years


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
        self._variables = tuple(dict.fromkeys(reading.variable for reading in readings(story)))

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
