"""Where a step through time is too long it is halved: nothing breaks, nobody is less than nobody, and it is told."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import run
from pushpull.analysis.blocks import gather
from pushpull.analysis.engine_calls import run_tasks
from pushpull.analysis.store import halved_moves, save_ensemble
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Broke, RunBroke
from pushpull.engine.stepping.halving import TOLD, Halvings, least_level
from pushpull.engine.stepping.methods import METHODS
from pushpull.ensemble import run_ensemble
from pushpull.preparation import integrator, task_of
from pushpull.scenario import policy_names
from tests.cases import each_in_turn
from tests.corners import (
    all_corners,
    fates,
    random_settings,
    scenario_with,
    tasks_with,
    with_random_parameters,
)
from tests.engine.test_breaking import ROUTE, explanation, with_input
from tests.engine.trials import CORRIDORS, baseline, first_years

COUNTED = ("person", "case", "job", "official", "offender", "agent")
SIGNED = {"cumulative_natural_growth", "felt_repression"}
# Many flee and few find work. An open border and no demand alone need no shorter steps: openings follow levels of
# building and of vacancies, and no rate of growth.
WAR_AND_SLUMP = {
    "conflict_intensity": 400.0, "political_climate": 3.5, "destination_growth": -0.08, "slot_demand_match": 0.0,
}  # fmt: skip


def sound(tasks) -> Halvings:
    found, halvings = fates(tasks)
    assert [fate.refused for fate in found if fate.refused] == []
    worst = max(found, key=lambda fate: fate.lowest)
    assert worst.lowest <= 1, worst
    return halvings


@pytest.mark.parametrize(("end", "corridor"), each_in_turn([2045, 2100], CORRIDORS))
def test_settings_at_the_ends_of_their_ranges_break_nothing_and_leave_nobody_less_than_nobody(corridor, end):
    rng = np.random.default_rng(41)
    corners = [random_settings(rng, corners=True) for _ in range(40)]
    points = [random_settings(rng, corners=False) for _ in range(20)]
    assert sound(tasks_with(corridor, end, [*corners, *points]))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_corner_of_what_empties_the_labour_market_is_sound(corridor):
    names = ("labour_demand", "destination_growth", "border_control", "enforced_return", "employer_sanctions")
    sound(tasks_with(corridor, 2060, all_corners(names)))


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    corridor=st.sampled_from(CORRIDORS),
    end=st.integers(2030, 2110),
    seed=st.integers(0, 2**32),
    corners=st.booleans(),
)
def test_whatever_is_set_within_its_range_gives_a_sound_run(corridor, end, seed, corners):
    rng = np.random.default_rng(seed)
    sound(tasks_with(corridor, end, [random_settings(rng, corners) for _ in range(4)]))


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("rate", [-0.07, 0.09])
def test_a_long_decline_or_boom_leaves_the_choice_of_routes_within_numbers(corridor, rate):
    sound(tasks_with(corridor, 2200, [{"destination_growth": rate, "origin_growth": rate / 2}]))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_parameters_anywhere_within_their_cards_give_a_sound_run(corridor):
    rng, usual = np.random.default_rng(43), task_of(baseline(corridor))
    sound([with_random_parameters(usual, rng, corners=False) for _ in range(20)])


@pytest.mark.parametrize(
    ("corridor", "tasks"),
    [("g8_2001", 8), *(pytest.param(each, 24, marks=pytest.mark.audit) for each in ("g8_2001", "us_southwest_border"))],
)
def test_parameters_at_the_ends_of_their_cards_are_sound_or_refused_with_the_reason(corridor, tasks):
    rng, usual = np.random.default_rng(44), task_of(baseline(corridor))
    found, _ = fates([with_random_parameters(usual, rng, corners=True) for _ in range(tasks)])
    refused = [fate.refused for fate in found if fate.refused]
    assert max(fate.lowest for fate in found) <= 1 and len(refused) < tasks / 2
    assert all("then were\n    " in each for each in refused)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_shortened_run_is_that_of_a_finer_grid(corridor):
    coarse, fine = (
        run(scenario_with(corridor, 2045, WAR_AND_SLUMP).with_changes(steps_per_year=steps)) for steps in (48, 960)
    )
    assert coarse.halvings
    for name in ("irregular_residents", "smuggled_migrants", "public_cost", "deaths_in_transit", "unfilled_vacancies"):
        one, other = coarse.total(name)[0], fine.total(name)[0]
        assert np.abs(one - other).max() <= 1e-4 * np.abs(other).max(), name


@pytest.mark.parametrize("policy", [None, *policy_names()])
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_ordinary_runs_are_hardly_shortened_from_policy_start_on(corridor, policy):
    """One move of the record is: in spring of 2025 a border closed within months. On the ways to Europe, where a boat
    is had within weeks, some are cut in two, and none further."""
    scenario = baseline(corridor).with_policy(policy) if policy else baseline(corridor)
    result = run(scenario)
    assert not result.halvings.since(scenario.policy_start)
    assert result.provenance["moves_halved"] <= (40 if corridor == "eu_external_border" else 1)


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
@pytest.mark.parametrize("method", METHODS)
def test_a_grid_of_whole_years_runs_and_is_nearly_as_usual(method, steps):
    scenario = baseline("us_southwest_border")
    usual, coarse = run(scenario), run(scenario.with_changes(steps_per_year=steps, method=method))
    assert coarse.halvings or steps > 3
    for name in ("irregular_residents", "smuggled_migrants", "public_cost"):
        assert coarse.total(name)[0, -1] == pytest.approx(usual.total(name)[0, -1], rel=0.08), name


@pytest.mark.parametrize(("method", "corridor"), each_in_turn(METHODS, CORRIDORS))
def test_the_kernel_halves_as_plain_python_does(corridor, method):
    task = task_of(baseline(corridor).with_changes(steps_per_year=2, method=method))
    task = first_years(task, years=2, policy_year=1)
    engine = integrator()
    assert engine.simulate(task, ()).halvings()
    levels = engine.run(task)[1]
    plain = engine.run_plainly(task)[1]
    size = np.abs(plain).max(axis=0)
    assert (np.abs(levels - plain).max(axis=0) <= 1e-9 * size + 1e-12).all()


def test_plain_python_tells_the_same_of_what_it_shortened():
    task = first_years(task_of(baseline("g8_2001").with_changes(steps_per_year=3)), years=2)
    engine = integrator()
    told = dict(zip(TOLD, engine.simulate(task, ()).told[0].tolist(), strict=True))
    assert told["halved"] > 0 and told == engine.march_plainly(task)[2]


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_run_that_is_shortened_is_the_same_alone_and_beside_others(corridor):
    settings_ = [{}, WAR_AND_SLUMP, {"labour_demand": 0.0}, {**WAR_AND_SLUMP, "enforced_return": 1e6}]
    engine = integrator()
    alone = [run(scenario_with(corridor, 2060, one)) for one in settings_]
    tasks = tasks_with(corridor, 2060, settings_)
    kinds = {task.kind for task in tasks}
    for order in ([1, 0, 3, 2], [3, 3, 1, 0]):
        some = [tasks[place] for place in order]
        if len(kinds) > 1:  # drivers leap or do not: give all the moves of the most cut
            some = [task for task in some if task.kind == some[0].kind]
            order = [place for place in order if tasks[place].kind == tasks[order[0]].kind]
        block = SavedBlock(engine.selection(engine.model.variables, some[0]), some[0], len(some))
        engine.runner(some[0]).run(some, block)
        for lane, place in enumerate(order):
            for name in alone[place].variables:
                assert np.array_equal(block[name][lane], alone[place].array(name)[0]), (name, lane)
            assert block.told[lane, 0] == alone[place].halvings.moves[0]


def test_members_that_are_shortened_are_the_same_in_any_ensemble():
    scenario = scenario_with("us_southwest_border", 2040, WAR_AND_SLUMP)
    together, fewer = run_ensemble(scenario, 11, 5), run_ensemble(scenario, 3, 5)
    assert (together.halvings.moves > 0).any() and len(set(together.halvings.moves)) > 1
    for name in fewer.kept:
        assert np.array_equal(together.array(name)[:3], fewer.array(name)), name
    assert np.array_equal(together.halvings.moves[:3], fewer.halvings.moves)


def test_what_was_shortened_is_told_in_every_form(tmp_path):
    scenario = scenario_with("g8_2001", 2045, WAR_AND_SLUMP)
    result = run(scenario)
    told = result.halvings.provenance
    assert told["moves_halved"] == result.halvings.moves[0] > 0 and told["first_halved_move"] >= scenario.policy_start
    assert f"{told['moves_halved']:,} move" in str(result.halvings)
    with xarray.open_dataset(result.save(tmp_path / "run.nc")) as dataset:
        assert dataset.attrs["moves_halved"] == told["moves_halved"]
        assert dataset.attrs["last_halved_move"] == told["last_halved_move"]
    assert json.loads(result.save(tmp_path / "run.json").read_text())["provenance"]["moves_halved"] > 0
    ensemble = run_ensemble(scenario, 6, 2)
    gathered = gather(scenario, 6, 2)
    assert gathered.provenance == ensemble.provenance and ensemble.provenance["moves_halved"] > 0
    folder = save_ensemble(scenario, tmp_path / "many.zarr", 6, 2)
    assert halved_moves(folder)[0] == ensemble.provenance["moves_halved"]
    assert np.array_equal(xarray.open_zarr(folder)["moves_halved"], ensemble.halvings.moves)


def test_tasks_in_a_batch_tell_each_of_its_own():
    tasks = tasks_with("us_southwest_border", 2045, [{}, WAR_AND_SLUMP, {}])

    def moves(result):
        return result.halvings.moves

    scenario = scenario_with("us_southwest_border", 2045, {})
    found = run_tasks(scenario, [lambda task=task: task for task in tasks], moves)
    assert found[0] == found[2] <= 1 < found[1]


def test_what_is_counted_cannot_be_negative_unless_it_is_a_balance():
    stocks = {stock.name: stock for stock in integrator().model.stocks}
    assert {name for name, stock in stocks.items() if stock.declaration.signed} == SIGNED
    for name, stock in stocks.items():
        if stock.unit.partition("/")[0] in COUNTED and name not in SIGNED:
            assert -1e-3 <= least_level(stock.unit, stock.declaration.signed) < 0, name


@pytest.mark.parametrize(
    ("name", "settings_"),
    [("felt_repression", {"political_climate": -2.0}), ("cumulative_natural_growth", {"population_growth": -0.015})],
)
def test_a_stock_is_signed_only_where_it_does_fall_below_zero(name, settings_):
    assert run(scenario_with("g8_2001", 2090, settings_)).array(name).min() < -0.5


def test_a_run_that_no_step_can_save_is_refused_with_stock_year_and_flows():
    first, *flows = explanation(with_input("border_control", -0.5, ROUTE))
    assert first.startswith(f"border_capacity[{ROUTE}] cannot be negative and fell from ")
    assert " agent in 20" in first and first.endswith("however short the step; its flows then were")
    (flow,) = flows
    assert flow.startswith("    patrol_hiring = -")


@pytest.mark.slow
def test_what_fails_in_a_piece_is_told_with_the_year_of_that_piece():
    task = with_input("border_control", -0.5, ROUTE, year=1991.0)
    year = float(explanation(task)[0].partition(" in ")[2].partition(",")[0])
    with pytest.raises(RunBroke) as fault, np.errstate(all="ignore"):
        integrator().run_plainly(dataclasses.replace(task.first(round((year + 1 - task.start) * 48)), method="rk4"))
    assert f" in {year:.2f}," in str(fault.value)


def test_a_broken_run_does_not_touch_those_beside_it():
    engine = integrator()
    well = task_of(scenario_with("us_southwest_border", 2030, {}))
    broken = dataclasses.replace(well, constants=well.constants.copy())
    broken.constants[engine.layout.constants.index("hiring_time")] = 0.0
    alone, beside = (SavedBlock(engine.selection(("irregular_residents",), well), well, members=4) for _ in range(2))
    engine.runner(well).run([well] * 4, alone)
    with pytest.raises(Broke) as fault:
        engine.runner(well).run([well, broken, well, well], beside)
    assert fault.value.members == (1,)
    one, other = (block["irregular_residents"] for block in (alone, beside))
    assert np.array_equal(one[[0, 2, 3]], other[[0, 2, 3]])
