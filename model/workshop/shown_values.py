"""Values of levers as a form or a table writes them: 45 %, 1.2 times today's staff, 250,000 people a year."""

from __future__ import annotations

from pushpull.wording.money import MONEY
from pushpull.wording.numbers import numbers_of
from pushpull.wording.typography import GAP
from pushpull.workshop.teams import TeamLever, Teams


def figure(value: float, language: str) -> str:
    """A value of a lever without its unit."""
    return numbers_of(language).figures(value, 4)


def with_unit(lever: TeamLever, value: float, language: str) -> str:
    """A value of a lever with its unit."""
    return f"{figure(value, language)}{GAP}{lever.unit.into(language)}"


def money_in(teams: Teams, amount: float, language: str) -> str:
    """An amount of money of the corridor."""
    return numbers_of(language, currency=teams.currency).amount(amount, MONEY)
