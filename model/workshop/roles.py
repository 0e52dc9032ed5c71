"""What a workshop's file says, once it is read: who plays, what each role answers for, and which levers it may move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pushpull.wording.bilingual import Bilingual

HIGHER, LOWER = "higher", "lower"
WAYS_TO_AIM = (HIGHER, LOWER)
PEOPLE_FIRST = ("deaths_in_transit", "people_exploited", "protection_gap")  # what every role answers for
OBSERVER = "observer"


@dataclass(frozen=True)
class Aim:
    """An outcome that a role wants higher or lower."""

    outcome: str
    direction: str


@dataclass(frozen=True)
class Role:
    """A team. One that moves levers may spend `budget_share` of what today's policy costs, a year, beyond today's; one
    that moves none answers in words, and `words_only` says why. `plays` are the roles that are played here as one."""

    id: str
    title: Bilingual
    brief: Bilingual
    answers_for: Bilingual
    aims: tuple[Aim, ...] = ()
    levers: tuple[str, ...] = ()
    budget_share: float = 0.0
    words_only: Bilingual | None = None
    plays: tuple[Role, ...] = ()

    @property
    def parts(self) -> tuple[Role, ...]:
        """The roles of the file that this one stands for, each with a card of its own."""
        return self.plays or (self,)


@dataclass(frozen=True)
class Merge:
    """A role that is played with another where there are too few seats."""

    role: str
    into: str


@dataclass(frozen=True)
class Seating:
    """What becomes of roles where there are fewer seats than roles: those that the presenter plays, in their order,
    then those that are played with another, in theirs."""

    presenter: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class Workshop:
    """The roles of a workshop by their ids, who observes, and who sits where."""

    title: Bilingual
    budget_note: Bilingual
    roles: Mapping[str, Role]
    observer: Role
    seating: Seating
    left_out: Mapping[str, Bilingual] = field(default_factory=dict)
