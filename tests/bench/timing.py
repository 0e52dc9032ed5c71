"""How a figure is taken, told and kept: `history.csv` has a line for each."""

from __future__ import annotations

import csv
import datetime
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pushpull.preparation import model_digest

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


class Keeper:
    """Prints figures and adds them to the history once all are there."""

    def __init__(self) -> None:
        self._scale = yardstick()
        self._rows: list[tuple[str, float, float]] = []

    def __call__(self, what: str, median: float, least: float) -> None:
        """Keep a figure in milliseconds."""
        self._rows.append((what, median, least))
        print(f"\n{what}: median {median:,.2f} ms, least {least:,.2f} ms, {median / self._scale:,.1f} yardsticks")

    def write(self) -> None:
        """Add what was kept to the history."""
        machine = f"{platform.machine()} {os.cpu_count()} cores, python {platform.python_version()}"
        today = datetime.date.today().isoformat()
        fresh = not HISTORY.exists()
        with HISTORY.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(COLUMNS)
            for what, median, least in self._rows:
                figures = (f"{median:.3f}", f"{least:.3f}", f"{median / self._scale:.2f}")
                writer.writerow((today, what, *figures, machine, model_digest()[:12]))
