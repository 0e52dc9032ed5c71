"""What the model must do, by sign: for the default parameters and for nine in ten of 200 draws, on both corridors."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Scenario
from pushpull.posterior import posterior_of
from tests.behaviour.worlds import CORRIDORS, LATER, MEMBERS, World, world

# The share of draws in which a claim must hold: more where a fit to the record has narrowed what is possible.
NEEDED = {corridor: 0.95 if posterior_of(Scenario.load(corridor).corridor) else 0.9 for corridor in CORRIDORS}

POOR_ORIGIN_ONLY = {"jobs_at_origin_raise_departures_first_where_people_are_poor"}
CLAIMS = {}


def claim(function):
    """Register a claim: a function of a world that gives one truth value for each member."""
    CLAIMS[function.__name__] = function
    return function


# 1 Border control alone


@claim
def border_control_raises_fees_modestly(w: World):
    change = w.change("border doubled", "smuggler_fee", 4)
    return (change > 0) & (change < 0.6)


@claim
def border_control_raises_recorded_apprehensions_first(w: World):
    return (w.change("border doubled", "apprehensions_recorded", 0.5) > 0) & (
        w.change("border doubled", "apprehensions_recorded", 1) > 0)  # fmt: skip


@claim
def border_control_raises_deaths_per_crossing(w: World):
    return w.change("border doubled", "deaths_per_crossing", 4) > 0.05


@claim
def border_control_lowers_entries_far_less_than_proportionally(w: World):
    change = w.change("border doubled", "irregular_entries", 5)
    return (change < 0) & (change > -0.4)


@claim
def border_control_lowers_voluntary_returns(w: World):
    return w.change("border doubled", "voluntary_returns", 3) < -0.05


@claim
def border_control_hardly_lowers_the_number_of_residents(w: World):
    """By less than a fifth in ten years (lessem2018: 7 percent for half as much again), and far less than entries."""
    residents = w.change("border doubled", "irregular_residents", 10)
    return (residents > -0.2) & (residents > 0.75 * w.change("border doubled", "irregular_entries", 10))


# 2 Tightening one gateway


@claim
def a_crackdown_moves_traffic_to_other_gateways_within_months(w: World):
    others = sum(w.value("crackdown", "traffic", 0.75, route) for route in w.others)
    return (others > sum(w.value("baseline", "traffic", 0.75, route) for route in w.others)) & (
        w.change("crackdown", "traffic", 0.75, w.busiest) < 0)  # fmt: skip


@claim
def a_common_law_and_cooperation_make_displacement_much_smaller(w: World):
    alone = w.value("crackdown", "route_share", 4, w.busiest) - w.value("baseline", "route_share", 4, w.busiest)
    together = w.value("crackdown under common law", "route_share", 4, w.busiest) - w.value(
        "common law", "route_share", 4, w.busiest)  # fmt: skip
    return (alone < 0) & (np.abs(together) < 0.6 * np.abs(alone))


# 3 Certainty before severity


@claim
def doubling_sentences_does_little(w: World):
    return np.abs(w.change("sentences doubled", "smuggled_migrants", 5)) < 0.03


@claim
def doubling_certainty_does_a_lot(w: World):
    certainty = -w.change("certainty doubled", "smuggled_migrants", 5)
    return (certainty > 0.03) & (certainty > 4 * -w.change("sentences doubled", "smuggled_migrants", 5))


@claim
def doubling_arrests_without_courts_does_little(w: World):
    arrests = -w.change("arrests doubled", "smuggled_migrants", 5)
    return (arrests < 0.1) & (arrests < 0.5 * -w.change("certainty doubled", "smuggled_migrants", 5))


# 4 Legal slots


@claim
def unmatched_slots_do_little(w: World):
    return np.abs(w.change("unmatched slots", "smuggled_migrants", 5)) < 0.05


@claim
def matched_slots_lower_smuggling(w: World):
    return w.change("matched slots", "smuggled_migrants", 5) < -0.04


@claim
def matched_slots_with_enforcement_do_far_more_than_the_sum_of_the_two(w: World):
    """A fifth more than the sum by default, most of it at the workplace; over the draws, some of which all but end
    smuggling, more."""
    slots, enforcement, both = (
        w.change(name, "smuggled_migrants", 3)
        for name in ("matched slots", "enforcement", "matched slots with enforcement")
    )
    return both < (1.2 if w.members == 1 else 1) * (slots + enforcement)


# 5 Root causes and protection


@claim
def jobs_at_origin_raise_departures_first_where_people_are_poor(w: World):
    return w.change("jobs at origin", "labour_departures", 2) > 0


@claim
def jobs_at_origin_lower_departures_after_a_decade(w: World):
    return w.change("jobs at origin", "labour_departures", 13) < -0.01


@claim
def conflict_acts_within_months(w: World):
    return w.change("conflict doubled", "protection_departures", 0.5) > 0.05


@claim
def enforcement_hardly_deters_people_in_need_of_protection(w: World):
    protection = np.abs(w.change("border doubled", "protection_departures", 3))
    return (protection < 0.06) & (protection < 0.5 * np.abs(w.change("border doubled", "labour_departures", 3)))


@claim
def asylum_access_takes_people_off_smugglers_routes(w: World):
    return (w.change("asylum access", "protection_departures", 2) < -0.1) & (
        w.change("asylum access", "protection_gap", 2) < -0.1)  # fmt: skip


@claim
def resettlement_takes_people_off_smugglers_routes(w: World):
    return w.change("resettlement", "protection_departures", 4) < -0.02


# 6 Return


@claim
def publicity_without_returns_fades_within_a_few_years(w: World):
    early, late = (
        w.value("publicity without returns", "perceived_return_risk", years)
        - w.value("no returns", "perceived_return_risk", years)
        for years in (LATER + 0.75, LATER + 6)
    )
    return (early > 0) & (late < 0.6 * early)


@claim
def returns_without_publicity_are_learnt_slowly(w: World):
    first = w.change("returns", "perceived_return_risk", 1)
    return (first < 0.65 * w.change("returns", "perceived_return_risk", 6)) & (
        w.change("returns with publicity", "perceived_return_risk", 1) > 1.5 * first)  # fmt: skip


@claim
def effective_publicised_return_lowers_attempts(w: World):
    return w.change("returns with publicity", "labour_departures", 2) < 0


# 7 Common data


@claim
def common_definitions_raise_recorded_smuggling_while_the_true_falls(w: World):
    return (w.change("common data", "smuggling_recorded", 4) > 0.05) & (
        w.change("common data", "smuggled_migrants", 6) < 0)  # fmt: skip


def applies(name: str, corridor: str) -> bool:
    """The hump needs a poor origin: in the US corridor most live above the income where it ends (clemens2020)."""
    return name not in POOR_ORIGIN_ONLY or corridor == "g8_2001"


CASES = [
    pytest.param(corridor, name, id=f"{corridor}-{name}", marks=pytest.mark.xdist_group(corridor))
    for corridor in CORRIDORS
    for name in CLAIMS
    if applies(name, corridor)
]


@pytest.mark.parametrize(("corridor", "name"), CASES)
def test_claim_holds_for_the_default_parameters(corridor, name):
    assert CLAIMS[name](world(corridor, 1)).all()


@pytest.mark.parametrize(("corridor", "name"), CASES)
def test_claim_holds_for_nearly_all_draws(corridor, name):
    """Nineteen in twenty draws of a corridor that was fitted to its record, nine in ten where only priors are known."""
    holds = CLAIMS[name](world(corridor, MEMBERS))
    assert holds.shape == (MEMBERS,)
    assert holds.mean() >= NEEDED[corridor], f"holds in {holds.mean():.1%} of {MEMBERS} draws"
