"""Who sits where: a role for each seat, from two seats on.

With as many seats as roles or more, seats go round: one of each role, then an observer, then again from the first role
on. So the role of a seat does not change when somebody else comes in later, and no role has two seats more than
another. With fewer, the presenter plays some roles and others are played together, as the file says (`Seating`).
"""

from __future__ import annotations

from dataclasses import replace

from pushpull.wording.bilingual import Bilingual
from pushpull.workshop.roles import Role, Workshop
from pushpull.workshop.workshop_words import joined

FEWEST, MOST = 2, 200


def roles_for(workshop: Workshop, seats: int) -> tuple[Role, ...]:
    """The roles that so many seats play, in the order of the file; roles that are played together as one, under the id
    of that with which they are. Raises ValueError for fewer than two seats or more than 200."""
    if not FEWEST <= seats <= MOST:
        raise ValueError(f"from {FEWEST} to {MOST} seats, not {seats}")
    playing = dict(workshop.roles)
    for name in workshop.seating.presenter:
        if len(playing) > seats:
            del playing[name]
    for merge in workshop.seating.merges:
        if len(playing) > seats:
            other = playing.pop(merge.role)
            playing[merge.into] = _together(playing[merge.into], other)
    return tuple(playing[name] for name in workshop.roles if name in playing)


def left_to_presenter(workshop: Workshop, seats: int) -> tuple[Role, ...]:
    """The roles that nobody of so many seats plays."""
    played = {part.id for role in roles_for(workshop, seats) for part in role.parts}
    return tuple(role for name, role in workshop.roles.items() if name not in played)


def seated(workshop: Workshop, seats: int) -> tuple[Role, ...]:
    """The role of each seat, from seat 1 on."""
    playing = roles_for(workshop, seats)
    round_of_seats = (*playing, workshop.observer)
    return tuple(round_of_seats[place % len(round_of_seats)] for place in range(seats))


def _together(role: Role, other: Role) -> Role:
    """Two roles played as one: all aims and levers of both, and both their money."""
    parts = (*role.parts, *other.parts)
    return replace(
        role,
        title=Bilingual(*(joined([part.title.into(code) for part in parts], code) for code in ("en", "fr"))),
        aims=tuple(dict.fromkeys((*role.aims, *other.aims))),
        levers=tuple(dict.fromkeys((*role.levers, *other.levers))),
        budget_share=role.budget_share + other.budget_share,
        words_only=None if role.levers or other.levers else role.words_only,
        plays=parts,
    )
