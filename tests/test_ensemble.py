"""Ensembles: what is drawn, what stays, and that the same seed gives the same numbers."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pushpull import Scenario, ensemble, run, run_ensemble
from pushpull.catalogue import catalogue
from pushpull.engine.language.cards import Card
from pushpull.engine.runs.task import RunBroke
from pushpull.ensemble import draw_parameters, value_at_quantile
from pushpull.posterior import posterior_of
from pushpull.preparation import EVERYTHING
from pushpull.scenario import ScenarioFaults, scenario_names

NAMES = tuple(catalogue().parameters)
CARDS = catalogue().parameters
FIXED = [name for name, card in CARDS.items() if card.distribution == "fixed"]
DRAWN = [name for name, card in CARDS.items() if card.distribution != "fixed"]


@pytest.fixture(scope="module", params=scenario_names())
def scenario(request):
    return Scenario.load(request.param)


@pytest.fixture(scope="module")
def unfitted():
    """A corridor without a posterior: every draw comes from the cards."""
    return Scenario.load("g8_2001")


@pytest.fixture(scope="module")
def border():
    return Scenario.load("us_southwest_border")


def card(distribution, low=1.0, value=2.0, high=5.0):
    return Card("it", "parameter", "It", "group", "1", value, low, high, "meaning", distribution=distribution)


def drawn_of(scenario, name, members=64, seed=1):
    return draw_parameters(scenario, members, seed)[:, NAMES.index(name)]


@pytest.mark.parametrize(
    "distribution, judge",
    [
        ("uniform", stats.uniform(1, 4)),
        ("triangular", stats.triang(0.25, 1, 4)),
        ("loguniform", stats.loguniform(1, 5)),
    ],
)
def test_quantiles_are_those_of_the_distribution(distribution, judge):
    quantiles = np.linspace(0, 1, 21)
    assert value_at_quantile(card(distribution), quantiles) == pytest.approx(judge.ppf(quantiles), rel=1e-9)


def test_every_draw_lies_in_its_range(scenario):
    constants = draw_parameters(scenario, 64, 1)
    elements = 2 * len(scenario.routes) * len(scenario.corridor.origins)
    assert constants.shape == (64, len(NAMES), elements)
    for row, name in enumerate(NAMES):
        assert (constants[:, row] >= CARDS[name].low).all() and (constants[:, row] <= CARDS[name].high).all(), name


def test_fixed_cards_stay_and_all_others_move(scenario):
    constants, base = draw_parameters(scenario, 16, 1), scenario.resolve_parameters(NAMES)
    moved = {name for row, name in enumerate(NAMES) if (constants[:, row] != base[row]).any()}
    posterior = posterior_of(scenario.corridor)
    fitted = {ensemble.name_and_member(name)[0] for name in (posterior.parameters if posterior else ())}
    assert moved.isdisjoint(set(FIXED) - fitted)
    still = set(DRAWN) - moved
    assert all(CARDS[name].low == CARDS[name].high or not base[NAMES.index(name)].any() for name in still)


def test_a_draw_covers_its_range_evenly(unfitted):
    name = next(name for name in DRAWN if CARDS[name].distribution == "uniform" and CARDS[name].over is None)
    card = CARDS[name]
    for members, near in ((100, 0.011), (400, 0.003), (128, 0.05), (1000, 0.02)):
        values = np.sort((drawn_of(unfitted, name, members)[:, 0] - card.low) / (card.high - card.low))
        assert np.abs(values - (np.arange(members) + 0.5) / members).max() < near, members


@pytest.mark.parametrize("strata", [25, 50, 100, 200, 400, 800, 1600])
def test_every_doubling_of_the_members_is_a_latin_hypercube(strata):
    points = ensemble.quantiles_of_members(0, 1600, 6, seed=3)[:strata]
    assert (np.sort((points * strata).astype(int), axis=0) == np.arange(strata)[:, None]).all()


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_a_member_is_the_same_in_whatever_ensemble_it_is_drawn(first, more, seed):
    whole = ensemble.quantiles_of_members(0, first + more, 3, seed)
    assert (ensemble.quantiles_of_members(first, first + more, 3, seed) == whole[first:]).all()
    assert (ensemble.quantiles_of_members(0, first, 3, seed) == whole[:first]).all()


def test_a_larger_ensemble_goes_on_where_a_smaller_one_ended(scenario):
    larger = draw_parameters(scenario, 300, 4)
    assert (draw_parameters(scenario, 70, 4) == larger[:70]).all()
    assert (ensemble.Draws.of(scenario, 300, 4, first=200).constants(0, 100) == larger[200:]).all()


def test_no_two_parameters_move_together(unfitted):
    constants = draw_parameters(unfitted, 512, 1)[:, [NAMES.index(name) for name in DRAWN], 0]
    ranks = np.argsort(np.argsort(constants, axis=0), axis=0)
    together = np.corrcoef(ranks, rowvar=False) - np.eye(len(DRAWN))
    assert np.abs(together).max() < 0.25


def test_what_the_scenario_sets_is_held_and_the_rest_keeps_its_draws(border):
    name = next(name for name in DRAWN if CARDS[name].over is None)
    changed = border.with_changes(parameters={name: CARDS[name].high})
    assert (drawn_of(changed, name) == CARDS[name].high).all()
    others = [row for row, each in enumerate(NAMES) if each != name]
    same = draw_parameters(changed, 16, 1)[:, others] == draw_parameters(border, 16, 1)[:, others]
    assert same.all()


def test_a_route_the_scenario_sets_is_held_and_the_other_routes_are_open(border):
    name = "reference_fee"
    changed = border.with_changes(parameters={name: {"arizona": CARDS[name].low}})
    free = ensemble.free_elements(changed, name).reshape(-1, 4)
    assert (free == [route != "arizona" for route in border.routes]).all()


def test_a_corridors_own_values_move_by_one_factor(border):
    name = next(name for name in DRAWN if CARDS[name].over == "population")
    base, drawn = border.resolve_parameters((name,))[0], drawn_of(border, name)
    inside = (drawn > CARDS[name].low).all(axis=1) & (drawn < CARDS[name].high).all(axis=1)
    factors = drawn[inside] / base
    assert inside.any() and factors == pytest.approx(np.repeat(factors[:, :1], factors.shape[1], axis=1), rel=1e-12)


def test_a_policy_meets_the_same_worlds_as_its_baseline(scenario):
    policy = scenario.with_policy("balanced")
    assert (draw_parameters(policy, 8, 3) == draw_parameters(scenario, 8, 3)).all()
    one, other = run_ensemble(scenario, 8, 3), run_ensemble(policy, 8, 3)
    before = one.time < scenario.policy_start
    for name in one.kept:
        assert (one.array(name)[:, before] == other.array(name)[:, before]).all(), name


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(border):
    one, same, other = run_ensemble(border, 6, 1), run_ensemble(border, 6, 1), run_ensemble(border, 6, 2)
    assert all(one.kept[name].tobytes() == same.kept[name].tobytes() for name in one.kept)
    assert (one.total("smuggled_migrants")[:, -1] != other.total("smuggled_migrants")[:, -1]).all()


def test_threads_change_nothing(border, monkeypatch):
    many = run_ensemble(border, 9, 1, keep=EVERYTHING)
    monkeypatch.setattr(ensemble, "processors", lambda: 1)
    alone = run_ensemble(border, 9, 1, keep=EVERYTHING)
    assert all(many.kept[name].tobytes() == alone.kept[name].tobytes() for name in many.variables)


def test_the_draws_of_some_members_are_those_of_the_whole(border):
    draws = ensemble.Draws.of(border, 20, 1)
    assert (draws.constants(5, 12) == draw_parameters(border, 20, 1)[5:12]).all()


def test_an_ensemble_of_fixed_parameters_is_the_single_run_many_times(unfitted):
    held = unfitted.with_changes(parameters={name: CARDS[name].value for name in DRAWN if CARDS[name].over is None})
    rest = {name: unfitted.today(name) for name in DRAWN if CARDS[name].over is not None}
    held = held.with_changes(parameters=rest)
    single, many = run(held), run_ensemble(held, 3, keep=EVERYTHING)
    for name in single.variables:
        assert (many.array(name) == single.array(name)).all(), name


def test_run_gives_an_ensemble_when_members_are_asked_for(border):
    assert run(border).members == 1
    assert run(border, members=1).members == 1
    result = run(border, members=4, seed=9)
    assert result.members == 4 and result.provenance["seed"] == 9 and result.provenance["members"] == 4


def test_an_ensemble_has_the_shape_of_its_scenario(border):
    result = run_ensemble(border.with_changes(start=2010, end=2035), 3, keep=["smuggler_fee"])
    assert (result.time[0], result.time[-1]) == (2010.0, 2035.0)
    assert result.total("smuggler_fee").shape == (3, 101)
    assert result.by_route("smuggler_fee").shape == (3, 101, 4)
    dataset = result.dataset
    assert dict(dataset.sizes) == {"time": 101, "member": 3, "route": 4, "population": 2, "origin": 4}
    assert set(dataset["border_control"].dims) == {"member", "time", "route"}
    assert result.table(["smuggler_fee", "court_capacity"])["member"].nunique() == 3


def test_what_was_not_kept_is_said_and_what_does_not_exist_is_refused(border):
    result = run_ensemble(border, 2, keep=["public_cost"])
    assert "public_cost" in result and "smuggler_fee" not in result
    with pytest.raises(KeyError, match="variable 'smuggler_fee' was not saved"):
        result.total("smuggler_fee")
    with pytest.raises(KeyError, match="no variable 'smugler_fee'"):
        run_ensemble(border, 2, keep=["smugler_fee"])


def test_a_result_answers_for_the_saved_time_nearest_to_a_year(border):
    result = run_ensemble(border, 3, 5)
    exact = result.total("smuggler_fee")[:, result.time == 2020]
    assert result.at("smuggler_fee", 2020.1).tolist() == exact.ravel().tolist()
    assert result.time[result.moment(1900)] == result.time[0] and result.time[result.moment(2999)] == result.time[-1]


@pytest.mark.parametrize("given", [{"members": 0}, {"members": -3}, {"seed": -1}, {"members": 10**9}])
def test_impossible_ensembles_are_refused(border, given):
    with pytest.raises(ScenarioFaults):
        run_ensemble(border, **{"members": 2, **given})


def test_an_ensemble_too_large_for_memory_lies_in_a_file_that_leaves_nothing_behind(border, monkeypatch, tmp_path):
    in_memory = run_ensemble(border, 5, keep=EVERYTHING)
    monkeypatch.setattr(ensemble, "LARGEST_IN_MEMORY", 0)
    in_file = run_ensemble(border, 5, keep=EVERYTHING, scratch=tmp_path)
    assert isinstance(in_file.kept["traffic"], np.memmap)
    assert list(tmp_path.iterdir()) == []
    assert all((in_memory.array(name) == in_file.array(name)).all() for name in in_memory.variables)


def test_progress_is_told_and_ends_with_all_members(border):
    told = []
    run_ensemble(border, 5, progress=lambda done, members: told.append((done, members)))
    assert told[-1] == (5, 5)
    assert told == sorted(told)


def test_an_interrupted_ensemble_stops_its_threads(border):
    def interrupt(done, members):
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        run_ensemble(border, 400, progress=interrupt)
    assert threading.active_count() == before


def test_a_broken_member_is_named(border, monkeypatch):
    whole = ensemble.Draws.constants

    def with_a_hole(draws, first, last):
        constants = whole(draws, first, last)
        constants[max(2 - first, 0) :] = np.nan
        return constants

    monkeypatch.setattr(ensemble.Draws, "constants", with_a_hole)
    with pytest.raises(RunBroke, match="^member 2: .* became nan in 1990.00"):
        run_ensemble(border, 4)


def test_a_result_tells_in_a_line_what_it_is(scenario):
    assert repr(run(scenario)).startswith("<Result: a run of ")
    told = repr(run_ensemble(scenario, 2))
    assert told.startswith("<Result: 2 runs of ") and " to 2045" in told and len(told) < 200


def test_a_result_is_no_dataset_but_answers_to_its_names(scenario):
    result = run(scenario)
    assert not isinstance(result, xarray.Dataset) and isinstance(result.dataset, xarray.Dataset)
    assert result["smuggler_fee"].identical(result.dataset["smuggler_fee"])
    assert result.sel(time=2030)["public_cost"] == result.dataset.sel(time=2030)["public_cost"]
