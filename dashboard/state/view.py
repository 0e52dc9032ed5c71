"""What is looked at: the part of a state that moves no number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from pushpull.catalogue import Catalogue, catalogue
from pushpull.dashboard.i18n.texts import LANGUAGES, VARIANTS
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.state.target_slots import NOTHING, SLOTS, slots_of
from pushpull.evidence.earlier_states import earlier_states
from pushpull.scenario import Scenario, policy_names

PAGES = ("overview", "outcomes", "compare", "why", "evidence")
PARTS = ("gallery", "routes", "factors", "returned", "recorded", "diagram")
DIFFERENCE, LEVELS = "difference", "levels"
CHARTS = (DIFFERENCE, LEVELS)
COMPUTED = ("sum", "explore", "robust", "seek")  # ways that run simulations of their own
WAYS = ("multiples", "difference", "table", "tradeoff", "parallel", "levers", "sum", "effects", *COMPUTED[1:])
CONDITIONS = ("highest", "lowest", "rises", "falls")  # which simulations are chosen, by the change of an outcome
MET_IN = ("0.5", "0.8", "0.95")  # of simulations in which targets are to be met
SUMS = ("100000000", "300000000", "1000000000", "3000000000", "10000000000")  # of public money a year

# The people's row is always shown; the other cards are for the user to choose.
PEOPLE = ("protection_gap", "deaths_in_transit", "people_exploited")
CHOSEN = (
    *("smuggled_migrants", "irregular_residents", "unfilled_vacancies"),
    *("smuggler_convictions", "public_concern", "public_cost"),
)
JUDGED_BY_CHOICE = ("unfilled_vacancies", "public_concern", "public_cost")  # harm to people is judged in any case
OVERALL = ("scoreboard", "forecasts", "report", "contested", "changes")  # of the evidence page, beside its entries
IN_LINKS = {"ranges": "bands"}  # fields that links name otherwise, as they did when the first were shared
SHARES = "route_share"  # the shares of all routes make up a whole, so they are no single number


@dataclass(frozen=True)
class View:
    """What is looked at, and in which language.

    `page` and `part` (of the outcomes) name what is open, `chosen` the outcomes on the cards, `year` the year they
    show (None: the last). `focus` is the outcome looked at closely, `drawn` whether the overview draws its difference
    from the baseline or its levels. `subject` is the entry of the evidence page that is open, `node` and `loop` the
    variable and the loop of the diagram. `compared` names the packages held side by side, `way` how, `pair` the
    outcomes of the trade-off, `spend` the sum of which it is asked what it buys, `explored` the scenario whose
    simulations are looked into (its key in the comparison; that of the page where it is empty) and `condition` which of
    them, `targets` what is to be reached (texts of `TargetSlot`), in a `share` of simulations, by the levers that are
    `sought` (those that help most where there are none), `since` the state of the model from which on changes are told.
    Without `ranges`, no ensemble is run for the outcomes. `valued` names the outcomes that are called better or worse
    by choice.
    """

    language: str = LANGUAGES[0]
    page: str = PAGES[0]
    part: str = PARTS[0]
    chosen: tuple[str, ...] = CHOSEN
    year: float | None = None
    drawn: str = CHARTS[0]
    focus: str = PEOPLE[0]
    subject: str = PEOPLE[0]
    node: str = "protection_gap"
    loop: str = ""
    compared: tuple[str, ...] = ("preventive", "punitive", "balanced")
    way: str = WAYS[0]
    pair: tuple[str, str] = ("smuggled_migrants", "deaths_in_transit")
    spend: str = SUMS[2]
    explored: str = ""
    condition: str = CONDITIONS[0]
    targets: tuple[str, ...] = NOTHING
    share: str = MET_IN[1]
    sought: tuple[str, ...] = ()
    since: str = ""
    ranges: bool = True
    valued: tuple[str, ...] = JUDGED_BY_CHOICE

    def plain(self) -> dict:
        """What differs from a fresh view, as plain values."""
        fresh = View()
        names = [each.name for each in fields(self) if self._differs(each.name, fresh)]
        return {IN_LINKS.get(name, name): getattr(self, name) for name in names}

    def _differs(self, name: str, fresh: View) -> bool:
        return getattr(self, name) != getattr(fresh, name)


_NAMES = tuple(each.name for each in fields(View))
_KINDS = {"focus": "outcome", "chosen": "outcome", "pair": "outcome", "compared": "package", "loop": "loop"}
_KINDS["sought"] = "lever"


def from_link(given: Mapping, scenario: Scenario) -> View:
    """The view that a link holds, its fields named as links name them."""
    return changed(View(), {name: given.get(IN_LINKS.get(name, name)) for name in _NAMES}, scenario)


def unknown(given: Mapping, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """What of the view that a link holds is not known here, each with its kind (a key of the words under
    `not_in_link`)."""
    fields_of_links = {IN_LINKS.get(name, name) for name in _NAMES}
    yield from (("view", str(name)) for name in given if name not in fields_of_links)
    for name, choices in _choices(catalogue()).items():
        if isinstance(given.get(name), str) and given[name] and given[name] not in choices:
            yield _KINDS.get(name, "view"), given[name]
    for name, choices in (
        ("chosen", outcomes_for_cards()),
        ("pair", outcomes_for_cards()),
        ("compared", policy_names()),
        ("sought", catalogue().levers),
    ):
        some = given.get(name)
        for each in some if isinstance(some, (list, tuple)) else ():
            if isinstance(each, str) and each not in choices:
                yield _KINDS[name], each
    year = given.get("year")
    if isinstance(year, (int, float)) and not scenario.policy_start <= year <= scenario.end:
        yield "year", f"{year:g}"


def outcomes_for_cards() -> tuple[str, ...]:
    """Outcomes that say something as one number."""
    return tuple(name for name in catalogue().outcomes if name != SHARES)


def changed(view: View, given: Mapping, scenario: Scenario) -> View:
    """The view with what is given; what makes no sense in it is left out."""
    known, accepted = catalogue(), {}
    for name, choices in _choices(known).items():
        if isinstance(given.get(name), str) and given[name] in choices:
            accepted[name] = given[name]
    several: tuple[tuple[str, Collection[str]], ...] = (
        ("chosen", outcomes_for_cards()),
        ("compared", policy_names()),
        ("valued", JUDGED_BY_CHOICE),
        ("sought", known.levers),
    )
    for name, choices in several:
        if isinstance(given.get(name), (list, tuple)):
            people = PEOPLE if name == "chosen" else ()
            accepted[name] = tuple(each for each in choices if each in given[name] and each not in people)
    pair = given.get("pair")
    if isinstance(pair, (list, tuple)) and len(pair) == 2 and all(each in outcomes_for_cards() for each in pair):
        accepted["pair"] = tuple(pair)
    targets = given.get("targets")
    if isinstance(targets, (list, tuple)) and len(targets) == SLOTS and all(isinstance(each, str) for each in targets):
        read = slots_of(tuple(targets))
        known_here = [slot is not None and slot.outcome in outcomes_for_cards() for slot in read]
        accepted["targets"] = tuple(str(slot) if ok else "" for slot, ok in zip(read, known_here, strict=True))
    if isinstance(given.get("ranges"), bool):
        accepted["ranges"] = given["ranges"]
    year = given.get("year")
    if isinstance(year, (int, float)) and scenario.policy_start <= year <= scenario.end:
        accepted["year"] = None if year == scenario.end else float(year)
    return replace(view, **accepted)


def _choices(known: Catalogue) -> dict[str, Collection[str]]:
    cards = outcomes_for_cards()
    return {
        "language": (*LANGUAGES, *VARIANTS),
        "page": PAGES,
        "part": PARTS,
        "way": WAYS,
        "spend": SUMS,
        "explored": ("yours", *(f"kept:{place}" for place in range(MOST_KEPT_BESIDE)), *_packages()),
        "condition": CONDITIONS,
        "share": MET_IN,
        "since": [each.made for each in earlier_states()],
        "drawn": CHARTS,
        "focus": cards,
        "subject": (*known.outcomes, *known.levers, *known.context, *OVERALL),
        "loop": known.loops,
        "node": known.model.variables,
    }


def _packages() -> list[str]:
    """The packages by their keys in a comparison."""
    return [f"package:{name}" for name in policy_names()]
