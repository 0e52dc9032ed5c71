"""The rules of advisories that read levers alone, as data: the page evaluates them here, the pocket page in a browser.

Every rule reads the levers as they are set at the end of the run, and says which it is about. The thresholds are
assumptions about what deserves a second look; nothing is forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass

RIGHTS, PLAUSIBILITY, RESULT, CALCULATION = "rights", "plausibility", "result", "calculation"
ORDER = (RIGHTS, RESULT, PLAUSIBILITY, CALCULATION)
NOTABLE = 0.05  # of a lever's range or of today's value: a move that is meant
AT_THE_EDGE = 0.9  # of a lever's range
MANY_AT_THE_EDGE = 8

# The rules that claim that a lever makes an outcome worse, which other levers of the package may make better.
CLAIMS = {
    "control_without_asylum": ("border_control", "protection_gap"),
    "asylum_closed": ("asylum_access", "protection_gap"),
    "returns_without_screening": ("enforced_return", "protection_gap"),
}


@dataclass(frozen=True)
class LeverTest:
    """What a lever is set to. Measures: `raised` (moved up on purpose) and `at_once` (it leaps when policy starts) hold
    or not; `value` (the mean over gateways), `moved` (from today, as a share of its range) and `ratio` (times today)
    are within bounds."""

    measure: str
    lever: str
    holds: bool = True
    least: float | None = None
    above: float | None = None
    below: float | None = None

    def admits(self, value: float) -> bool:
        """Whether a value is within the bounds."""
        return (
            (self.least is None or value >= self.least)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )


@dataclass(frozen=True)
class Rule:
    """An advisory of a kind, its key among the words, the levers it is about, and when it applies."""

    kind: str
    key: str
    levers: tuple[str, ...]
    conditions: tuple[LeverTest, ...]


def _raised(lever: str) -> LeverTest:
    return LeverTest("raised", lever)


def _not_raised(lever: str) -> LeverTest:
    return LeverTest("raised", lever, holds=False)


RULES = (
    Rule(RIGHTS, "control_without_asylum", ("border_control", "asylum_access"),
         (_raised("border_control"), _not_raised("asylum_access"))),
    Rule(RIGHTS, "asylum_closed", ("asylum_access",), (LeverTest("moved", "asylum_access", below=-NOTABLE),)),
    Rule(RIGHTS, "returns_without_screening", ("enforced_return", "exceptional_case_screening"),
         (_raised("enforced_return"), LeverTest("value", "exceptional_case_screening", below=0.6))),
    Rule(RIGHTS, "returns_before_help", ("enforced_return", "voluntary_return_assistance"),
         (_raised("enforced_return"), _not_raised("voluntary_return_assistance"))),
    Rule(RIGHTS, "campaigns_without_asylum", ("information_campaigns", "asylum_access"),
         (LeverTest("value", "information_campaigns", least=0.5), LeverTest("value", "asylum_access", below=0.5))),
    Rule(RIGHTS, "seasonal_bond", ("seasonal_share",),
         (_raised("seasonal_share"), LeverTest("value", "seasonal_share", least=AT_THE_EDGE))),
    Rule(RIGHTS, "sanctions_without_protection", ("employer_sanctions", "victim_protection"),
         (_raised("employer_sanctions"), _not_raised("victim_protection"))),
    Rule(PLAUSIBILITY, "investigation_without_courts", ("smuggling_investigation", "court_capacity"),
         (LeverTest("ratio", "smuggling_investigation", least=1.5), LeverTest("ratio", "court_capacity", below=1.2))),
    Rule(PLAUSIBILITY, "severity_without_certainty", ("sentence_severity", "smuggling_investigation", "court_capacity"),
         (_raised("sentence_severity"), _not_raised("smuggling_investigation"), _not_raised("court_capacity"))),
    Rule(PLAUSIBILITY, "publicity_without_returns",
         ("return_publicity", "enforced_return", "voluntary_return_assistance"),
         (_raised("return_publicity"), _not_raised("enforced_return"), _not_raised("voluntary_return_assistance"))),
    Rule(PLAUSIBILITY, "returns_without_cooperation", ("enforced_return", "readmission_cooperation"),
         (_raised("enforced_return"), LeverTest("value", "readmission_cooperation", below=0.5))),
    Rule(PLAUSIBILITY, "slots_without_match", ("legal_labour_slots", "slot_demand_match"),
         (_raised("legal_labour_slots"), LeverTest("value", "slot_demand_match", below=0.5))),
    Rule(PLAUSIBILITY, "slots_at_once", ("legal_labour_slots",),
         (LeverTest("at_once", "legal_labour_slots"), LeverTest("ratio", "legal_labour_slots", above=2.0))),
    # The card's reason speaks of fivefold in 25 years.
    Rule(PLAUSIBILITY, "staff_build_up", ("border_control",), (LeverTest("value", "border_control", least=3.0),)),
)  # fmt: skip
