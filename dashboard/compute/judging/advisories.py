"""Advisories: combinations that are implausible or touch people's rights, each with its reason.

Every rule reads the levers as they are set at the end of the run, or the outcomes, and says which it is about. The
thresholds are assumptions about what deserves a second look; nothing is forbidden. What an advisory says of an outcome
is what the verdict on it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pushpull.analysis.stated_change import MATERIAL
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.judging.fewer_asking import share_of_the_fall
from pushpull.dashboard.compute.judging.lever_effects import LeverEffects
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict, harms_that_rise
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.state.state import State
from pushpull.scenario.schedules import Constant

RIGHTS, PLAUSIBILITY, RESULT, CALCULATION = "rights", "plausibility", "result", "calculation"
ORDER = (RIGHTS, RESULT, PLAUSIBILITY, CALCULATION)
NOTABLE = 0.05  # of a lever's range or of today's value: a move that is meant
AT_THE_EDGE = 0.9  # of a lever's range
MANY_AT_THE_EDGE = 8
STAFF_BUILD_UP = 3.0  # times today's staff; the card's reason speaks of fivefold in 25 years
SLOTS_AT_ONCE = 2.0  # times today's slots, from one day to the next


# The rules that claim that a lever makes an outcome worse, which other levers of the package may make better.
CLAIMS = {
    "control_without_asylum": ("border_control", "protection_gap"),
    "asylum_closed": ("asylum_access", "protection_gap"),
    "returns_without_screening": ("enforced_return", "protection_gap"),
}


@dataclass(frozen=True)
class Claim:
    """What the whole package does to the outcome an advisory is about: the `direction` of its verdict, and by how much
    of itself the outcome would differ, were the lever of the advisory, or the one that works most against it, left as
    it is today."""

    outcome: str
    direction: int
    left_out: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Advisory:
    """A rule that applies: its kind, its key among the words, the levers and outcomes it is about; what it claims of an
    outcome, once there are simulations; and the share it tells of, where it tells of one."""

    kind: str
    key: str
    levers: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    claim: Claim | None = None
    share: float | None = None


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


def advisories_of(
    state: State,
    verdicts: Mapping[str, OutcomeVerdict],
    runs: Runs | None = None,
    effects: LeverEffects | None = None,
) -> list[Advisory]:
    """Every advisory that applies: rights first, then what came of it, what is implausible, and how it was worked out
    where the runs of the state are given. `effects` are those of its levers, where they are known."""
    settings = Settings(state)
    advisories = [*_by_rule(settings), *_of_outcomes(state, verdicts, runs), *_of_the_run(state, runs)]
    claimed = [_with_claim(each, verdicts, effects, state.year) for each in advisories]
    return sorted(claimed, key=lambda each: ORDER.index(each.kind))


def makes_a_claim(state: State) -> bool:
    """Whether an advisory applies that claims something of an outcome; no run is needed to tell."""
    return any(each.key in CLAIMS for each in _by_rule(Settings(state)))


def _by_rule(settings: Settings) -> Iterator[Advisory]:
    if settings.state.scenario.corridor.out_of_date:
        yield Advisory(PLAUSIBILITY, "fit_out_of_date")
    if settings.state.scenario.policies:
        yield from (Advisory(kind, key, levers) for kind, key, levers, applies in RULES if applies(settings))
        edge = settings.at_the_edge()
        if len(edge) >= MANY_AT_THE_EDGE:
            yield Advisory(PLAUSIBILITY, "many_at_the_edge", tuple(edge))


def _of_outcomes(state: State, verdicts: Mapping[str, OutcomeVerdict], runs: Runs | None) -> Iterator[Advisory]:
    """What simulations bear out; one run bears out no warning of an outcome."""
    harms = tuple(harms_that_rise(verdicts))
    if harms and verdicts["smuggled_migrants"].direction < 0:
        yield Advisory(RESULT, "fewer_smuggled_more_harmed", (), harms)
    if runs is not None:
        share = share_of_the_fall(verdicts["protection_gap"], runs.yours, runs.baseline, state.year)
        if share is not None:
            yield Advisory(RESULT, "fewer_asking", (), ("protection_gap",), share=share)


def _of_the_run(state: State, runs: Runs | None) -> Iterator[Advisory]:
    idle = tuple(note.name for note in state.scenario.idle)
    if idle:
        yield Advisory(CALCULATION, "never_acts", idle)
    halvings = None if runs is None else runs.yours.halvings
    if halvings and halvings.since(state.scenario.policy_start):
        yield Advisory(CALCULATION, "moves_halved")


def _with_claim(
    advisory: Advisory, verdicts: Mapping[str, OutcomeVerdict], effects: LeverEffects | None, year: float
) -> Advisory:
    """An advisory with what the verdict says of the outcome it makes a claim about, and which lever does which half."""
    if advisory.key not in CLAIMS:
        return advisory
    lever, outcome = CLAIMS[advisory.key]
    if verdicts[outcome].is_provisional:
        return advisory
    left_out = {} if effects is None else effects.left_out(outcome, year)
    return replace(advisory, claim=Claim(outcome, verdicts[outcome].direction, tuple(_halves(lever, left_out))))


def _halves(lever: str, left_out: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The lever said to make an outcome worse, and the one that makes it better most, with what leaving each out would
    do; none where both do little."""
    if lever not in left_out:
        return
    against = max(left_out, key=lambda name: left_out[name])
    counts = against != lever and left_out[against] >= MATERIAL
    if counts or abs(left_out[lever]) >= MATERIAL:
        yield lever, left_out[lever]
    if counts:
        yield against, left_out[against]


def _mean(value: float | Mapping[str, float]) -> float:
    return sum(value.values()) / len(value) if isinstance(value, Mapping) else value
