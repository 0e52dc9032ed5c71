"""Cards: what a modeller must know of every number (value, unit, range, meaning, source, grade).

A card file is YAML, one mapping per entry. Three kinds share the form: a *lever* (what policy moves), a
*context* driver (what policy does not move) and a *parameter* (how the world responds).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pushpull.files.disk_cache import read_entry, write_entry

DISTRIBUTIONS = ("uniform", "triangular", "loguniform", "fixed")
GRADES = ("A", "B", "C", "D", "assumption")


@dataclass(frozen=True)
class Card:
    """One number of the model and everything that is known about it.

    `low` and `high` bound what a scenario may set; an ensemble draws from the whole of that range, or from `drawn`
    where it is given. `over` names the index the number may vary over (`"route"`, `"origin"`, `"population"` or None).
    `value` is the default where a corridor gives none. Of shares, `sums_to` is what those of all its members come to;
    the default of a route or an origin is then its even part of it. `starts` names the variable whose value at the
    start of a run the number states, where the run finds its own start in balance, so that the two may be held against
    each other. Of a lever, `unit_costs` names the cards of what its use is paid by.
    """

    id: str
    kind: str
    title: str
    group: str
    unit: str
    value: float
    low: float
    high: float
    meaning: str
    source: str = "assumption"
    grade: str = "assumption"
    distribution: str = "uniform"
    over: str | None = None
    range_reason: str = ""
    cost: str = ""
    rights: str = ""
    unit_costs: tuple[str, ...] = ()
    by_population: Mapping[str, float] | None = None
    drawn: tuple[float, float] | None = None
    sums_to: float | None = None
    starts: str = ""

    @property
    def prior(self) -> tuple[float, float]:
        """The lowest and the highest value an ensemble draws, in `unit`."""
        return self.drawn or self.range

    def default(self, key: str | None, count: int) -> float:
        """The value for a route, origin or population where a corridor gives none, in `unit`; `count` is how many
        routes or origins it has."""
        if self.by_population and key is not None and key in self.by_population:
            return self.by_population[key]
        if self.sums_to is not None and self.over in ("route", "origin"):
            return self.sums_to / count
        return self.value

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest value a scenario may set, in `unit`."""
        return (self.low, self.high)


def read_cards(path: Path, kind: str) -> list[Card]:
    """Read a card file; raise ValueError naming file, card and fault where a card is not whole."""
    return [_card(path, kind, name, entry) for name, entry in read_table(path).items()]


def read_table(path: Path) -> dict:
    """What a YAML file says. It is kept as JSON, which is read a hundred times as fast, where JSON can say the same."""
    text = path.read_text(encoding="utf-8")
    name = f"table_{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    kept = read_entry(name)
    if kept is not None:
        return json.loads(kept) or {}
    from ruamel.yaml import YAML

    table = YAML(typ="safe", pure=True).load(text) or {}
    try:
        told = json.dumps(table)
    except TypeError:  # a date: then it is read again each time
        return table
    if json.loads(told) == table:
        write_entry(name, told.encode())
    return table


def _card(path: Path, kind: str, name: str, entry: Mapping) -> Card:
    fields = dict(entry)
    try:
        low, high = fields.pop("range")
        value = fields.pop("value")
        by_population = None
        if isinstance(value, Mapping):
            by_population = {label: float(number) for label, number in value.items()}
            value = sum(by_population.values()) / len(by_population)
        drawn = fields.pop("drawn", None)
        if drawn is not None:
            least, most = drawn
            drawn = (float(least), float(most))
        card = Card(
            id=name,
            drawn=drawn,
            kind=kind,
            title=fields.pop("title", name.replace("_", " ").capitalize()),
            group=fields.pop("group", path.stem),
            unit=str(fields.pop("unit")),
            value=float(value),
            low=float(low),
            high=float(high),
            by_population=by_population,
            unit_costs=tuple(fields.pop("unit_costs", ())),
            **fields,
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path.name}: card {name!r} is not whole: {fault}") from fault
    faults = list(_faults(card))
    if faults:
        raise ValueError(f"{path.name}: card {name!r}: {'; '.join(faults)}")
    return card


def _faults(card: Card) -> Iterable[str]:
    values = card.by_population.values() if card.by_population else (card.value,)
    for value in values:
        if not card.low <= value <= card.high:
            yield f"value {value} lies outside its range [{card.low}, {card.high}]"
    if card.drawn and not card.low <= card.drawn[0] <= card.value <= card.drawn[1] <= card.high:
        yield f"it is drawn from {card.drawn[0]} to {card.drawn[1]}, which lies outside its range or without its value"
    if card.distribution not in DISTRIBUTIONS:
        yield f"distribution {card.distribution!r} is none of {', '.join(DISTRIBUTIONS)}"
    if card.distribution == "loguniform" and card.low <= 0:
        yield "a loguniform range must lie above zero"
    if card.sums_to is not None and card.over is None:
        yield "one number alone sums to nothing"
    if card.grade not in GRADES:
        yield f"grade {card.grade!r} is none of {', '.join(GRADES)}"
    if card.kind == "lever" and not (card.range_reason and card.cost and card.unit_costs and card.rights):
        yield "a lever states the reason of its range, its cost, the cards of its cost and a note on rights"
