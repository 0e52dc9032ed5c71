"""What teams propose: the slip they are given, and their answers, checked against ranges and budgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from pushpull.wording.bilingual import Bilingual
from pushpull.wording.money import MONEY
from pushpull.wording.numbers import numbers_of
from pushpull.wording.phrases import Phrase
from pushpull.workshop.roles import Role
from pushpull.workshop.teams import Teams
from pushpull.workshop.workshop_words import LANGUAGES, both

LONGEST_WHY = 140
NEAR = 1e-9  # of a budget: how far rounding may lead beyond it
ANSWER = {"role", "values", "why"}


class RefusedProposal(ValueError):
    """A proposal that cannot be taken, with one sentence that says why, a Phrase, for `in_language`."""

    def __init__(self, sentence: Phrase):
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Proposal:
    """What a seat proposes for its role: levers by name at values as they are shown, and a sentence why. A lever that
    is not named stands at today's."""

    seat: int
    role: str
    values: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


def proposal_slip(teams: Teams, number: int = 1) -> dict:
    """The slip on which teams propose in a round. Beside what every slip of this kind holds, it names the roles with
    their briefs, whose levers nobody moves and why, the role of each seat from seat 1 on, and the currency. Levers are
    counted as they are shown; costs add up as cost_per_unit times value less today."""
    observed = (*teams.roles, teams.workshop.observer)
    return {
        "id": f"workshop/{teams.base.corridor.id}/{teams.year:g}",
        "round": number,
        "kind": "proposal",
        "title": both("round", number=number).to_mapping(),
        "text": both("slip_text").to_mapping(),
        "choices": [{"name": role.id, "title": role.title.to_mapping()} for role in observed],
        "levers": {role.id: [each.to_slip() for each in teams.levers.get(role.id, ())] for role in observed},
        "budget": {role.id: teams.budgets.get(role.id, 0.0) for role in observed},
        "currency": teams.currency,
        "roles": {role.id: _role(role) for role in observed},
        "seats": [role.id for role in teams.seats],
    }


def _role(role: Role) -> dict:
    texts = {key: getattr(role, key) for key in ("title", "brief", "answers_for", "words_only")}
    return {key: text.to_mapping() for key, text in texts.items() if text is not None}


def read_proposal(teams: Teams, seat: int, answer: object) -> Proposal:
    """What a seat has answered, `{"role", "values", "why"}`, if it keeps to its role, to ranges and to the budget;
    raises RefusedProposal. Levers left at today's are left out."""
    if not isinstance(answer, Mapping) or not set(answer) <= ANSWER or "role" not in answer:
        raise RefusedProposal(Phrase("a proposal names a role, values of levers and a sentence why"))
    role = teams.role(answer["role"]) if isinstance(answer["role"], str) else None
    if role is None:
        raise RefusedProposal(Phrase("there is no such role"))
    given, why = answer.get("values", {}), answer.get("why", "")
    if not isinstance(given, Mapping):
        raise RefusedProposal(Phrase("values of levers stand by their names"))
    if not isinstance(why, str) or len(why := _plain(why)) > LONGEST_WHY:
        raise RefusedProposal(Phrase("the sentence why has at most {most} characters", most=LONGEST_WHY))
    values = {name: _value(teams, role, name, value) for name, value in given.items()}
    check_budget(teams, role, values)
    levers = {lever.name: lever for lever in teams.levers.get(role.id, ())}
    return Proposal(seat, role.id, {name: each for name, each in values.items() if each != levers[name].today}, why)


def _value(teams: Teams, role: Role, name: object, value: object) -> float:
    lever = next((each for each in teams.levers.get(role.id, ()) if each.name == name), None)
    if lever is None:
        what = Phrase("this role moves no levers") if not role.levers else Phrase("this role does not move that lever")
        raise RefusedProposal(what)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise RefusedProposal(Phrase("{lever} is no number", lever=lever.title))
    if not lever.low <= value <= lever.high:
        low, high = (f"{each:.10g}" for each in (lever.low, lever.high))
        raise RefusedProposal(Phrase("{lever} lies outside {low} to {high}", lever=lever.title, low=low, high=high))
    return float(value)


def check_budget(teams: Teams, role: Role, values: Mapping[str, float]) -> None:
    """Raise RefusedProposal where values cost more than the role's budget, with the sentence that says by how much."""
    budget = teams.budgets.get(role.id, 0.0)
    beyond = teams.cost(values) - budget
    if beyond > NEAR * max(budget, 1.0):
        sentence = Phrase(
            "this is {beyond} a year over the budget of {budget} a year",
            beyond=money(beyond, teams.currency),
            budget=money(budget, teams.currency),
        )
        raise RefusedProposal(sentence)


def money(amount: float, currency: str) -> Bilingual:
    """An amount of money, as each language writes it."""
    return Bilingual(*(numbers_of(code, currency=currency).amount(amount, MONEY) for code in LANGUAGES))


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _plain(text: str) -> str:
    """A text on one line, without signs that control a terminal or a printer, trimmed."""
    return "".join(mark if mark.isprintable() else " " for mark in text).strip()
