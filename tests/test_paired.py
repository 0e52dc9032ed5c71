"""Paired uncertainty: ranges are exact, refine without being run again, and say whether they have settled."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pushpull import Result, Scenario, ensemble, run, run_ensemble
from pushpull.analysis import Line, Members, Ranges, Stopped, Target, paired, stream
from pushpull.analysis.engine_calls import run_tasks
from pushpull.analysis.members import distinct_draws
from pushpull.analysis.quantile_ranges import QUANTILES, chance_of_change, column, quantiles
from pushpull.catalogue import catalogue
from pushpull.ensemble import Draws, draw_parameters
from pushpull.posterior import posterior_of
from pushpull.preparation import EVERYTHING, integrator, result_of, task_of
from pushpull.scenario import ScenarioFaults, scenario_names

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("paired")

PEOPLE = ("protection_gap", "deaths_in_transit", "people_exploited")
PAIRING = sys.modules[paired.__module__]
FEW = ("deaths_in_transit", "smuggler_fee", "legal_admissions")


@pytest.fixture(scope="module", params=scenario_names())
def scenario(request):
    return Scenario.load(request.param).with_changes(start=2020 if request.param.startswith("us") else 2005)


@pytest.fixture(scope="module")
def border():
    return Scenario.load("us_southwest_border").with_changes(start=2024)


@pytest.fixture(scope="module")
def unfitted():
    return Scenario.load("g8_2001").with_changes(start=2015)


def bytes_of(found):
    """Everything a result says, as bytes."""
    told = [pair for pair in found.pairs.values()]
    numbers = [[p.baseline.edges, p.policy.edges, p.difference.edges, p.chance, np.array(p.moved)] for p in told]
    return b"".join(array.tobytes() for some in numbers for array in some) + repr(found.chances).encode()


@given(arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 40)), elements=st.floats(-1e9, 1e9)))
@settings(max_examples=60, deadline=None)
def test_ranges_are_the_quantiles_of_numpy(values):
    expected = np.quantile(values, QUANTILES, axis=1)
    assert np.allclose(quantiles(values), expected, rtol=1e-12, atol=1e-6)


@given(arrays(float, st.tuples(st.just(3), st.integers(1, 40)), elements=st.floats(-1e9, 1e9)))
@settings(max_examples=60, deadline=None)
def test_ranges_lie_in_each_other_and_within_the_members(values):
    ranges = Ranges.of(values)
    assert (np.diff(ranges.edges, axis=0) >= -1e-6).all()
    assert (ranges.edges >= values.min(axis=1) - 1e-6).all() and (ranges.edges <= values.max(axis=1) + 1e-6).all()
    assert ranges.moved_from(ranges) == 0


@given(
    arrays(float, st.tuples(st.just(3), st.integers(1, 40)), elements=st.floats(-1e9, 1e9)),
    st.lists(st.floats(0.001, 0.999), min_size=1, unique=True),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_more_quantiles_in_any_order_move_no_other_figure(values, more, random):
    at = list(dict.fromkeys((*more, *QUANTILES)))
    random.shuffle(at)
    both = (values, values / 2 + 1)
    plain, fuller = [Ranges.of(each) for each in both], [Ranges.of(each, tuple(at)) for each in both]
    for one, other in zip(plain, fuller, strict=True):
        assert (one.median == other.median).all() and one.span == other.span
        assert (one.half == other.half).all() and (one.most == other.most).all()
    assert plain[0].moved_from(plain[1]) == fuller[0].moved_from(fuller[1])


MORE_QUANTILES = """
import sys
from importlib.util import find_spec, module_from_spec
import pushpull
spec = find_spec("pushpull.analysis.quantile_ranges")
with open(spec.origin, encoding="utf-8") as file:
    source = file.read()
