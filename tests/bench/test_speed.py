"""How long things take; printed, kept in history.csv, and never asserted: `make bench`."""

from __future__ import annotations

import csv
import datetime
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model import Scenario, run
from model.ensemble import run_ensemble
from model.running import integrator, model_digest, task_of

HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = ("date", "what", "median_ms", "least_ms", "relative", "machine", "model")


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and least of so many timings."""
    spent = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        spent.append((time.perf_counter() - before) * 1e3)
    return statistics.median(spent), min(spent)


def yardstick() -> float:
    """Milliseconds this machine takes for a fixed piece of work, so that figures of two machines compare."""
    block = np.linspace(0.1, 1, 200_000)
    return milliseconds(lambda: np.exp(np.log(block) * 0.5).sum(), 20)[0]


@pytest.fixture(scope="module")
def keep():
    """Print a figure and add it to the history."""
    scale = yardstick()
    rows = []

    def write(what: str, median: float, least: float) -> None:
        rows.append((what, median, least))
        print(f"\n{what}: median {median:,.2f} ms, least {least:,.2f} ms, {median / scale:,.1f} yardsticks")

    yield write
    machine = f"{platform.machine()} {os.cpu_count()} cores, python {platform.python_version()}"
    today = datetime.date.today().isoformat()
    fresh = not HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS)
        for what, median, least in rows:
            figures = (f"{median:.3f}", f"{least:.3f}", f"{median / scale:.2f}")
            writer.writerow((today, what, *figures, machine, model_digest()[:12]))


@pytest.mark.parametrize("corridor", ["us_southwest_border", "g8_2001"])
def test_a_warm_run_of_the_whole_corridor(keep, corridor):
    scenario = Scenario.load(corridor).with_policy("balanced")
    run(scenario)
    keep(f"warm run, {corridor}", *milliseconds(lambda: run(scenario), 60))


def test_the_parts_of_a_run(keep):
    scenario = Scenario.load("us_southwest_border")
    task = task_of(scenario)
    engine = integrator()
    engine.run(task)
    changed = {"border_control": 2}
    keep("changing a lever and resolving", *milliseconds(lambda: task_of(scenario.with_changes(policies=changed)), 60))
    keep("the march alone", *milliseconds(lambda: engine.run(task), 60))


def test_an_ensemble_of_two_hundred(keep):
    scenario = Scenario.load("us_southwest_border").with_policy("balanced")
    keep("ensemble of 200, outcomes", *milliseconds(lambda: run_ensemble(scenario, 200, 1), 3))


def test_a_first_run_on_a_machine_and_the_next(keep, tmp_path):
    command = [sys.executable, "-m", "model", "run", "us_southwest_border"]
    environment = {**os.environ, "PUSHPULL_CACHE": str(tmp_path)}

    def start() -> None:
        subprocess.run(command, env=environment, capture_output=True, check=True)

    keep("command line, first run on a machine (compiles)", *milliseconds(start, 1))
    keep("command line, later runs", *milliseconds(start, 3))
