"""Attribution: shares add up, equals share equally, who does nothing gets nothing, and harm is kept."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pushpull import Scenario, ensemble, run
from pushpull.analysis import Stopped, attribute
from pushpull.analysis.players import REST
from pushpull.analysis.shapley import shapley_interactions, shapley_values
from pushpull.catalogue import catalogue

LEVERS = ["court_capacity=2x", "slot_demand_match=0.9", "border_control@arizona=2"]


def games(most=5, **more):
    worths = st.integers(1, most).flatmap(
        lambda players: arrays(float, 2**players, elements=st.floats(-1e6, 1e6), **more)
    )
    return settings(max_examples=40, deadline=None)(given(worths))


@pytest.fixture(scope="module")
def border():
    return Scenario.load("us_southwest_border").with_changes(start=2020)


@pytest.fixture(scope="module")
def divided(border):
    """A change of levers, of context and of a parameter, divided; with the scenario that makes it."""
    policy = border.with_settings([*LEVERS, "conflict_intensity=30", "danger_level=1.2x"])
    return policy, attribute(policy, border)


@games()
def test_shares_add_up_to_the_whole_change(worth):
    assert shapley_values(worth).sum() == pytest.approx(worth[-1] - worth[0], rel=1e-9, abs=1e-6)


@games(most=4)
def test_a_share_is_what_a_player_adds_on_average_over_every_order(worth):
    players = len(worth).bit_length() - 1
    added = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        coalition = 0
        for player in order:
            added[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    assert shapley_values(worth) == pytest.approx(added / len(orders), rel=1e-9, abs=1e-6)


@games()
def test_players_that_add_the_same_share_the_same(worth):
    """A game is made symmetric in its first two players, where it has two."""
    players = len(worth).bit_length() - 1
    if players < 2:
        return
    swapped = [c & ~3 | (c & 1) << 1 | (c & 2) >> 1 for c in range(len(worth))]
    shares = shapley_values((worth + worth[swapped]) / 2)
    assert shares[0] == pytest.approx(shares[1], rel=1e-9, abs=1e-6)


@games()
def test_a_player_who_adds_nothing_gets_nothing_and_interacts_with_nobody(worth):
    idle = np.concatenate([worth, worth])  # the last player changes nothing
    assert shapley_values(idle)[-1] == pytest.approx(0, abs=1e-9)
    assert shapley_values(idle)[:-1] == pytest.approx(shapley_values(worth), rel=1e-9, abs=1e-6)
    if len(worth) > 1:
        assert shapley_interactions(idle)[-1] == pytest.approx(0, abs=1e-9)


@games()
def test_shares_are_linear_so_that_those_of_a_sum_are_the_sums(worth):
    both = np.stack([worth, 3 * worth, worth**2 / 1e6], axis=1)
    whole = shapley_values(both)
    assert whole.sum(axis=1) == pytest.approx(shapley_values(both.sum(axis=1)), rel=1e-9, abs=1e-6)


def test_two_players_interact_by_what_they_do_more_together():
    worth = np.array([0.0, 1.0, 2.0, 7.0])
    assert shapley_interactions(worth).tolist() == [[0, 4], [4, 0]]
    assert shapley_values(worth).tolist() == [3, 4]


def test_three_players_interact_on_average_over_the_third():
    worth = np.arange(8.0) ** 2
    with_third, without = worth[7] - worth[6] - worth[5] + worth[4], worth[3] - worth[2] - worth[1] + worth[0]
    assert shapley_interactions(worth)[0, 1] == (with_third + without) / 2


@pytest.mark.parametrize("count", [0, 1, 3, 2**11])
def test_what_is_no_game_is_refused(count):
    with pytest.raises(ValueError, match="a game has a worth"):
        shapley_values(np.zeros(count))


# On the model ----------------------------------------------------------------------------------------------


def test_every_line_at_every_time_adds_up_to_what_the_two_runs_differ_by(border, divided):
    policy, found = divided
    before, after = run(border), run(policy)
    for outcome in catalogue().outcomes.values():
        if outcome.adds_up_to_one:
            continue
        change = after.total(outcome.id)[0] - before.total(outcome.id)[0]
        size = np.abs(after.total(outcome.id)).max()
        assert np.abs(found.series(outcome.id).sum(axis=0) - change).max() <= 1e-9 * size, outcome.id


def test_policy_and_assumptions_are_told_apart(divided):
    _, found = divided
    kinds = {player.names: player.kind for player in found.players}
    assert kinds == {
        ("court_capacity",): "lever",
        ("slot_demand_match",): "lever",
        ("border_control",): "lever",
        ("conflict_intensity",): "context",
        ("danger_level",): "parameter",
    }
    assert [player.is_policy for player in found.players].count(True) == 3


def test_what_works_against_the_rest_keeps_its_sign(border, divided):
    """More patrols in Arizona stop more people for half a year, while matched permits leave fewer to stop, and fewer in
    2031, as fewer come. Deaths turn their sign with them: fourteen more, on harder ways, then twenty fewer."""
    _, found = divided
    alone, before = run(border.with_settings([LEVERS[2]])), run(border)

    def share(outcome, year):
        return dict(zip([player.names[0] for player in found.players], found.of(outcome, at=year).shares, strict=True))

    stopped, soon, later = (
        share("apprehensions_recorded", 2027.5),
        *(share("deaths_in_transit", at) for at in (2027.5, 2031)),
    )
    assert stopped["border_control"] > 0 > stopped["slot_demand_match"]
    assert soon["border_control"] > 0 > later["border_control"]
    for name, year, sign in (("apprehensions_recorded", 2027.5, 1), ("apprehensions_recorded", 2031, -1),
                             ("deaths_in_transit", 2027.5, 1), ("deaths_in_transit", 2031, -1)):  # fmt: skip
        assert sign * (alone.at(name, year)[0] - before.at(name, year)[0]) > 0
    assert later["danger_level"] > 0


def test_means_and_totals_add_up_over_the_years_they_name(divided):
    policy, found = divided
    result = run(policy)
    since = (result.time >= 2030) & (result.time <= 2040)
    deaths, times = result.total("deaths_in_transit")[0, since], result.time[since]
    mean, total = found.of("deaths_in_transit", mean=(2030, 2040)), found.of("deaths_in_transit", total=(2030, 2040))
    assert mean.policy == pytest.approx(deaths.mean()) and total.policy == pytest.approx(np.trapezoid(deaths, times))
    assert (mean.unit, total.unit) == ("person/year", "person")
    for shares in (mean, total, found.of("deaths_in_transit", at=2035), found.of("smuggler_fee", "arizona")):
        assert shares.shares.sum() == pytest.approx(shares.change, rel=1e-9)
    table = found.table(mean=(2030, 2040))
    assert table.groupby(["outcome", "route"])["share"].sum().loc[("deaths_in_transit", "")] == pytest.approx(
        mean.change
    )


def test_two_levers_interact_by_what_their_runs_do_more_together(border):
    one, other = "legal_labour_slots=3x", "slot_demand_match=0.95"
    coalitions = [[], [one], [other], [one, other]]
    none, first, second, both = (
        run(border.with_settings(each)).total("smuggled_migrants")[0, -1] for each in coalitions
    )
    shares = attribute(border.with_settings([one, other]), border, ["smuggled_migrants"]).of("smuggled_migrants")
    names = {player.names[0] for player in shares.strongest[:2]}
    assert names == {"legal_labour_slots", "slot_demand_match"}
    assert shares.strongest[2] == shares.interactions[0, 1] == pytest.approx(both - first - second + none, rel=1e-9)
    assert shares.strongest[2] != 0


def test_formulas_and_loops_are_players_too(border):
    setting, formulas = next(iter(catalogue().formulas.items()))
    loop = next(iter(catalogue().loops))
    changed = border.with_changes(formulas={setting: formulas[1]}, loops_off=[loop])
    found = attribute(changed, border, ["smuggled_migrants"])
    assert {player.kind for player in found.players} == {"formula", "loop"}
    change = run(changed).total("smuggled_migrants")[0, -1] - run(border).total("smuggled_migrants")[0, -1]
    assert found.of("smuggled_migrants").shares.sum() == pytest.approx(change, rel=1e-9)


def test_more_than_ten_levers_play_in_their_groups(border):
    found = attribute(border.with_policy("balanced").with_settings(["conflict_intensity=30"]), border, ["public_cost"])
    titles = [player.title for player in found.players]
    assert titles == ["preventive levers", "punitive levers", "remedial levers", "enabling levers", "context: origin"]
    groups = {catalogue().levers[name].group for name in found.players[0].names}
    assert groups == {"preventive"} and len(found.worth) == 32


def test_groups_may_be_given_and_the_rest_plays_together(border):
    policy = border.with_settings([*LEVERS, "asylum_access=1"])
    given_groups = {"courts": ["court_capacity"], "borders": "border_control"}
    found = attribute(policy, border, ["protection_gap"], given_groups)
    assert [player.title for player in found.players] == ["courts", "borders", REST]
    assert set(found.players[2].names) == {"slot_demand_match", "asylum_access"}


def test_threads_and_progress_change_nothing(border, monkeypatch):
    policy, told = border.with_settings(LEVERS), []
    many = attribute(policy, border, ["public_cost"], progress=lambda *at: told.append(at))
    monkeypatch.setattr(ensemble, "processors", lambda: 1)
    assert attribute(policy, border, ["public_cost"]).worth.tobytes() == many.worth.tobytes()
    assert told == sorted(told) and told[-1] == (8, 8)


def test_what_cannot_be_divided_is_refused(border):
    policy = border.with_settings(LEVERS)
    with pytest.raises(ValueError, match="do not differ$"):
        attribute(border, border)
    with pytest.raises(ValueError, match="two"):
        attribute(policy, Scenario.load("g8_2001"))
    with pytest.raises(ValueError, match="the same start"):
        attribute(policy, border.with_changes(start=2030))
    with pytest.raises(ValueError, match="did you mean 'court_capacity'"):
        attribute(policy, border, players={"courts": ["court_capasity"]})
    with pytest.raises(ValueError, match="stands in two groups"):
        attribute(policy, border, players={"courts": ["court_capacity"], "again": ["court_capacity"]})
    with pytest.raises(ValueError, match="there are 30 players"):
        names = border.with_policy("balanced").policies
        attribute(border.with_policy("balanced"), border, players={name: [name] for name in names})
    found = attribute(policy, border, ["public_cost"])
    with pytest.raises(KeyError, match="no line of 'smuggler_fee'"):
        found.of("smuggler_fee")
    with pytest.raises(ValueError, match="the years lie from 2020 to 2045"):
        found.of("public_cost", mean=(2010, 2030))
    with pytest.raises(ValueError, match="name one of them"):
        found.of("public_cost", at=2030, mean=(2020, 2030))


def test_a_division_that_is_stopped_ends_its_threads(border):
    import threading

    stop, before = threading.Event(), threading.active_count()
    stop.set()
    with pytest.raises(Stopped):
        attribute(border.with_policy("balanced"), border, stop=stop)
    assert threading.active_count() == before