sys.modules[spec.name] = ranges = module_from_spec(spec)
more, line = sys.argv[1], "QUANTILES = (0.05,"
assert source.count(line) == 1
exec(compile(source.replace(line, f"QUANTILES = ({more}0.05,"), spec.origin, "exec"), vars(ranges))
from pushpull import compare
from pushpull.analysis import paired
from pushpull.dashboard.charts.charts import Charts
from pushpull.dashboard.charts.sources import Sources, places
from pushpull.dashboard.i18n.texts import language
from pushpull.scenario import Scenario
from pushpull.wording import palette
import json
baseline = Scenario.load("g8_2001").with_changes(end=2030)
policy = baseline.with_policy("balanced")
found = paired(policy, baseline, 12, 1, keep=("irregular_residents", "deaths_in_transit"))
charts = Charts(Sources(), palette.LIGHT, language("en"))
charts.shown.update({"0": "irregular_residents", "1": "deaths_in_transit"})
charts.show_ranges(found, frozen=True)
tables = found.table, compare(baseline, policy, members=12).table
drawn = {name: list(map(str, values)) for name, values in charts.sources.ranges.data.items()}
figures = {name: list(map(str, table[name])) for table in tables for name in table}
print(json.dumps([figures, drawn, found.message]))
"""


def test_a_quantile_more_moves_no_figure_of_a_table_or_a_chart():
    plain, fuller = (
        json.loads(subprocess.run([sys.executable, "-c", MORE_QUANTILES, more], check=True, capture_output=True).stdout)
        for more in ("", "0.01, 0.4, ")
    )
    assert set(fuller[0]) - set(plain[0]) == {"p1", "p40", "difference_p1", "difference_p40"}
    assert {name: fuller[0][name] for name in plain[0]} == plain[0]
    assert fuller[1:] == plain[1:]


def test_a_column_is_named_after_its_quantile():
    assert [column(at) for at in (0.05, 0.5, 0.975, 0.29)] == ["p5", "p50", "p97.5", "p29"]


def test_a_scenario_minus_itself_is_exactly_zero_and_no_chance_is_told(scenario):
    found = paired(scenario, scenario, 12, 1)
    for pair in found.pairs.values():
        assert (pair.difference.edges == 0).all()
        assert (pair.baseline.edges == pair.policy.edges).all()
        assert np.isnan(pair.chance).all()


def test_ranges_are_those_of_two_ensembles_member_by_member(border):
    policy = border.with_policy("balanced")
    found, before, after = paired(policy, border, 20, 3), run_ensemble(border, 20, 3), run_ensemble(policy, 20, 3)
    change = after.total("deaths_in_transit") - before.total("deaths_in_transit")
    pair = found.of("deaths_in_transit")
    assert pair.difference.edges == pytest.approx(np.quantile(change, QUANTILES, axis=0), rel=1e-9, abs=1e-9)
    assert (pair.chance[-1], pair.difference.median[0]) == ((change[:, -1] < 0).mean(), 0)
    fee = after.by_route("smuggler_fee")[:, :, border.routes.index("arizona")]
    assert found.of("smuggler_fee", "arizona").policy.median == pytest.approx(np.median(fee, axis=0), rel=1e-12)


def test_every_outcome_and_route_is_there_and_harm_to_people_comes_first(border):
    found = paired(border, border, 2, 1)
    outcomes = catalogue().outcomes
    assert tuple(dict.fromkeys(line.outcome for line in found.pairs))[:3] == PEOPLE
    routed = {name for name, outcome in outcomes.items() if outcome.variable.routed}
    wanted = {Line(name) for name in outcomes if not outcomes[name].adds_up_to_one}
    assert set(found.pairs) == wanted | {Line(name, route) for name in routed for route in border.routes}
    assert set(found.table["outcome"]) == set(outcomes) and set(found.table["part"]) == {
        "baseline",
        "policy",
        "difference",
    }


def test_an_ensemble_equals_a_loop_of_single_runs(unfitted):
    """Member by member, the constants of a draw given to a scenario as its own parameters make the same run."""
    policy, constants = unfitted.with_policy("balanced"), draw_parameters(unfitted, 4, 7)
    whole = run_ensemble(policy, 4, 7, keep=EVERYTHING)
    tasks = [lambda own=own: replace(task_of(policy), constants=own) for own in constants]

    def read(result: Result) -> np.ndarray:
        return np.concatenate([result.array(name).reshape(result.members, -1) for name in whole.variables], axis=1)

    alone = [read(result_of(policy, make(), *integrator().run(make())[1:])) for make in tasks]
    assert np.array_equal(read(whole), np.concatenate(alone))
    assert np.array_equal(run_tasks(policy, tasks, read, EVERYTHING), np.concatenate(alone))


def test_tasks_side_by_side_are_the_runs_one_by_one_whatever_differs(border):
    scenarios = [
        border,
        border.with_policy("balanced"),
        border.with_settings(["court_capacity=2x"]),
        border.with_changes(policies={"legal_labour_slots": {"ramp": {"from": 2027.3, "to": 2031, "value": 2e6}}}),
        border.with_changes(loops_off=["fee"]),
        border.with_changes(formulas={"development_effect": "decline_berthiaume2021"}),
        border.with_settings(["conflict_intensity=30"]),
    ]
    tasks = [lambda one=one: task_of(one) for one in scenarios]
    found = run_tasks(border, tasks, lambda result: result.total("deaths_in_transit"), FEW)
    for scenario, deaths in zip(scenarios, found, strict=True):
        assert np.array_equal(deaths, run(scenario).total("deaths_in_transit")[0]), scenario.title


def test_a_held_world_is_the_single_run(border):
    cards = catalogue().parameters
    held = border.with_changes(parameters={name: border.today(name) for name in cards}, context={"departure_shocks": 1})
    found = paired(held.with_policy("balanced"), held, 3, 1, keep=FEW)
    single = run(held.with_policy("balanced")).total("deaths_in_transit")[0]
    assert (found.of("deaths_in_transit").policy.edges == single).all()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(border, monkeypatch, threads):
    def bytes_on(count):
        monkeypatch.setattr(ensemble, "processors", lambda: count)
        return bytes_of(paired(border.with_policy("punitive"), border, 30, 5, keep=FEW))

    assert bytes_on(threads) == bytes_on(3)


def test_a_stream_ends_in_the_bytes_of_the_one_shot(unfitted, monkeypatch):
    monkeypatch.setattr(PAIRING, "FIRST_MEMBERS", 10)
    policy = unfitted.with_policy("balanced")
    options = {"keep": FEW, "targets": ["deaths_in_transit<=300 by 2030"]}
    *_, last = stream(policy, unfitted, 45, 2, **options)
    assert last.whole and bytes_of(last) == bytes_of(paired(policy, unfitted, 45, 2, **options))


def test_a_stream_doubles_and_runs_no_member_twice(unfitted, monkeypatch):
    ran = []
    whole = ensemble.run_draws

    def counted(scenario, draws, *rest):
        ran.append(len(draws.values))
        return whole(scenario, draws, *rest)

    monkeypatch.setattr(PAIRING, "FIRST_MEMBERS", 10)
    monkeypatch.setattr(ensemble, "run_draws", counted)
    policy = unfitted.with_policy("balanced")
    baseline, told = Members(unfitted, 1, FEW), []
    found = [
        each.members for each in stream(Members(policy, 1, FEW), baseline, 70, progress=lambda *at: told.append(at))
    ]
    assert found == [10, 20, 40, 70] and sum(ran) == 140
    assert told == sorted(told) and told[-1] == (140, 140)
    ran.clear()
    paired(Members(unfitted.with_policy("punitive"), 1, FEW), baseline, 70)
    assert sum(ran) == 70


def test_a_refined_result_is_that_of_its_first_members(unfitted, monkeypatch):
    monkeypatch.setattr(PAIRING, "FIRST_MEMBERS", 10)
    policy = unfitted.with_policy("balanced")
    for each in stream(policy, unfitted, 40, 2, keep=FEW):
        assert bytes_of(each) == bytes_of(paired(policy, unfitted, each.members, 2, keep=FEW))


def test_a_stream_that_is_closed_or_stopped_leaves_what_was_run(unfitted, monkeypatch):
    monkeypatch.setattr(PAIRING, "FIRST_MEMBERS", 10)
    policy, threads = Members(unfitted.with_policy("balanced"), 1, FEW), threading.active_count()
    baseline, stop = Members(unfitted, 1, FEW), threading.Event()
    running = stream(policy, baseline, 1000, stop=stop)
    assert next(running).members == 10
    running.close()
    assert (policy.count, baseline.count, threading.active_count()) == (10, 10, threads)
    later = stream(policy, baseline, 1000, stop=stop)
    assert next(later).members == 10
    stop.set()
    with pytest.raises(Stopped):
        next(later)
    assert threading.active_count() == threads


def test_a_run_is_stopped_in_its_middle(unfitted):
    stop = threading.Event()

    def soon(done, whole):
        if done:
            stop.set()

    with pytest.raises(Stopped):
        paired(unfitted, unfitted, 2000, 1, keep=FEW, progress=soon, stop=stop)


def test_worlds_of_a_fit_that_come_again_are_run_once_and_told(border, monkeypatch):
    draws = len(posterior_of(border.corridor).draws)
    known = set(posterior_of(border.corridor).parameters)
    if not set(Draws.of(border, 1, 1).names) <= known:
        pytest.skip("the fit of this corridor leaves parameters to their cards")
    assert distinct_draws(border, 10 * draws) == draws
    draws = 80  # of which more members are asked for
    fit = posterior_of(border.corridor)
    shortened = replace(fit, draws=fit.draws[:draws])
    for module in ("pushpull.ensemble", "pushpull.analysis.members"):
        monkeypatch.setattr(f"{module}.posterior_of", lambda _: shortened)
    late = border.with_changes(start=2044)
    found = paired(late.with_policy("balanced"), late, draws + 50, 1, keep=("deaths_in_transit",))
    assert found.distinct == draws and f"the fit has {draws:,} draws" in found.message
    result = run_ensemble(late, draws + 50, 1, keep=("deaths_in_transit",))
    expected = np.quantile(result.total("deaths_in_transit"), QUANTILES, axis=0)
    assert found.of("deaths_in_transit").baseline.edges == pytest.approx(expected, rel=1e-12)


def test_few_members_have_not_settled_and_one_world_has(unfitted):
    found = paired(unfitted.with_policy("balanced"), unfitted, 48, 1)
    assert not found.settled and found.worst.moved > 0.02
    assert found.message.startswith("not settled: doubling the members from 24 to 48")
    held = unfitted.with_changes(parameters={name: unfitted.today(name) for name in catalogue().parameters})
    still = paired(held.with_policy("balanced"), held, 48, 1)
    assert still.settled and still.message.startswith("settled: ")


@pytest.mark.parametrize("members", [1, 2, 7, 39])
def test_so_few_members_never_settle_even_where_nothing_moves(unfitted, members):
    found = paired(unfitted, unfitted, members, 3, keep=("irregular_residents",))
    assert not found.settled and not any(pair.settled for pair in found.pairs.values())
    assert found.message.startswith("not settled: this needs at least 40 members; ")
    assert f" {members} ha" in found.message


def test_forty_members_are_enough_to_tell(unfitted):
    found = paired(unfitted, unfitted, 40, 3, keep=("irregular_residents",))
    assert "settled: doubling the members from 20 to 40" in found.message


def test_a_band_moves_by_its_share_of_the_range():
    one, other = Ranges(np.linspace(0, 10, 10).reshape(5, 2)), Ranges(np.linspace(0, 10, 10).reshape(5, 2) + 0.5)
    assert one.moved_from(other) == pytest.approx(0.05)
    assert Ranges(np.zeros((5, 2))).moved_from(one) > 1  # all have come to be zero
    rounding = Ranges(np.full((5, 2), 1.0)), Ranges(np.full((5, 2), 1.0 + 2e-16))
    assert rounding[0].moved_from(rounding[1]) == 0


@pytest.mark.parametrize("better, share", [("lower", 0.5), ("higher", 0.25), ("neither", 0.25)])
def test_the_chance_is_of_moving_the_better_way_or_of_growing(better, share):
    assert chance_of_change(np.array([-1.0, -2.0, 3.0, 0.0]), better) == share
    assert np.isnan(chance_of_change(np.zeros(4), better))


# Targets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, target",
    [
        ("deaths_in_transit<=300@2035", Target("deaths_in_transit", 300, 2035)),
        (" deaths_in_transit <= 300 in 2035 ", Target("deaths_in_transit", 300, 2035)),
        ("smuggler_fee@arizona>=9e3 by 2040.5", Target("smuggler_fee", 9000, 2040.5, True, True, "arizona")),
    ],
)
def test_a_target_is_read_and_says_itself(text, target):
    assert Target.parse(text) == target and Target.parse(str(target)) == target


@given(
    st.sampled_from(sorted(catalogue().outcomes)),
    st.floats(-1e9, 1e9).map(lambda value: float(f"{value:.9g}")),
    st.integers(1990, 2100),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_target_says_itself(outcome, value, year, above, by):
    target = Target(outcome, value, float(year), above, by)
    assert Target.parse(str(target)) == target


def test_a_target_is_met_in_a_year_or_at_some_time_by_it():
    time = np.arange(2020, 2030, 1.0)
    values = np.stack([np.linspace(10, 1, 10), np.full(10, 5.0), np.where(time == 2026, 0.0, 9.0), np.full(10, 9.0)]).T
    values[0] = 0  # before the policy
    assert Target("deaths_in_transit", 3, 2028).met(time, values, 2022).tolist() == [True, False, False, False]
    assert Target("deaths_in_transit", 3, 2028, by=True).met(time, values, 2022).tolist() == [True, False, True, False]
    assert Target("deaths_in_transit", 9, 2025, above=True).met(time, values, 2022).tolist() == [
        False,
        False,
        True,
        True,
    ]


def test_chances_of_a_target_are_shares_of_the_members(border):
    policy, value = border.with_policy("balanced"), 600.0
    found = paired(policy, border, 16, 1, keep=FEW, targets=[Target("deaths_in_transit", value, 2035)])
    (chance,) = found.chances
    for side, share in ((border, chance.baseline), (policy, chance.policy)):
        assert share == (run_ensemble(side, 16, 1).at("deaths_in_transit", 2035) <= value).mean()


@pytest.mark.parametrize(
    "text, told",
    [
        ("deaths", "is no target; allowed: OUTCOME[@ROUTE]<=VALUE in YEAR"),
        ("deaths_in_tranzit<=3@2035", 'did you mean "deaths_in_transit"?'),
        ("deaths_in_transit<=3@1066", "allowed: a year from 2024 to 2045"),
        ("deaths_in_transit@arizona<=3@2035", "has no routes"),
        ("smuggler_fee@arizonia<=3@2035", 'did you mean "arizona"?'),
        ("route_share<=3@2035", "allowed: route_share@ROUTE"),
        ("deaths_in_transit<=few in soon", 'the value "few" is no number'),
        ("deaths_in_transit<=nan in 2035", "is no number"),
    ],
)
def test_a_target_of_what_there_is_not_is_refused(border, text, told):
    with pytest.raises(ScenarioFaults) as fault:
        paired(border, border, 2, 1, targets=[text])
    assert told in str(fault.value)


def test_what_cannot_be_paired_is_refused(border, unfitted):
    with pytest.raises(ValueError, match="one corridor"):
        paired(border, unfitted, 2)
    with pytest.raises(ValueError, match="same years"):
        paired(border, border.with_changes(start=2030), 2)
    with pytest.raises(ValueError, match="one seed"):
        paired(Members(border, 1), Members(border, 2), 2)
    with pytest.raises(KeyError, match="did you mean 'deaths_in_transit'"):
        paired(border, border, 2, keep=["deaths_in_tranzit"])
    with pytest.raises(KeyError, match="is not kept"):
        paired(border, border, 2, keep=["smuggler_fee"], targets=["deaths_in_transit<=3@2035"])
