"""The same run in other simulators, with the same equations, steps and method: `make bench`.

Times are printed and never asserted; that each run ends at the same number is. What is prepared is the exported text
and its reading; PySD is spared laying out the module it writes, which takes some ten seconds more.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy.integrate import OdeSolver, solve_ivp

from pushpull import Scenario, run
from pushpull.engine.plain.evaluator import Conditions
from pushpull.engine.runs.task import Task
from pushpull.exporting.xmile import xmile_text
from pushpull.preparation import integrator, task_of
from tests.xmile_judges import PySD, Simlin, euler, of_outcomes, ours

CORRIDOR = "us_southwest_border"
OURS = "Pushpull, from scenario to result"
MARK = "cumulative_deaths"


@dataclass
class Timing:
    """Milliseconds of some runs, each of which must end at the same number."""

    name: str
    once: float
    runs: list[float] = field(default_factory=list)

    def row(self, ours: float) -> str:
        """A line of the table."""
        low, middle, high = (np.percentile(self.runs, part) for part in (0, 50, 100))
        return f"{self.name:<36}{self.once:>12,.1f}{middle:>12,.2f}{low:>12,.2f}{high:>12,.2f}{middle / ours:>10,.1f}"


def timed(name: str, prepare: Callable[[], Callable[[], float]], times: int, expected: float) -> Timing:
    """Time the preparation once and the run so many times."""
    before = time.perf_counter()
    work = prepare()
    timing = Timing(name, (time.perf_counter() - before) * 1e3)
    work()
    for _ in range(times):
        before = time.perf_counter()
        end = work()
        timing.runs.append((time.perf_counter() - before) * 1e3)
        assert end == pytest.approx(expected, rel=1e-6), name
    return timing


class Euler(OdeSolver):
    """Fixed steps for SciPy, which has no solver that takes them."""

    def __init__(self, fun, t0, y0, t_bound, vectorized=False, steps_per_year=20, **_):
        super().__init__(fun, t0, y0, t_bound, vectorized)
        self.start, self.steps_per_year, self.taken = t0, steps_per_year, 0

    def _step_impl(self):
        self.y = self.y + self.fun(self.t, self.y) / self.steps_per_year
        self.taken += 1
        self.t = self.start + self.taken / self.steps_per_year
        return True, None


def scipy_run(task: Task) -> Callable[[], float]:
    """A run of the plain right-hand side by solve_ivp, which gives what the mark ends at."""
    engine = integrator()
    evaluator, start = engine.evaluator(task), engine.initial_levels(task)
    shape = start.shape

    def slopes_at(at: float, state: np.ndarray) -> np.ndarray:
        inputs = task.inputs[min(round((at - task.start) * task.steps_per_year), task.steps - 1), 0]
        return evaluator.evaluate(Conditions.of(task, state.reshape(shape), inputs))[1].ravel()

    def work() -> float:
        span = (task.start, task.start + task.steps / task.steps_per_year)
        options = {"steps_per_year": task.steps_per_year}
        found = solve_ivp(slopes_at, span, start.ravel(), method=Euler, **options)
        return float(found.y[:, -1].reshape(shape)[engine.layout.stocks.index(MARK), 0])

    return work


def simlin_run(scenario: Scenario, folder) -> Callable[[], float]:
    """A run in simlin, from reading the file to what the mark ends at."""
    judge = Simlin(xmile_text(scenario), folder)

    def work() -> float:
        simulation = judge.project.get_model().simulate()
        simulation.run_to_end()
        return float(simulation.get_series(MARK)[-1])

    return work


def pysd_run(scenario: Scenario, folder) -> Callable[[], float]:
    """A run in PySD, which keeps the outcomes at our times."""
    text = xmile_text(scenario)
    judge = PySD(text, folder)
    times, series = ours(scenario)
    names = [*of_outcomes(series), MARK]
    return lambda: float(judge.run(text, times, names)[MARK].iloc[-1])


def our_run(scenario: Scenario) -> Callable[[], float]:
    """A run of ours, with everything a result holds."""
    return lambda: float(run(scenario).total(MARK)[0, -1])


def our_march(task: Task) -> Callable[[], float]:
    """The compiled march alone."""
    engine = integrator()
    return lambda: float(engine.simulate(task)[MARK][0, -1, 0, 0])


def timings(folder) -> Iterator[Timing]:
    """Ours first, then the others."""
    scenario = euler(CORRIDOR, "balanced")
    task = task_of(scenario)
    expected = our_run(scenario)()
    for name, prepare, times in (
        (OURS, lambda: our_run(scenario), 60),
        ("Pushpull, the march alone", lambda: our_march(task), 60),
        ("simlin", lambda: simlin_run(scenario, folder), 20),
        ("PySD", lambda: pysd_run(scenario, folder), 5),
        ("SciPy solve_ivp, plain Python", lambda: scipy_run(task), 2),
    ):
        yield timed(name, prepare, times, expected)


def test_one_run_beside_other_simulators(tmp_path, capsys):
    rows = list(timings(tmp_path))
    base = statistics.median(next(row.runs for row in rows if row.name == OURS))
    with capsys.disabled():
        print(f"\n\nOne run of {CORRIDOR}, 1990 to 2045, {euler(CORRIDOR).method}, 20 steps a year; milliseconds")
        columns = ("to prepare", "median", "least", "most", "ratio")
        print(" " * 36 + "".join(f"{word:>{12 if word != 'ratio' else 10}}" for word in columns))
        for row in rows:
            print(row.row(base))
