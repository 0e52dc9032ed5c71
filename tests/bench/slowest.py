"""The table of the slowest tests, `slowest.csv`, from what pytest wrote of a run.

python -m tests.bench.slowest REPORT.xml        (or: make slowest)

Seconds are those on the clock, fixtures included, and depend on the machine and on what else it does. Cases of one test
are counted as one, so that many quick ones are seen too.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

FILE = Path(__file__).with_name("slowest.csv")
COLUMNS = ("date", "seconds", "cases", "slowest_case", "test")
MOST = 20


def slowest(report: Path, most: int = MOST) -> list[tuple[float, int, float, str]]:
    """Seconds together, number of cases, seconds of the slowest case and name of the tests that took longest."""
    seconds = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("name", "").partition("[")[0].partition("@")[0]
        seconds[f"{case.get('classname', '')}.{name}"].append(float(case.get("time", 0)))
    rows = [(sum(cases), len(cases), max(cases), test) for test, cases in seconds.items()]
    return sorted(rows, reverse=True)[:most]


def main(report: str) -> None:
    """Write the table anew."""
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for together, cases, longest, test in slowest(Path(report)):
            writer.writerow([date.today().isoformat(), f"{together:.1f}", cases, f"{longest:.1f}", test])


if __name__ == "__main__":
    main(sys.argv[1])
