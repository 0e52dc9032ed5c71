"""Evaluations as they are stored beside a corridor: the first is the base line, the last the latest.

Every evaluation that was made stays, with what changed before it, so that their number says how often the forecasts
were looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pushpull.evaluation.design import HORIZONS
from pushpull.evaluation.knowledge import POLICIES
from pushpull.files.atomic import reason, write_whole
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.wording.phrases import Phrase

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
ABOUT = ("origin_year", "measure", "stream", "group", "route", "policy")
DIGITS = 5
MOST_IN_A_FORECAST = 400  # recorded values; a year may have several
LONGEST_TEXT = 2_000
LARGEST_NUMBER = 1e15
YEARS = (1800, 2300)


def stored_evaluations(folder: Path) -> list[dict]:
    """The evaluations beside a corridor, in the order they were made; none where none was.

    Raises ScenarioFaults where the file cannot be read, is damaged or too large, or is of another corridor.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return []
        if path.stat().st_size > LARGEST:
            raise _unreadable(path, Phrase("the file is larger than {largest:,} bytes", largest=LARGEST))
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise _unreadable(path, Phrase("the file cannot be read: {reason}", reason=reason(fault))) from fault
    except (ValueError, RecursionError) as fault:
        if isinstance(fault, ScenarioFaults):
            raise
        raise _unreadable(path, Phrase("this is no JSON")) from fault
    evaluations = content.get("evaluations") if isinstance(content, dict) else None
    if not isinstance(evaluations, list) or content.get("schema_version") != 1:
        raise _unreadable(path, Phrase("this holds no evaluations"))
    if content.get("corridor") != folder.name:
        raise _unreadable(path, Phrase("these evaluations are of another corridor"))
    for number, each in enumerate(evaluations, 1):
        if not _is_whole(each):
            raise _unreadable(path, Phrase("evaluation {number} is not whole", number=number))
        for name, is_one in (("rows", _is_row), ("by_year", _is_year), ("ablations", _is_ablation)):
            some = each.get(name, [])
            if not isinstance(some, list) or not all(map(is_one, some)):
                raise _unreadable(path, Phrase("{name} of evaluation {number} are not whole", name=name, number=number))
        for name, keys, most in (("rows", (*ABOUT, "horizon"), 1), ("by_year", ABOUT, MOST_IN_A_FORECAST)):
            if max(Counter(tuple(row[key] for key in keys) for row in each[name]).values(), default=0) > most:
                raise _unreadable(
                    path,
                    Phrase(
                        "{name} of evaluation {number} say more than {most} of one forecast",
                        name=name,
                        number=number,
                        most=most,
                    ),
                )
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
    return isinstance(notes, list) and all(map(_is_text, (*texts, *notes)))


def _is_row(row: object) -> bool:
    if not isinstance(row, dict) or set(row) != set(ROW) or not _is_about(row):
        return False
    years = row["years"]
    if not isinstance(years, list) or len(years) != 2 or not all(map(_is_year_number, years)) or years[0] > years[1]:
        return False
    shares = (row["coverage_50"], row["coverage_90"])
    return (
        isinstance(row["horizon"], str)
        and row["horizon"] in HORIZONS
        and _are_numbers(row, ROW[8:], least=0.0)
        and all(share <= 1 for share in shares)
    )


def _is_year(row: object) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == set(YEAR)
        and _is_about(row)
        and _is_year_number(row["year"])
        and _are_numbers(row, YEAR[7:])
        and _rise([row[name] for name in YEAR[7:12]])
    )


def _is_ablation(row: object) -> bool:
    if not isinstance(row, dict) or not all(_is_text(row.get(name)) for name in ("mechanism", "title")):
        return False
    return all(
        _is_number(row[name], 0.0) for name in row if name not in ("mechanism", "title") and row[name] is not None
    )


def _is_about(row: dict) -> bool:
    texts = [row[name] for name in ("measure", "stream", "group", "route")]
    return (
        _is_year_number(row["origin_year"])
        and all(map(_is_text, texts))
        and isinstance(row["policy"], str)
        and row["policy"] in POLICIES
    )


def _are_numbers(row: dict, names: tuple[str, ...], least: float = -LARGEST_NUMBER) -> bool:
    return all(_is_number(row[name], least) for name in names if not (row[name] is None and name in MAY_LACK))


def _is_number(value: object, least: float = -LARGEST_NUMBER) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= LARGEST_NUMBER


def _is_year_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and YEARS[0] <= value <= YEARS[1]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _rise(values: Sequence[float]) -> bool:
    return all(low <= high for low, high in zip(values, values[1:], strict=False))


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
    return ScenarioFaults([Fault(shown, None, what, Phrase("a file that `pushpull evaluate` wrote"))])
