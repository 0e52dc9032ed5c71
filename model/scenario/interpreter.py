"""From nodes to schedules: what a file says about levers, context and parameters, and every fault in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.files.faults import Fault, listed, quote
from pushpull.files.reader import Reader, odd_blanks
from pushpull.files.suggestions import number_meant, plain, proposed, share_meant
from pushpull.files.tree import Node, scalar
from pushpull.scenario.schedules import Amount, Constant, Pulse, Ramp, Schedule, Step, Table, Where
from pushpull.scenario.settable_names import BLOCKS, what_it_is
from pushpull.wording.phrases import Phrase

HORIZON = ("start", "end", "policy_start")
LONGEST_HORIZON = 300.0  # years
BUSIEST = "busiest_route"
POPULATIONS = ("labour", "protection")
AMOUNT_WORDS = ("times_today", "value", "unit")
SCHEDULE_WORDS = ("step", "ramp", "pulse", "table")
FORM_WORDS = SCHEDULE_WORDS + AMOUNT_WORDS
AN_AMOUNT = Phrase("a number, {{times_today: number}} or {{value: number, unit: text}}")
A_SCHEDULE = Phrase("a number, times_today, step, ramp, pulse or table")
A_PLAIN_AMOUNT = Phrase("a number or {{value: number, unit: text}}")  # in a file that sets today's value itself
A_PAST = Phrase("a number, a series, step, ramp, pulse or table")

IN_THE_CORRIDOR = Phrase("a series stands in corridor.yaml; here it is a table, or a multiple by times_today")

V = TypeVar("V")
Setting = Schedule | dict[str, Schedule]
Constants = Amount | dict[str, Amount]


class Interpreter(Reader):
    """Reads what a file says about levers, context drivers and parameters.

    `routes` and `origins` are None where no corridor is known; then any id of a route or an origin passes. `relative`
    says whether an amount may be given as times today's value.
    """

    def __init__(
        self,
        file: str,
        faults: list[Fault],
        catalogue: Catalogue,
        routes: Iterable[str] | None,
        busiest: str | None = None,
        relative: bool = True,
        origins: Iterable[str] | None = None,
    ):
        super().__init__(file, faults)
        self.catalogue = catalogue
        self.routes = None if routes is None else tuple(routes)
        self.origins = None if origins is None else tuple(origins)
        self.busiest = busiest
        self.relative = relative

    def where(self, node: Node) -> Where:
        """The place of a node."""
        return (self.file, node.line)

    def unknown(self, line: int | None, key: object, what: str, names: tuple[str, ...]) -> None:
        """A fault for a name that a file as a whole does not know: what it is instead, or the nearest name."""
        elsewhere = what_it_is(key, self.catalogue) if "policies" in names else None
        if elsewhere is None:
            super().unknown(line, key, what, names)
        else:
            self.fault(line, elsewhere.sentence, elsewhere.allowed())

    # Versions and horizons ---------------------------------------------------------------------------------

    def check_version(self, entries: Mapping[str, Node], node: Node, version: int, earlier: Iterable[int] = ()) -> None:
        """A fault where the file names no version, or another; `earlier` ones would have been renewed before."""
        allowed = Phrase("the number {version}", version=version)
        for each in earlier:
            allowed = Phrase("{before}, or {last}", before=allowed, last=each)
        given = entries.get("schema_version")
        if given is None:
            if node.is_mapping:
                self.fault(node.line, Phrase('the file lacks "schema_version"'), allowed)
        elif type(given.value) is not int or given.value != version:
            remedy = proposed(number_meant(given.value)) if isinstance(given.value, str) else ""
            self.fault(given.line, Phrase("schema_version is {kind}", kind=given.kind()), allowed, remedy=remedy)

    def horizon(self, node: Node, needed: tuple[str, ...] = ()) -> dict[str, float]:
        """The years of a horizon that the file gives."""
        entries = self.mapping(node, "horizon", HORIZON, needed)
        years = {key: self.year(child, Phrase("{key} of the horizon", key=key)) for key, child in entries.items()}
        return {key: year for key, year in years.items() if year is not None}

    def check_horizon(self, line: int | None, start: float, end: float, policy_start: float, latest: float = 0) -> None:
        """A fault unless the start lies before the policy start, and that before the end, or before `latest` where that
        lies later."""
        if end <= start:
            self.fault(
                line,
                Phrase("the horizon ends in {end:g} but starts in {start:g}", end=end, start=start),
                Phrase("an end after {start:g}", start=start),
            )
        elif end - start > LONGEST_HORIZON:
            self.fault(
                line,
                Phrase("the horizon spans {end:g} years", end=end - start),
                Phrase("at most {longest_horizon:g} years", longest_horizon=LONGEST_HORIZON),
            )
        elif not start <= policy_start < max(end, latest):
            allowed = Phrase("from {start:g} to before {max:g}", start=start, max=max(end, latest))
            self.fault(
                line,
                Phrase("the policy start {policy_start:g} lies outside the horizon", policy_start=policy_start),
                allowed,
            )

    # Amounts and schedules ---------------------------------------------------------------------------------

    @property
    def a_schedule(self) -> str:
        """How a lever or driver may move, in words."""
        return A_SCHEDULE if self.relative else A_PAST

    def amount(self, node: Node, card: Card, what: str, allowed: str = "") -> Amount | None:
        """A number in the card's range, or a multiple of today's value."""
        allowed = allowed or (AN_AMOUNT if self.relative else A_PLAIN_AMOUNT)
        if not node.is_mapping:
            value = self.number(
                node, what, Phrase("{allowed} in {card}", allowed=allowed, card=in_range(card)), self.meant(node, card)
            )
            return None if value is None else self.bounded(value, node, card, what)
        if "times_today" in node.value:
            entries = self.mapping(node, what, ("times_today",))
            if not self.relative:
                self.fault(
                    node.line,
                    Phrase("{what} is relative to today, which this file itself sets", what=what),
                    Phrase("a number"),
                )
                return None
            value = self.number(
                entries["times_today"], Phrase("times_today of {what}", what=what), Phrase("a finite number from 0")
            )
            if value is not None and value < 0:
                self.fault(
                    node.line,
                    Phrase("times_today of {what} is {value:g}", what=what, value=value),
                    Phrase("a finite number from 0"),
                )
                return None
            return None if value is None else Amount(value, True, self.where(node))
        entries = self.mapping(node, what, AMOUNT_WORDS if self.relative else AMOUNT_WORDS[1:])
        if "value" not in entries:
            if len(entries) == len(node.value):
                self.fault(node.line, Phrase("{what} gives no value", what=what), allowed)
            return None
        if "unit" in entries and entries["unit"].value != card.unit:
            given = entries["unit"]
            shown = quote(given.value) if isinstance(given.value, str) else given.kind()
            self.fault(given.line, Phrase("the unit of {what} is {shown}", what=what, shown=shown), quote(card.unit))
        value = self.number(entries["value"], what, in_range(card), self.meant(entries["value"], card, times=False))
        return None if value is None else self.bounded(value, entries["value"], card, what)

    def meant(self, node: Node, card: Card, times: bool = True) -> str:
        """What a text in the place of a number of the card probably means."""
        if not isinstance(node.value, str):
            return ""
        return number_meant(node.value, card.low, card.high, card.unit, times and self.relative)

    def bounded(self, value: float, node: Node, card: Card, what: str) -> Amount | None:
        """A number as an amount; a fault where it lies outside the card's range."""
        if not within(value, card):
            remedy = proposed(share_meant(value, card.low, card.high, card.unit))
            self.fault(
                node.line,
                Phrase("{what} is {value}, outside its range", what=what, value=plain(value)),
                in_range(card),
                remedy=remedy,
            )
            return None
        return Amount(value, False, self.where(node))

    def schedule(self, node: Node, card: Card, what: str) -> Schedule | None:
        """A constant or a schedule."""
        if not node.is_mapping or any(word in node.value for word in AMOUNT_WORDS):
            amount = self.amount(node, card, what, self.a_schedule)
            return None if amount is None else Constant(amount, self.where(node))
        words = [word for word in node.value if word in SCHEDULE_WORDS]
        for key in node.value:
            if key in SCHEDULE_WORDS:
                continue
            if card.over is None and (key == BUSIEST or key in (self.routes or ())):
                message = Phrase("{what} is one value for all routes, so {key} says nothing", what=what, key=quote(key))
                self.fault(node.line_of(key), message, self.a_schedule)
            else:
                message, guess = Phrase("{what} knows no {key}", what=what, key=quote(key)), self.guess(key, FORM_WORDS)
                remedy = IN_THE_CORRIDOR if key == "series" and self.relative else odd_blanks(key)
                self.fault(node.line_of(key), message, self.a_schedule, guess, remedy)
        if len(words) > 1:
            self.fault(
                node.line,
                Phrase("{what} has {count} schedules ({words})", what=what, count=len(words), words=listed(words)),
                Phrase("one schedule"),
            )
        if len(words) != 1:
            if not node.value:
                self.fault(node.line, Phrase("{what} is an empty mapping", what=what), self.a_schedule)
            return None
        body = node.value[words[0]]
        match words[0]:
            case "table":
                return self.table(body, card, what)
            case "step":
                return self.step(body, card, what)
            case _:
                return self.stretch(words[0], body, card, what)

    def step(self, node: Node, card: Card, what: str) -> Step | None:
        """A new value from a year on."""
        entries = self.mapping(node, Phrase("step of {what}", what=what), ("year", "value"), ("year", "value"))
        year = self.year(entries["year"], Phrase("year of {what}", what=what)) if "year" in entries else None
        value = self.amount(entries["value"], card, what) if "value" in entries else None
        return None if year is None or value is None else Step(year, value, self.where(node))

    def stretch(self, word: str, node: Node, card: Card, what: str) -> Ramp | Pulse | None:
        """A ramp or a pulse, by its word: from one year to a later one."""
        keys = ("from", "to", "value")
        entries = self.mapping(node, Phrase("{word} of {what}", word=word, what=what), keys, keys)
        start = self.year(entries["from"], Phrase("from of {what}", what=what)) if "from" in entries else None
        end = self.year(entries["to"], Phrase("to of {what}", what=what)) if "to" in entries else None
        value = self.amount(entries["value"], card, what) if "value" in entries else None
        if start is not None and end is not None and end <= start:
            line = entries["to"].line
            self.fault(
                line,
                Phrase("{word} of {what} goes from {start:g} to {end:g}", word=word, what=what, start=start, end=end),
                Phrase("a year after {start:g}", start=start),
            )
            return None
        if start is None or end is None or value is None:
            return None
        return (Ramp if word == "ramp" else Pulse)(start, end, value, self.where(node))

    def table(self, node: Node, card: Card, what: str) -> Table | None:
        """Values at years that rise."""
        if not node.is_mapping or not node.value:
            self.fault(
                node.line,
                Phrase("table of {what} is {kind}", what=what, kind=node.kind() if node.value else Phrase("empty")),
                Phrase("years and values"),
            )
            return None
        years: list[float] = []
        values: list[Amount] = []
        whole = True
        for key, child in node.value.items():
            year = self.year(
                Node(_as_number(key), node.line_of(key)), Phrase("a year in the table of {what}", what=what)
            )
            if year is not None and years and year <= years[-1]:
                message = Phrase(
                    "the years of {what} are out of order: {year:g} follows {years:g}",
                    what=what,
                    year=year,
                    years=years[-1],
                )
                self.fault(node.line_of(key), message, Phrase("a year after {years:g}", years=years[-1]))
                year = None
            value = self.amount(child, card, what)
            if year is None or value is None:
                whole = False
            if year is not None:
                years.append(year)
            if value is not None:
                values.append(value)
        return Table(tuple(years), tuple(values), self.where(node)) if whole else None

    # Blocks ------------------------------------------------------------------------------------------------

    def settings(self, node: Node, block: str) -> dict[str, Setting]:
        """A block of levers (`policies`) or context drivers (`context`)."""
        cards = self.cards(block)
        settings: dict[str, Setting] = {}
        for name, child in self.entries(node, block):
            card = cards[name]
            setting: Setting | None
            if self.holds_keys(child, card):
                setting = self.by_key(child, card, self.schedule)
            else:
                setting = self.schedule(child, card, name)
            if setting:
                settings[name] = setting
        return settings

    def constants(self, node: Node) -> dict[str, Constants]:
        """The block of parameters: a number, or a number for each route, origin or population."""
        cards = self.cards("parameters")
        constants: dict[str, Constants] = {}
        for name, child in self.entries(node, "parameters"):
            card = cards[name]
            amount: Constants | None
            if not child.is_mapping or any(word in child.value for word in AMOUNT_WORDS):
                amount = self.amount(child, card, name)
                if amount and self.counts_each(card) and not amount.times_today:
                    each = Phrase("a number for each origin, or times_today")
                    self.fault(
                        child.line,
                        Phrase("{name} is one number, and counts the people of each origin", name=name),
                        each,
                    )
                    continue
            elif card.over is None:
                self.fault(
                    child.line,
                    Phrase("{name} is one number", name=quote(name)),
                    Phrase("a number in {card}", card=in_range(card)),
                )
                continue
            else:
                amount = self.by_key(child, card, self.amount)
            if amount:
                constants[name] = amount
        return constants

    def numbers(self, node: Node) -> dict[str, float | dict[str, float]]:
        """The same in a file that sets today's values itself, so that none is relative to them."""
        return {
            name: {key: each.value for key, each in given.items()} if isinstance(given, dict) else given.value
            for name, given in self.constants(node).items()
        }

    def counts_each(self, card: Card) -> bool:
        """Whether a card counts the people of each of several origins, so that no number can stand for all of them."""
        return card.over == "origin" and card.unit == "person" and len(self.origins or ()) > 1

    def by_key(self, node: Node, card: Card, read: Callable[[Node, Card, str], V | None]) -> dict[str, V]:
        """What `read` makes of the entries for each member of the card's index, but for those at fault."""
        keyed = self.keyed(node, card, self.keys(node, card))
        values = {key: read(each, card, Phrase("{id} of {key}", id=card.id, key=key)) for key, each in keyed}
        return {key: value for key, value in values.items() if value is not None}

    def cards(self, block: str) -> Mapping[str, Card]:
        """The cards that a block may set."""
        return getattr(self.catalogue, BLOCKS[block].cards)

    def entries(self, node: Node, block: str) -> Iterable[tuple[str, Node]]:
        """The entries of a block whose names the catalogue knows."""
        if node.value is None:
            return
        if not self.is_mapping(node, block, Phrase("a mapping of names and values")):
            return
        cards = self.cards(block)
        for name, child in node.value.items():
            if isinstance(name, str) and name in cards:
                yield name, child
            else:
                self.unknown_setting(node.line_of(name), name, block)

    def unknown_setting(self, line: int | None, name: object, block: str) -> None:
        """A fault for a name that a block does not know: what it is instead, or the nearest name."""
        if name in FORM_WORDS:
            remedy = Phrase("indent {name}: by two more spaces, so that it stands under its name", name=name)
            self.fault(
                line,
                Phrase("{name} is no name of {block}", name=quote(name), block=block),
                Phrase("it under a name"),
                remedy=remedy,
            )
            return
        use = what_it_is(name, self.catalogue)
        if use is not None:
            self.fault(line, use.sentence, use.allowed(block))
            return
        cards, word = self.cards(block), BLOCKS[block].word
        many = Phrase(
            "one of the {count} names of `pushpull list {command}`", count=len(cards), command=BLOCKS[block].command
        )
        self.fault(
            line,
            Phrase("there is no {word} {name}", word=word, name=quote(name)),
            listed(cards, many),
            self.guess(name, cards),
        )

    def holds_keys(self, node: Node, card: Card) -> bool:
        """Whether a mapping gives routes or origins rather than one schedule."""
        words = (*FORM_WORDS, "series") if self.relative else FORM_WORDS
        return card.over in ("route", "origin") and node.is_mapping and not any(word in node.value for word in words)

    def keys(self, node: Node, card: Card) -> tuple[str, ...]:
        """The keys that a mapping for each member of the card's index may hold."""
        members = {"population": POPULATIONS, "route": self.routes, "origin": self.origins}[card.over or "route"]
        if members is None:
            return tuple(key for key in node.value if isinstance(key, str))
        return (*members, BUSIEST) if card.over == "route" else members

    def keyed(self, node: Node, card: Card, keys: tuple[str, ...]) -> Iterable[tuple[str, Node]]:
        """The entries of a mapping for each route, origin or population; `busiest_route` becomes that route."""
        name = card.id
        if not node.value:
            self.fault(node.line, Phrase("{name} is an empty mapping", name=name), listed(keys))
        given: dict[str, str] = {}
        for key, child in node.value.items():
            line = node.line_of(key)
            if key not in keys:
                guess = self.guess(key, (*keys, *FORM_WORDS))
                self.fault(
                    line,
                    Phrase("{name} has no {over} {key}", name=name, over=Phrase(card.over or ""), key=quote(key)),
                    listed(keys),
                    guess,
                )
                continue
            route = key
            if key == BUSIEST and self.routes is not None:
                if self.busiest is None:
                    self.fault(line, Phrase("the corridor marks no busiest route"), listed(self.routes))
                    continue
                route = self.busiest
            if route in given:
                self.fault(
                    line,
                    Phrase(
                        "{name} sets {route} twice ({given} and {key})",
                        name=name,
                        route=route,
                        given=given[route],
                        key=key,
                    ),
                    Phrase("each {over} once", over=Phrase(card.over or "")),
                )
                continue
            given[route] = key
            yield route, child


def in_range(card: Card) -> str:
    """The allowed range in words."""
    unit = "" if card.unit == "1" else f" {card.unit}"
    return Phrase("{low} to {high}{unit}", low=plain(card.low), high=plain(card.high), unit=unit)


def within(value: float, card: Card) -> bool:
    """Whether a value lies in the card's range, but for rounding."""
    slack = 1e-9 * max(abs(card.low), abs(card.high))
    return card.low - slack <= value <= card.high + slack


def _as_number(key: object) -> object:
    """A year written as text (as JSON must) is a year."""
    return scalar(key) if isinstance(key, str) else key
