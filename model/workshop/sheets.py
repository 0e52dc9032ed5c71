"""Pages to print: who sits where, a card and a proposal form for each role, and sheets for what a round came to.

One HTML file that fetches nothing; each page fits on A4 and on letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pushpull.wording.model_texts import text_in
from pushpull.wording.numbers import numbers_of
from pushpull.wording.templates import render
from pushpull.wording.typography import typeset
from pushpull.workshop.roles import HIGHER, LOWER, OBSERVER, PEOPLE_FIRST, Aim, Role
from pushpull.workshop.seats import left_to_presenter
from pushpull.workshop.shown_values import figure, money_in, with_unit
from pushpull.workshop.teams import TeamLever, Teams
from pushpull.workshop.workshop_words import word

TEMPLATES = Path(__file__).parent / "templates"
BESIDE = (  # people, that a result sheet asks about below those who come first
    "victims_identified", "smuggled_migrants", "irregular_entries", "irregular_residents", "legal_admissions",
    "unfilled_vacancies", "people_waiting_in_transit", "asylum_cases_pending", "effective_returns", "smuggler_revenue",
    "public_concern", "public_cost",
)  # fmt: skip
ARROWS = {HIGHER: "↑", LOWER: "↓"}
CARDS, FORMS, RESULTS = "cards", "forms", "results"
KINDS = (CARDS, FORMS, RESULTS)


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome on a page: what it is called, what today's policy brings in the year, and which way a role wants
    it."""

    title: str
    value: str
    arrow: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class LeverLine:
    """A lever on a page."""

    title: str
    meaning: str
    unit: str
    today: str
    range: str
    price: str


def sheets(teams: Teams, language: str, kinds: Iterable[str] = KINDS, rounds: int = 1) -> str:
    """The pages of some kinds, with as many result sheets as there are rounds, as the text of one HTML file."""
    return render(
        TEMPLATES,
        "sheets.html.j2",
        word=partial(word, language),
        language=language,
        title=word(language, "page_of", corridor=corridor_title(teams, language)),
        corridor=corridor_title(teams, language),
        is_illustrative=teams.base.corridor.illustrative,
        workshop=typeset(teams.workshop.title.into(language), language),
        budget_note=typeset(teams.workshop.budget_note.into(language), language),
        year=f"{teams.year:g}",
        start=f"{teams.base.policy_start:g}",
        kinds=tuple(kinds),
        rounds=range(1, rounds + 1),
        seats=_seats(teams, language),
        presenter=[
            typeset(role.title.into(language), language)
            for role in left_to_presenter(teams.workshop, len(teams.seats))
        ],
        roles_count=len(teams.workshop.roles),
        cards=[_card(teams, role, language) for role in (*teams.workshop.roles.values(), teams.workshop.observer)],
        forms=[_form(teams, role, language) for role in (*teams.roles, teams.workshop.observer)],
        levers=[_lever_line(teams, lever, language) for lever in _every_lever(teams)],
        first=[_outcome_line(teams, name, language) for name in PEOPLE_FIRST],
        beside=[_outcome_line(teams, name, language) for name in BESIDE],
    )  # fmt: skip


def corridor_title(teams: Teams, language: str) -> str:
    """What the corridor is called."""
    corridor = teams.base.corridor
    return text_in(language, "corridors", corridor.id, corridor.title)


def _every_lever(teams: Teams) -> list[TeamLever]:
    moved = {lever.name for levers in teams.levers.values() for lever in levers}
    return [teams.lever(name) for name in teams.base.catalogue.levers if name in moved]


def _seats(teams: Teams, language: str) -> list[tuple[str, str]]:
    """Each role with the numbers of its seats."""
    found: dict[str, list[int]] = {}
    for seat, role in enumerate(teams.seats, 1):
        found.setdefault(role.id, []).append(seat)
    titles = {role.id: typeset(role.title.into(language), language) for role in teams.seats}
    return [(titles[name], ", ".join(map(str, numbers))) for name, numbers in found.items()]


def _card(teams: Teams, role: Role, language: str) -> dict:
    levers = [_lever_line(teams, teams.lever(name), language) for name in role.levers]
    budget = money_in(teams, role.budget_share * teams.prices.today_cost, language)
    wanted = [_outcome_line(teams, aim.outcome, language, aim) for aim in role.aims]
    return {
        **_texts(role, language),
        "first": [_outcome_line(teams, name, language, Aim(name, LOWER)) for name in PEOPLE_FIRST],
        "aims": wanted,
        "aims_head": "aims" if role.levers or not _gains_from_harm(role) else "gains",
        "levers": levers,
        "budget": word(language, "budget_text", budget=budget) if levers else "",
    }


def _gains_from_harm(role: Role) -> bool:
    """Whether what a role wants is what smugglers live on."""
    return Aim("smuggler_revenue", HIGHER) in role.aims


def _form(teams: Teams, role: Role, language: str) -> dict:
    levers = [_lever_line(teams, lever, language) for lever in teams.levers.get(role.id, ())]
    budget = money_in(teams, teams.budgets.get(role.id, 0.0), language)
    return {**_texts(role, language), "levers": levers, "budget": budget}


def _texts(role: Role, language: str) -> dict:
    told = {key: getattr(role, key) for key in ("title", "brief", "answers_for", "words_only")}
    return {key: typeset(each.into(language), language) if each else "" for key, each in told.items()} | {
        "is_observer": role.id == OBSERVER
    }


def _lever_line(teams: Teams, lever: TeamLever, language: str) -> LeverLine:
    step = with_unit(lever, lever.step, language)
    price = money_in(teams, lever.cost_per_unit * lever.step, language)
    return LeverLine(
        lever.title.into(language),
        lever.meaning.into(language),
        lever.unit.into(language),
        figure(lever.today, language),
        word(language, "range_text", low=figure(lever.low, language), high=figure(lever.high, language)),
        word(language, "price_text", step=step, money=price)
        if lever.cost_per_unit > 0
        else word(language, "no_price", step=step),
    )


def _outcome_line(teams: Teams, name: str, language: str, aim: Aim | None = None) -> OutcomeLine:
    numbers = numbers_of(language, currency=teams.currency)
    unit = teams.base.catalogue.model.variables[name].unit
    title = text_in(language, "titles", name, teams.base.catalogue.outcomes[name].title)
    value = numbers.full(teams.prices.outcomes[name], unit)
    if aim is None:
        return OutcomeLine(title, value)
    return OutcomeLine(title, value, ARROWS[aim.direction], word(language, aim.direction))
