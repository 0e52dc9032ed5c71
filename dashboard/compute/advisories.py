"""Advisories: combinations that are implausible or touch people's rights, each with its reason.

Every rule reads the levers as they are set at the end of the run, or the outcomes, and says which it is about. The
thresholds are assumptions about what deserves a second look; nothing is forbidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import HARMS, Change
from pushpull.dashboard.state.state import State
from pushpull.engine.runs.result import Result
from pushpull.scenario.schedules import Constant

RIGHTS, PLAUSIBILITY, RESULT, CALCULATION = "rights", "plausibility", "result", "calculation"
ORDER = (RIGHTS, RESULT, PLAUSIBILITY, CALCULATION)
NOTABLE = 0.05  # of a lever's range or of today's value: a move that is meant
AT_THE_EDGE = 0.9  # of a lever's range
MANY_AT_THE_EDGE = 8
STAFF_BUILD_UP = 3.0  # times today's staff; the card's reason speaks of fivefold in 25 years
SLOTS_AT_ONCE = 2.0  # times today's slots, from one day to the next


@dataclass(frozen=True)
class Advisory:
    """A rule that applies: its kind, its key among the words, the levers and outcomes it is about."""

    kind: str
    key: str
    levers: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


class Settings:
    """The levers of a state, as rules ask about them."""

    def __init__(self, state: State):
        self.state = state
        self.cards = catalogue().levers

    def value(self, name: str) -> float:
        """What a lever comes to; the mean over routes."""
        return _mean(self.state.value(name))

    def moved(self, name: str) -> float:
        """How far a lever is moved from today, as a share of its range."""
        card = self.cards[name]
        return (self.value(name) - _mean(self.state.today[name])) / (card.high - card.low)

    def raised(self, name: str) -> bool:
        """Whether a lever is moved up on purpose: by a part of its range, or of what it is today if it is anything."""
        return self.moved(name) > NOTABLE or 1 + NOTABLE < self.ratio(name) < float("inf")

    def ratio(self, name: str) -> float:
        """What a lever comes to in multiples of today."""
        today = _mean(self.state.today[name])
        return self.value(name) / today if today else float("inf") if self.value(name) else 1.0

    def at_once(self, name: str) -> bool:
        """Whether a lever leaps at the policy start."""
        return isinstance(self.state.scenario.policies.get(name), Constant)

    def at_the_edge(self) -> list[str]:
        """The levers that are moved to the far end of their range."""
        share = {name: (self.value(name) - card.low) / (card.high - card.low) for name, card in self.cards.items()}
        return [name for name in self.cards if self.raised(name) and share[name] >= AT_THE_EDGE]


Rule = tuple[str, str, tuple[str, ...], Callable[[Settings], bool]]

RULES: tuple[Rule, ...] = (
    (RIGHTS, "control_without_asylum", ("border_control", "asylum_access"),
     lambda it: it.raised("border_control") and not it.raised("asylum_access")),
    (RIGHTS, "asylum_closed", ("asylum_access",), lambda it: it.moved("asylum_access") < -NOTABLE),
    (RIGHTS, "returns_without_screening", ("enforced_return", "exceptional_case_screening"),
     lambda it: it.raised("enforced_return") and it.value("exceptional_case_screening") < 0.6),
    (RIGHTS, "returns_before_help", ("enforced_return", "voluntary_return_assistance"),
     lambda it: it.raised("enforced_return") and not it.raised("voluntary_return_assistance")),
    (RIGHTS, "campaigns_without_asylum", ("information_campaigns", "asylum_access"),
     lambda it: it.value("information_campaigns") >= 0.5 and it.value("asylum_access") < 0.5),
    (RIGHTS, "seasonal_bond", ("seasonal_share",), lambda it: it.raised("seasonal_share")
     and it.value("seasonal_share") >= AT_THE_EDGE),
    (RIGHTS, "sanctions_without_protection", ("employer_sanctions", "victim_protection"),
     lambda it: it.raised("employer_sanctions") and not it.raised("victim_protection")),
    (PLAUSIBILITY, "investigation_without_courts", ("smuggling_investigation", "court_capacity"),
     lambda it: it.ratio("smuggling_investigation") >= 1.5 and it.ratio("court_capacity") < 1.2),
    (PLAUSIBILITY, "severity_without_certainty", ("sentence_severity", "smuggling_investigation", "court_capacity"),
     lambda it: it.raised("sentence_severity")
     and not (it.raised("smuggling_investigation") or it.raised("court_capacity"))),
    (PLAUSIBILITY, "publicity_without_returns", ("return_publicity", "enforced_return", "voluntary_return_assistance"),
     lambda it: it.raised("return_publicity")
     and not (it.raised("enforced_return") or it.raised("voluntary_return_assistance"))),
    (PLAUSIBILITY, "returns_without_cooperation", ("enforced_return", "readmission_cooperation"),
     lambda it: it.raised("enforced_return") and it.value("readmission_cooperation") < 0.5),
    (PLAUSIBILITY, "slots_without_match", ("legal_labour_slots", "slot_demand_match"),
     lambda it: it.raised("legal_labour_slots") and it.value("slot_demand_match") < 0.5),
    (PLAUSIBILITY, "slots_at_once", ("legal_labour_slots",),
     lambda it: it.at_once("legal_labour_slots") and it.ratio("legal_labour_slots") > SLOTS_AT_ONCE),
    (PLAUSIBILITY, "staff_build_up", ("border_control",), lambda it: it.value("border_control") >= STAFF_BUILD_UP),
)  # fmt: skip


def advisories_of(state: State, changes: Mapping[str, Change], yours: Result | None = None) -> list[Advisory]:
    """Every advisory that applies: rights first, then what came of it, what is implausible, and how it was worked out
    where the run of the state is given."""
    advisories = [*_by_rule(Settings(state), changes), *_of_the_run(state, yours)]
    return sorted(advisories, key=lambda each: ORDER.index(each.kind))


def _by_rule(settings: Settings, changes: Mapping[str, Change]) -> Iterator[Advisory]:
    if settings.state.scenario.corridor.out_of_date:
        yield Advisory(PLAUSIBILITY, "fit_out_of_date")
    if settings.state.scenario.policies:
        yield from (Advisory(kind, key, levers) for kind, key, levers, applies in RULES if applies(settings))
        edge = settings.at_the_edge()
        if len(edge) >= MANY_AT_THE_EDGE:
            yield Advisory(PLAUSIBILITY, "many_at_the_edge", tuple(edge))
    harms = tuple(name for name in HARMS if changes[name].direction > 0)
    if harms and changes["smuggled_migrants"].direction < 0:
        yield Advisory(RESULT, "fewer_smuggled_more_harmed", (), harms)


def _of_the_run(state: State, yours: Result | None) -> Iterator[Advisory]:
    idle = tuple(note.name for note in state.scenario.idle)
    if idle:
        yield Advisory(CALCULATION, "never_acts", idle)
    if yours is not None and yours.halvings and yours.halvings.since(state.scenario.policy_start):
        yield Advisory(CALCULATION, "moves_halved")


def _mean(value: float | Mapping[str, float]) -> float:
    return sum(value.values()) / len(value) if isinstance(value, Mapping) else value
