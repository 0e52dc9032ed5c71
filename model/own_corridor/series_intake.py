"""Observations as rows of a corridor's `series.csv`: in the unit of what they are for, checked whole, then written.

Nothing is written before the corridor has been read with the new rows in place, and a recorded value that would change
is told with what it was.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pushpull.engine.language.cards import Card
from pushpull.engine.language.graph import Variable
from pushpull.files.atomic import write_whole
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.suggestions import plain
from pushpull.files.tree import decode, read_bytes
from pushpull.own_corridor.corridor_edits import SERIES, refuse_faulty
from pushpull.own_corridor.observations import Observation
from pushpull.scenario import Corridor, Scenario
from pushpull.scenario.interpreter import in_range, within
from pushpull.scenario.library import CORRIDOR_FILE, CORRIDOR_ID
from pushpull.scenario.series import LARGEST_SERIES
from pushpull.scenario.series_rows import COLUMNS, INSTANTS
from pushpull.scenario.summary import SOURCES
from pushpull.scenario.unit_dimensions import COUNT, MONEY, at_odds, measure
from pushpull.wording.money import in_currency
from pushpull.wording.phrases import Phrase

MOST_CHANGES = 6  # that are told one by one
PERCENT = 0.01
_SCALE = re.compile(r"scale: ([-+.e\d]+)\Z")
_LOOKS = re.compile(r"\s*\|")


@dataclass(frozen=True)
class Purpose:
    """What a series is for: a lever, driver, parameter, outcome or variable, its unit and range, and its indices.

    `card` is None where it has no range; `grows` says that it is a rate of growth, which a series of levels makes;
    `variable` is what a fit compares with the series.
    """

    name: str
    unit: str
    kind: str
    over: tuple[str, ...]
    card: Card | None = None
    grows: bool = False
    variable: str = ""


@dataclass(frozen=True)
class Intake:
    """Rows ready to be written, by the cells of their columns; `remarks` for who brings them in, `rows_before` what
    stands in the file already, `changes` the values of it that would be others."""

    folder: Path
    series: str
    rows: tuple[dict[str, str], ...]
    remarks: tuple[str, ...]
    rows_before: tuple[dict[str, str], ...] = ()
    changes: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The series, one for each origin where there are several."""
        return tuple(dict.fromkeys(row["series"] for row in self.rows))

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year."""
        years = [int(row["year"]) for row in self.rows]
        return min(years), max(years)


def purpose_of(scenario: Scenario, name: str) -> Purpose:
    """What a name of the model asks of a series; raises ScenarioFaults for a name it does not know."""
    known = scenario.catalogue
    for kind, cards in (("lever", known.levers), ("context", known.context), ("parameter", known.parameters)):
        if name in cards:
            card, currency = cards[name], scenario.corridor.currency
            over = (card.over,) if card.over else ()
            return Purpose(name, in_currency(card.unit, currency), kind, over, card, name.endswith("_growth"))
    variables = known.model.variables
    outcomes = known.outcomes
    names = [*known.levers, *known.context, *known.parameters, *outcomes, *variables]
    if name in outcomes:
        variable, recorded_as = outcomes[name].variable, outcomes[name].observed_as
        unit = in_currency(variable.unit, scenario.corridor.currency)
        return Purpose(name, unit, "outcome", _indices(variable), variable=recorded_as or variable.name)
    if name in variables:
        unit = in_currency(variables[name].unit, scenario.corridor.currency)
        return Purpose(name, unit, "variable", _indices(variables[name]), variable=name)
    what = Phrase("the model knows no {name}", name=quote(name))
    allowed = Phrase("a lever, driver, parameter, outcome or variable (`pushpull list levers`, context, outcomes ...)")
    raise ScenarioFaults([Fault("--for", None, what, allowed, nearest(name, names))])


def _indices(variable: Variable) -> tuple[str, ...]:
    return tuple(index.name for index in variable.over)


def rows_of(
    found: Sequence[Observation],
    shown: str,
    corridor: Corridor,
    series: str,
    purpose: Purpose | None,
    unit: str = "",
    scale: float | None = None,
    source: str = "",
    quality: str = "C",
    note: str = "",
) -> Intake:
    """The rows that observations make; raises ScenarioFaults with every fault, with the line of the table.

    `unit` is what the table's values are in where it has no column for it; `scale` multiplies them, where the unit of
    the purpose is no plain factor away.
    """
    faults: list[Fault] = []
    if not CORRIDOR_ID.match(series):
        what = Phrase("{name} cannot name a series", name=quote(series))
        faults.append(Fault("--series", None, what, Phrase("lower-case words joined by _")))
    given = list(dict.fromkeys(each.unit or unit for each in found))
    if len(given) > 1:
        line = next(each.line for each in found if (each.unit or unit) != given[0])
        what = Phrase("values are in {first} and in {second}", first=quote(given[0]), second=quote(given[1]))
        faults.append(Fault(shown, line, what, Phrase("one unit; --where tells rows apart")))
    if not given or not given[0]:
        faults.append(Fault("--unit", None, Phrase("the table does not say what its values are in"),
                            Phrase('such as --unit persons, --unit %, --unit "thousand persons a year"')))  # fmt: skip
    if faults:
        raise ScenarioFaults(faults)
    made_of, remarks = given[0], list[str]()
    factor, unit_then = 1.0 if scale is None else scale, made_of
    if purpose is not None and not _is_growth(purpose, made_of):
        wrong, guess = at_odds(made_of, purpose.unit, found[0].when.timing in INSTANTS)
        plain_factor = _SCALE.match(guess)
        if wrong and scale is None and plain_factor is None:
            what = Phrase("{name} is in {unit}, the table in {given}", name=purpose.name, unit=quote(purpose.unit),
                          given=quote(made_of))  # fmt: skip
            allowed = Phrase("a table in that unit, or --scale with a number that turns it into it")
            raise ScenarioFaults([Fault(shown, found[0].line, what, allowed)])
        if wrong and scale is None and plain_factor is not None:
            factor = float(plain_factor[1])
            remarks.append(Phrase("from {given} to {unit}: values are multiplied by {factor:g}", given=quote(made_of),
                                  unit=quote(purpose.unit), factor=factor))  # fmt: skip
        if factor != 1.0 or scale is not None:
            unit_then = purpose.unit
    _check_indices(found, shown, purpose, faults)
    _check_range(found, shown, purpose, factor, made_of, faults)
    if faults:
        raise ScenarioFaults(faults)
    several = len(corridor.origins) > 1
    rows = tuple(
        {
            "series": f"{series}_{each.origin}" if each.origin and several else series,
            "year": str(each.when.year),
            "timing": each.when.timing,
            "time": f"{each.when.time:.4f}".rstrip("0").rstrip("."),
            "route": each.route,
            "value": plain(float(f"{each.value * factor:.12g}")),
            "unit": unit_then,
            "source": source,
            "quality": quality,
            "note": note,
        }
        for each in found
    )
    return Intake(corridor.folder, series, rows, tuple(remarks))


def _is_growth(purpose: Purpose, unit: str) -> bool:
    """Whether a series of levels is to drive a rate of growth, which its values make."""
    return purpose.grows and measure(unit).kind in (MONEY, COUNT, "")


def _check_indices(found: Sequence[Observation], shown: str, purpose: Purpose | None, faults: list[Fault]) -> None:
    if purpose is None:
        return
    for kind, word in (("route", Phrase("route")), ("origin", Phrase("origin"))):
        line = next((each.line for each in found if getattr(each, kind)), None)
        if line is not None and kind not in purpose.over:
            what = Phrase("{name} does not vary by {word}, and the table does", name=purpose.name, word=word)
            faults.append(Fault(shown, line, what, Phrase("--where or --value with one of them, such as the total")))


def _check_range(
    found: Sequence[Observation],
    shown: str,
    purpose: Purpose | None,
    factor: float,
    unit: str,
    faults: list[Fault],
) -> None:
    if purpose is None or purpose.card is None or _is_growth(purpose, unit):
        return
    outside = [each for each in found if not within(each.value * factor, purpose.card)]
    if not outside:
        return
    first = outside[0]
    what = Phrase("{name} is {value:g} in {year}, outside its range", name=purpose.name, value=first.value * factor,
                  year=first.when.year)  # fmt: skip
    if len(outside) > 1:
        what = Phrase("{what} (so in {count} rows)", what=what, count=len(outside))
    is_percent = purpose.unit in ("1", "1/year") and all(within(each.value * PERCENT, purpose.card) for each in found)
    remedy = Phrase("values look like percent: --unit %") if is_percent and factor == 1.0 else ""
    faults.append(Fault(shown, first.line, what, in_range(purpose.card), remedy=remedy))


def beside_the_old(intake: Intake) -> Intake:
    """The intake with what stands in `series.csv`: rows that are there already, and values that would change."""
    path = intake.folder / SERIES
    if not path.exists():
        return intake
    text = decode(read_bytes(path, SERIES, LARGEST_SERIES), SERIES)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        what = Phrase("the columns are not those of {what}", what=Phrase("a series file"))
        raise ScenarioFaults([Fault(str(path), 1, what, ",".join(COLUMNS))])
    before = tuple({name: row.get(name) or "" for name in COLUMNS} for row in reader)
    old = {_key(row): row for row in before}
    changes, unchanged = [], 0
    for row in intake.rows:
        stands = old.get(_key(row))
        if stands is None:
            continue
        if _value(stands) == _value(row) and stands["unit"] == row["unit"]:
            unchanged += 1
            continue
        where = " ".join(part for part in (row["series"], row["route"], row["year"]) if part)
        changes.append(Phrase("{where}: {old} there, {new} here", where=where, old=stands["value"], new=row["value"]))
    return replace(intake, rows_before=before, changes=tuple(changes), unchanged=unchanged)


def write_intake(intake: Intake, corridor_shown: str, scenario: Scenario, about: str, may_replace: bool) -> list[Path]:
    """Write the rows, and a line for their source where there is none; the files that were written.

    Raises ScenarioFaults, and writes nothing, where values would change and may not, or where the corridor could not be
    read with the new rows; NotWritten where a file cannot be written.
    """
    series_shown = os.path.join(corridor_shown, SERIES)
    if intake.changes and not may_replace:
        first = listed(intake.changes[:MOST_CHANGES])
        what = Phrase("recorded values would change: {count}; {first}", count=len(intake.changes), first=first)
        raise ScenarioFaults([Fault(series_shown, None, what, Phrase("--replace to take the new ones"))])
    new = {_key(row): row for row in intake.rows}
    kept = [new.pop(_key(row), row) for row in intake.rows_before]
    text = _text([*kept, *new.values()])
    refuse_faulty(intake.folder, corridor_shown, scenario, series=text)
    written = []
    sources = _with_source(intake.folder / SOURCES, intake.rows[0]["source"], about)
    if sources is not None:
        written.append(write_whole(intake.folder / SOURCES, sources))
    if [*kept, *new.values()] != list(intake.rows_before) or not (intake.folder / SERIES).exists():
        written.append(write_whole(intake.folder / SERIES, text))
    return written


def _key(row: dict[str, str]) -> tuple:
    return (row["series"], row["route"], row["source"], _number(row["time"]))


def _value(row: dict[str, str]) -> float | str:
    return _number(row["value"])


def _number(text: str) -> float | str:
    try:
        return round(float(text), 9)
    except ValueError:
        return text


def _text(rows: Iterable[dict[str, str]]) -> str:
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if any(row.values()))
    return content.getvalue()


def _with_source(path: Path, key: str, about: str) -> str | None:
    """The text of SOURCES.md with a line for a key; None where it has one."""
    text = decode(read_bytes(path, SOURCES), SOURCES) if path.exists() else "| key | what it is |\n|---|---|\n"
    if f"`{key}`" in text and path.exists():
        return None
    lines = text.splitlines()
    last = max((number for number, line in enumerate(lines) if _LOOKS.match(line)), default=len(lines) - 1)
    said = about.replace("|", "/").strip() or "(say here what it is, where it was found, and its licence)"
    return "\n".join([*lines[: last + 1], f"| `{key}` | {said} |", *lines[last + 1 :]]) + "\n"


def lines_to_write(intake: Intake, purpose: Purpose | None, origins: Sequence[str]) -> list[tuple[str, str]]:
    """What brings a series into the corridor: a file with its block, and the line to write there."""
    if purpose is None:
        return []
    names = intake.names
    by_origin = {name.removeprefix(f"{intake.series}_"): name for name in names if name != intake.series}
    if purpose.kind in ("lever", "context", "parameter"):
        how = ", at: first" if purpose.kind == "parameter" else ""
        how += ", transform: growth" if _is_growth(purpose, intake.rows[0]["unit"]) else ""
        block = {"lever": "policies", "context": "context", "parameter": "parameters"}[purpose.kind]
        if by_origin:
            inner = ", ".join(f"{origin}: {{series: {name}{how}}}" for origin, name in by_origin.items())
            return [(f"{CORRIDOR_FILE}, {block}", f"{purpose.name}: {{{inner}}}")]
        return [(f"{CORRIDOR_FILE}, {block}", f"{purpose.name}: {{series: {names[0]}{how}}}")]
    is_routed = any(row["route"] for row in intake.rows)
    reading = ", reading: point" if intake.rows[0]["timing"] in INSTANTS else ""
    lines = []
    for name in names:
        origin = next((each for each, of in by_origin.items() if of == name and each in origins), "")
        at = (", by: route" if is_routed else "") + (f", origin: {origin}" if origin else "")
        asked = f"of: {purpose.variable}{at}{reading}, error: 0.3, tolerance: 40, fitted: true"
        lines.append(("calibration.yaml, series", f'{name}: {{{asked}, why: "say what makes it a good record"}}'))
    if purpose.kind == "outcome" and not by_origin:
        lines.append(
            (f"{CORRIDOR_FILE}, recorded", f"{purpose.name}: [{{series: {names[0]}, title: {intake.series}}}]")
        )
    return lines
