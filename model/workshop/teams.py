"""A workshop on a corridor: each role's levers as its form shows them, with prices, and its budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pushpull.engine.language.cards import Card
from pushpull.scenario import Scenario
from pushpull.wording.bilingual import Bilingual
from pushpull.wording.model_texts import text_in
from pushpull.wording.numbers import numbers_of
from pushpull.workshop.prices import STEPS, Prices, nice, prices, setting, today_of
from pushpull.workshop.roles import Role, Workshop
from pushpull.workshop.seats import roles_for, seated
from pushpull.workshop.workshop_words import LANGUAGES, both, words

AFFORDABLE_STEPS = 4  # that a budget is enough for, at least, of each lever
PERCENT = 100.0


@dataclass(frozen=True)
class TeamLever:
    """A lever as teams see it: numbers in the unit that is shown, percent rather than shares. `cost_per_unit` is what
    one such unit more costs a year, in money of the corridor; `scale` is how many such units one of the model is."""

    name: str
    title: Bilingual
    meaning: Bilingual
    unit: Bilingual
    low: float
    high: float
    step: float
    today: float
    cost_per_unit: float
    scale: float

    def cost(self, value: float) -> float:
        """What the lever at a value costs a year more than today's; below zero where it is taken back."""
        return self.cost_per_unit * (value - self.today)

    def to_slip(self) -> dict:
        """As a slip holds it."""
        texts = {"title": self.title.to_mapping(), "unit": self.unit.to_mapping()}
        numbers = {word: getattr(self, word) for word in ("low", "high", "step", "today", "cost_per_unit")}
        return {"name": self.name, **texts, **numbers}


@dataclass(frozen=True)
class Teams:
    """A workshop on a corridor, seen in a year: who plays, with which levers and how much money a year each."""

    workshop: Workshop
    base: Scenario
    year: float
    roles: tuple[Role, ...]
    seats: tuple[Role, ...]
    levers: Mapping[str, tuple[TeamLever, ...]]
    budgets: Mapping[str, float]
    prices: Prices

    @property
    def currency(self) -> str:
        """What all money is counted in."""
        return self.base.corridor.currency

    def role(self, name: str) -> Role | None:
        """A role that is played, or the observer, by its id."""
        return next((each for each in (*self.roles, self.workshop.observer) if each.id == name), None)

    def lever(self, name: str) -> TeamLever:
        """A lever, whoever moves it."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, TeamLever]:
        return {lever.name: lever for levers in self.levers.values() for lever in levers}

    def scenario(self, values: Mapping[str, float], title: str) -> Scenario:
        """Today's policy with levers at values as they are shown, from the policy start on; what stands at today's is
        left unset."""
        moved = {name: value for name, value in values.items() if value != self.lever(name).today}
        settings = {name: setting(self.base, name, value / self.lever(name).scale) for name, value in moved.items()}
        changed = self.base.with_changes({"policies": settings}) if settings else self.base
        return changed.with_changes(title=title)

    def cost(self, values: Mapping[str, float]) -> float:
        """What levers at these values cost a year more than today's, by their prices."""
        return math.fsum(self.lever(name).cost(value) for name, value in values.items())


def teams_on(workshop: Workshop, scenario: Scenario, year: float, seats: int | None = None) -> Teams:
    """The workshop on the corridor of a scenario, for so many seats, or one for each role of the file. It runs the
    model once for each lever, the first time. Raises ValueError for too few or many seats, and for a year without
    policy."""
    base = scenario.baseline()
    known = prices(base, year)
    count = len(workshop.roles) if seats is None else seats
    roles = roles_for(workshop, count)
    budgets = {role.id: role.budget_share * known.today_cost for role in roles}
    return Teams(
        workshop,
        base,
        year,
        roles,
        seated(workshop, count),
        {role.id: tuple(_lever(base, known, name, budgets[role.id]) for name in role.levers) for role in roles},
        budgets,
        known,
    )


def _lever(base: Scenario, known: Prices, name: str, budget: float) -> TeamLever:
    card = base.catalogue.levers[name]
    scale, unit = shown_unit(card, base.corridor.currency)
    low, high = card.low * scale, card.high * scale
    price = known.per_unit[name] / scale
    step = (high - low) / STEPS
    if price > 0 and budget > 0:
        step = min(step, budget / AFFORDABLE_STEPS / price)
    today = float(f"{today_of(base, name) * scale:.12g}")
    return TeamLever(
        name, _text(card, "titles", card.title), _text(card, "meanings", card.meaning), unit, low, high,
        nice(step), today, price, scale,
    )  # fmt: skip


def _text(card: Card, block: str, english: str) -> Bilingual:
    return Bilingual(english, text_in("fr", block, card.id, english))


def shown_unit(card: Card, currency: str) -> tuple[float, Bilingual]:
    """How many of the units that are shown one of the card's is, and what they are called: percent rather than
    shares."""
    if card.id in words():
        return 1.0, both(card.id)
    if card.unit in ("1", "1/year") and max(abs(card.low), abs(card.high)) <= 1:
        return PERCENT, both("percent" if card.unit == "1" else "percent_a_year")
    units = (numbers_of(code, currency=currency).unit(card.unit) for code in LANGUAGES)
    return 1.0, Bilingual(*units)
