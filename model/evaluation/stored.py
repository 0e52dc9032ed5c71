"""Evaluations as they are stored beside a corridor: the first is the base line, the last the latest.

Every evaluation that was made stays, with what changed before it, so that their number says how often the forecasts
were looked at.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from pushpull.evaluation.knowledge import POLICIES
from pushpull.files.atomic import write_whole
from pushpull.files.faults import Fault, ScenarioFaults

FILE = "evaluation.json"
LARGEST = 20_000_000
ROW = (
    "origin_year", "horizon", "years", "measure", "stream", "group", "route", "policy", "mape", "crps", "coverage_50",
    "coverage_90", "persistence_mape", "persistence_crps", "trend_mape", "regression_mape",
)  # fmt: skip
YEAR = (
    "origin_year", "year", "measure", "stream", "group", "route", "policy", "p5", "p25", "p50", "p75", "p95",
    "recorded", "persistence", "trend", "regression",
)  # fmt: skip
NEEDED = ("name", "version", "model", "made", "seed", "members", "what_changed", "notes", "rows", "by_year", "fit")
MAY_LACK = (
    "persistence_mape", "persistence_crps", "trend_mape", "regression_mape", "persistence", "trend", "regression",
)  # fmt: skip
DIGITS = 5


def stored_evaluations(folder: Path) -> list[dict]:
    """The evaluations beside a corridor, in the order they were made; none where none was.

    Raises ScenarioFaults where the file is damaged, too large, or says something else.
    """
    path = folder / FILE
    if not path.exists():
        return []
    if path.stat().st_size > LARGEST:
        raise _unreadable(path, f"the file is larger than {LARGEST:,} bytes")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as fault:
        raise _unreadable(path, "this is no JSON") from fault
    evaluations = content.get("evaluations") if isinstance(content, dict) else None
    if not isinstance(evaluations, list) or content.get("schema_version") != 1:
        raise _unreadable(path, "this holds no evaluations")
    for number, each in enumerate(evaluations, 1):
        if not _is_whole(each):
            raise _unreadable(path, f"evaluation {number} is not whole")
        for name, is_one in (("rows", _is_row), ("by_year", _is_year), ("ablations", _is_ablation)):
            some = each.get(name, [])
            if not isinstance(some, list) or not all(map(is_one, some)):
                raise _unreadable(path, f"{name} of evaluation {number} are not whole")
    return evaluations


def store(folder: Path, corridor: str, evaluation: dict) -> Path:
    """Put an evaluation after those there are; the file is written whole or not at all.

    Raises ScenarioFaults where the file that is there cannot be read, and NotWritten where it cannot be written.
    """
    evaluations = [*stored_evaluations(folder), _rounded(evaluation)]
    content = {"schema_version": 1, "corridor": corridor, "evaluations": evaluations}
    return write_whole(folder / FILE, _text(content))


def _is_whole(evaluation: object) -> bool:
    if not isinstance(evaluation, dict) or any(name not in evaluation for name in NEEDED):
        return False
    notes = evaluation["notes"]
    texts = [evaluation[name] for name in ("name", "version", "model", "made", "what_changed")]
    return isinstance(notes, list) and all(isinstance(each, str) for each in (*texts, *notes))


def _is_row(row: object) -> bool:
    if not isinstance(row, dict) or set(row) != set(ROW) or not _is_about(row):
        return False
    years = row["years"]
    if not isinstance(years, list) or len(years) != 2 or not all(isinstance(year, int) for year in years):
        return False
    return isinstance(row["horizon"], str) and _are_numbers(row, ROW[8:])


def _is_year(row: object) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == set(YEAR)
        and _is_about(row)
        and isinstance(row["year"], int)
        and _are_numbers(row, YEAR[7:])
    )


def _is_ablation(row: object) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("mechanism", "title")):
        return False
    numbers = [value for name, value in row.items() if name not in ("mechanism", "title") and value is not None]
    return all(isinstance(each, int | float) and math.isfinite(each) for each in numbers)


def _is_about(row: dict) -> bool:
    texts = [row[name] for name in ("measure", "stream", "group", "route")]
    return (
        isinstance(row["origin_year"], int)
        and all(isinstance(each, str) for each in texts)
        and row["policy"] in POLICIES
    )


def _are_numbers(row: dict, names: tuple[str, ...]) -> bool:
    numbers = [row[name] for name in names if not (row[name] is None and name in MAY_LACK)]
    return all(isinstance(each, int | float) and math.isfinite(each) for each in numbers)


def _rounded(value: object) -> object:
    """Numbers to the digits that count."""
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items() if name != "point"}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _text(content: dict) -> str:
    """JSON with a line for each row."""
    lines = ["{", f' "schema_version": 1, "corridor": {json.dumps(content["corridor"])},', ' "evaluations": [']
    for number, each in enumerate(content["evaluations"]):
        parts = []
        for name, value in each.items():
            if isinstance(value, list) and value:
                inner = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in value)
                parts.append(f'  "{name}": [\n   {inner}\n  ]')
            else:
                parts.append(f'  "{name}": {json.dumps(value, ensure_ascii=False)}')
        end = "," if number + 1 < len(content["evaluations"]) else ""
        lines += [" {", ",\n".join(parts), f" }}{end}"]
    return "\n".join([*lines, " ]", "}"]) + "\n"


def _unreadable(path: Path, what: str) -> ScenarioFaults:
    shown = f"{path.parent.name}/{FILE}"
    return ScenarioFaults([Fault(shown, None, what, "a file that `pushpull evaluate` wrote")])
