"""Evaluations as they are stored beside a corridor: the first is the base line, the last the latest.

Every evaluation that was made stays, with what changed before it, so that their number says how often the forecasts
were looked at.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from pushpull.files.atomic import write_whole
from pushpull.files.faults import Fault, ScenarioFaults

FILE = "evaluation.json"
LARGEST = 20_000_000
ROW = (
    "origin_year", "horizon", "years", "measure", "stream", "group", "route", "policy", "mape", "crps", "coverage_50",
    "coverage_90", "persistence_mape", "persistence_crps", "trend_mape", "regression_mape",
)  # fmt: skip
NEEDED = ("name", "version", "model", "made", "seed", "members", "what_changed", "notes", "rows", "by_year", "fit")
MAY_LACK = ("persistence_mape", "persistence_crps", "trend_mape", "regression_mape")
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
        if not isinstance(each, dict) or any(name not in each for name in NEEDED):
            raise _unreadable(path, f"evaluation {number} is not whole")
        if not isinstance(each["rows"], list) or not all(map(_is_row, each["rows"])):
            raise _unreadable(path, f"a row of evaluation {number} is not whole")
    return evaluations


def store(folder: Path, corridor: str, evaluation: dict) -> Path:
    """Put an evaluation after those there are; the file is written whole or not at all.

    Raises ScenarioFaults where the file that is there cannot be read, and NotWritten where it cannot be written.
    """
    evaluations = [*stored_evaluations(folder), _rounded(evaluation)]
    content = {"schema_version": 1, "corridor": corridor, "evaluations": evaluations}
    return write_whole(folder / FILE, _text(content))


def _is_row(row: object) -> bool:
    if not isinstance(row, dict) or set(row) != set(ROW):
        return False
    numbers = [row[name] for name in ROW[8:] if not (row[name] is None and name in MAY_LACK)]
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
