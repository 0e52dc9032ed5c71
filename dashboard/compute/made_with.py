"""What a link says of its making: the day, the model and the corridor, and what the settings came to then."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import NamedTuple

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import Change, at
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.state.state import State
from pushpull.evidence.earlier_states import OUTCOMES
from pushpull.evidence.stored_scores import digest_of_model

DIGEST = 8  # letters of each digest
FIGURES = 4  # of each outcome
MOVED = 0.005  # of the outcome: less is not worth telling, and may come from the figures that a link keeps


class Made(NamedTuple):
    """The day on which a link was made, digests of the model and of the corridor, and the outcomes of the settings in
    the year that was shown."""

    day: date
    model: str
    corridor: str
    values: tuple[float, ...]


def made_now(state: State, runs: Runs, today: date | None = None) -> list:
    """What a link that is made now says of it, as plain values."""
    values = [float(f"{at(runs.yours, runs.yours.total(name)[0], state.year):.{FIGURES}g}") for name in OUTCOMES]
    return [(today or date.today()).isoformat(), *_digests(state), *values]


def read_made(given: object) -> Made | None:
    """What a link says of its making; None where it says nothing that makes sense."""
    match given:
        case [str(day), str(model), str(corridor), *values] if len(values) == len(OUTCOMES):
            try:
                numbers = [float(each) for each in values if isinstance(each, int | float) and isfinite(each)]
                made_on = date.fromisoformat(day)
            except (ValueError, OverflowError):  # no day, or a whole number that no float can hold
                return None
            return Made(made_on, model, corridor, tuple(numbers)) if len(numbers) == len(OUTCOMES) else None
    return None


def moved_since(made: Made, state: State, runs: Runs) -> list[Change] | None:
    """The main outcomes that the same settings bring now (`value`) and brought then (`baseline`), as far as they have
    moved; None where the model and the corridor are the same."""
    if (made.model, made.corridor) == _digests(state):
        return None
    known = catalogue().outcomes
    changes = [
        Change(known[name], at(runs.yours, runs.yours.total(name)[0], state.year), then)
        for name, then in zip(OUTCOMES, made.values, strict=True)
    ]
    return [each for each in changes if abs(each.difference) > MOVED * abs(each.baseline)]


def _digests(state: State) -> tuple[str, str]:
    return digest_of_model()[:DIGEST], state.base.corridor.digest[:DIGEST]
