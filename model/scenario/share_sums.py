"""Shares that make one whole: those of a card that says what they sum to, over all routes, origins or populations."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.engine.language.cards import Card
from pushpull.files.faults import Fault, listed
from pushpull.scenario.schedules import Where
from pushpull.wording.phrases import Phrase

ROUNDING = 0.005  # of the whole: shares are written with two or three digits


def keys_of(card: Card, members: Mapping[str, tuple[str, ...]]) -> tuple[str | None, ...]:
    """The members of the index a number varies over, or None alone where it is one number; `members` are those of every
    index, by its name."""
    return (None,) if card.over is None else members[card.over]


def whole_fault(card: Card, shares: Mapping[str | None, float], where: Where) -> Fault | None:
    """The fault of shares that do not come to what their card says, or None."""
    total, whole = sum(shares.values()), card.sums_to
    if whole is None or abs(total - whole) <= ROUNDING * whole:
        return None
    message = Phrase("{id} of all {over}s comes to {total:g}", id=card.id, over=Phrase(card.over or ""), total=total)
    guess = "scale: 0.01" if abs(total - 100 * whole) <= 100 * ROUNDING * whole else ""
    return Fault(
        where[0] or Phrase("the scenario"),
        where[1],
        message,
        Phrase("shares that add up to {whole:g}", whole=whole),
        guess,
    )


def partial_fault(
    card: Card, given: Mapping[str | None, float], members: Mapping[str, tuple[str, ...]], where: Where
) -> Fault | None:
    """The fault of shares given for some members of an index only, or None."""
    keys = [key for key in keys_of(card, members) if key is not None]
    missing = [key for key in keys if key not in given]
    if not missing:
        return None
    message = Phrase("{id} gives no share to {missing}", id=card.id, missing=listed(missing))
    allowed = Phrase("a share for each of {keys}, {sums_to:g} in all", keys=listed(keys), sums_to=card.sums_to)
    return Fault(*where, message, allowed)
