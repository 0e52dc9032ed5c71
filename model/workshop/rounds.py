"""A round: what the room proposed, lever by lever, and the scenarios that proposals become.

Where several seats have a lever, one rule holds throughout: the median. Over a room, of all seats of the roles of which
at least one moved the lever, a seat that left it with today's value; over a role, of its seats. Medians of proposals
that each keep to their budget may together cost more than all budgets: `over` says by how much.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pushpull.scenario import Scenario
from pushpull.wording.bilingual import Bilingual
from pushpull.workshop.proposals import Proposal, money
from pushpull.workshop.roles import Role
from pushpull.workshop.teams import TeamLever, Teams
from pushpull.workshop.workshop_words import LANGUAGES, both, word


@dataclass(frozen=True)
class Touched:
    """A role that moved a lever: `moved` of its `seats` in this round did."""

    role: Role
    moved: int
    seats: int


@dataclass(frozen=True)
class LeverSpread:
    """What the room proposes for a lever, in the unit that is shown: lowest, median and highest value over the seats of
    the roles that touched it."""

    lever: TeamLever
    low: float
    middle: float
    high: float
    touched: tuple[Touched, ...]


@dataclass(frozen=True)
class Round:
    """The proposals of one round, at most one a seat."""

    teams: Teams
    number: int
    proposals: Sequence[Proposal]

    @cached_property
    def spreads(self) -> tuple[LeverSpread, ...]:
        """Every lever that anybody moved, in the order of the catalogue."""
        return tuple(spread for name in self.teams.base.catalogue.levers if (spread := self._spread(name)) is not None)

    def _spread(self, name: str) -> LeverSpread | None:
        touched, values = [], []
        for role in self.teams.roles:
            own = [each for each in self._of(role) if name in role.levers]
            moved = sum(name in each.values for each in own)
            if moved:
                touched.append(Touched(role, moved, len(own)))
                values += [self._value(each, name) for each in own]
        if not touched:
            return None
        return LeverSpread(self.teams.lever(name), min(values), statistics.median(values), max(values), tuple(touched))

    def _of(self, role: Role) -> list[Proposal]:
        return [each for each in self.proposals if each.role == role.id]

    def _value(self, proposal: Proposal, name: str) -> float:
        return proposal.values.get(name, self.teams.lever(name).today)

    @property
    def reasons(self) -> list[tuple[Role, str]]:
        """What was said why, and what those expect who move nothing, by role in the order of the file."""
        roles = (*self.teams.roles, self.teams.workshop.observer)
        return [(role, each.why) for role in roles for each in self._of(role) if each.why]

    # What it comes to ------------------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The medians of the room, by lever."""
        return {spread.lever.name: spread.middle for spread in self.spreads}

    def values_of(self, role: Role) -> dict[str, float]:
        """The medians of a role's seats, for each lever that one of them moved."""
        own = self._of(role)
        moved = [name for name in role.levers if any(name in each.values for each in own)]
        return {name: statistics.median(self._value(each, name) for each in own) for name in moved}

    @property
    def cost(self) -> float:
        """What the medians of the room cost a year more than today's policy, by the prices of the levers."""
        return self.teams.cost(self.values)

    @property
    def over(self) -> float:
        """How much a year the medians of the room exceed the budgets of all roles that proposed; 0 where they do
        not."""
        roles = {each.role for each in self.proposals}
        return max(0.0, self.cost - sum(self.teams.budgets.get(role, 0.0) for role in roles))

    @property
    def cost_sentences(self) -> Bilingual:
        """What the medians of the room cost, and whether that is more than all budgets; nothing where nobody moved."""
        if not self.spreads:
            return both("nobody_moved")
        key = "joint_price" if self.cost >= 0 else "joint_saving"
        said = both(key, money=money(abs(self.cost), self.teams.currency))
        if self.over <= 0:
            return said
        more = both("over_budgets", money=money(self.over, self.teams.currency))
        return Bilingual(*(f"{said.into(code)} {more.into(code)}" for code in LANGUAGES))

    def scenario(self, language: str) -> Scenario:
        """The proposals of the room as one scenario, called by the number of the round."""
        return self.teams.scenario(self.values, word(language, "round", number=self.number))

    def scenarios_of_roles(self, language: str) -> dict[str, Scenario]:
        """A scenario for each role that moved a lever, by its id."""
        return {
            role.id: self.teams.scenario(
                self.values_of(role), word(language, "round_of", number=self.number, role=role.title.into(language))
            )
            for role in self.teams.roles
            if any(each.values for each in self._of(role))
        }

    def reveal(self) -> dict:
        """What phones are shown once it is revealed: the table of levers, by role and never by seat, and what it
        costs."""
        return {
            "levers": [
                {
                    "name": spread.lever.name,
                    "title": spread.lever.title.to_mapping(),
                    "unit": spread.lever.unit.to_mapping(),
                    "today": spread.lever.today,
                    "low": spread.low,
                    "middle": spread.middle,
                    "high": spread.high,
                    "touched": [each.role.id for each in spread.touched],
                }
                for spread in self.spreads
            ],
            "text": self.cost_sentences.to_mapping(),
            "after": both("median_rule").to_mapping(),
        }
