"""Goal seek: what it finds a grid confirms, what it cannot reach it says, and harm beside targets met is named."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.analysis import goal_seek
from pushpull.analysis.goal_seek import PackageRuns, excess_of, missing, seek
from pushpull.analysis.least_change import least_change
from pushpull.analysis.lever_space import LeverSpace
from pushpull.analysis.targets import Target
from pushpull.files.faults import ScenarioFaults

G8 = "g8_2001"
LEVERS = ("rescue_capacity", "border_control", "legal_labour_slots", "smuggling_investigation")
GOAL = ("deaths_in_transit<=1500 in 2035", "public_cost<=7bn in 2035")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Searches begin anew, whatever a cache holds."""
    monkeypatch.setattr("pushpull.analysis.kept_points.read_entry", lambda name: None)
    monkeypatch.setattr("pushpull.analysis.kept_points.write_entry", lambda name, content: "")


def baseline():
    return Scenario.load(G8).baseline()


# The search by itself --------------------------------------------------------------------------------------------


def curved(point):
    """A shortfall with a lever that helps at first and then harms, and one that helps only with another."""
    first, second, third, last = point
    return 0.5 - 0.6 * (first - 0.2) - 0.3 * third**0.5 * (1 - third) - 0.8 * max(second - 0.5, 0) * first + 0.1 * last


def test_the_least_change_is_that_of_a_grid_or_less():
    start, grid = np.array([0.2, 0.5, 0.0, 0.4]), np.linspace(0, 1, 21)
    found = least_change(curved, start, 0)
    points = np.array([*itertools.product(grid, grid, grid, [*grid])])
    changes = np.abs(points - start).sum(axis=1)
    met = np.array([curved(point) <= 0 for point in points])
    own, step = np.abs(found.position - start).sum(), grid[1]
    assert found.is_attained and curved(found.position) <= 0
    assert changes[met].min() - step <= own <= changes[met].min() + step


def test_what_cannot_be_reached_ends_at_the_least_shortfall():
    start = np.array([0.2, 0.5, 0.0, 0.4])
    found = least_change(lambda point: curved(point) + 1, start, 1, rounds=6)
    grid = np.linspace(0, 1, 11)
    least = min(curved(point) + 1 for point in itertools.product(grid, repeat=4))
    assert not found.is_attained and found.shortfall <= least + 0.02 and found.least <= found.shortfall


def test_nothing_is_moved_where_nothing_is_missing_and_limits_hold():
    start = np.array([0.5, 0.5])
    assert least_change(lambda point: -1.0, start, 1).position.tolist() == [0.5, 0.5]
    seen = []
    least_change(lambda point: seen.append(point) or 1.0, start, 1, 4, np.array([0.4, 0]), np.array([0.6, 0.5]))
    assert np.all(np.array(seen) >= [0.4, 0]) and np.all(np.array(seen) <= [0.6, 0.5])


def test_what_is_missing_is_looked_at_in_the_share_that_is_asked_for():
    excess = np.array([[-1.0, -1, -1, 0.5, 2], [-1, 0.1, -1, -1, -1]])
    assert [missing(excess, share) for share in (0.4, 0.6, 0.8, 1)] == [-1, 0.1, 0.5, 2]
    time, values = np.arange(2025, 2036.0), np.linspace(100, 0, 11)[:, None]
    for target, away in (
        (Target("deaths_in_transit", 50, 2030), 0.0),
        (Target("deaths_in_transit", 50, 2026), 0.8),
        (Target("deaths_in_transit", 80, 2030, above=True), 0.375),
        (Target("deaths_in_transit", 80, 2030, above=True, by=True), -0.25),
    ):
        assert excess_of(target, time, values, 2025) == pytest.approx([away])
        assert (excess_of(target, time, values, 2025) <= 0).tolist() == target.met(time, values, 2025).tolist()


# Levers as positions ---------------------------------------------------------------------------------------------


def test_today_is_where_it_starts_and_an_end_is_an_end():
    space = LeverSpace.of(baseline(), LEVERS)
    assert space.at(space.start).policies == {} and space.change(space.start) == 0
    ends = space.at(np.ones(len(LEVERS)))
    cards = ends.catalogue.levers
    for name in LEVERS:
        value = ends.value_at(name, 2035)
        assert {*(value.values() if isinstance(value, dict) else [value])} == {cards[name].high}


def test_what_differs_today_goes_on_differing_on_the_way():
    scenario = baseline()
    routes = list(scenario.routes)
    unequal = scenario.with_changes(policies={"border_control": {routes[0]: 2.0}})
    today = {key: each for key, each in zip(routes, (2.0, *[1.0] * (len(routes) - 1)), strict=True)}
    axis = LeverSpace.of(scenario, ["border_control"]).axes[0]
    axis = type(axis)(axis.name, None, axis.low, axis.high, axis.unit, today)
    halfway = axis.values((axis.start + 1) / 2)
    assert halfway == {key: pytest.approx((value + axis.high) / 2) for key, value in today.items()}
    assert axis.values(axis.start) == today and unequal.value_at("border_control", 2040)[routes[0]] == 2.0
    one = LeverSpace.of(scenario, [f"border_control@{routes[0]}"])
    moved = one.at(np.array([1.0])).value_at("border_control", 2040)
    assert (
        moved[routes[0]] == one.axes[0].high
        and moved[routes[1]] == scenario.value_at("border_control", 2040)[routes[1]]
    )


@pytest.mark.parametrize(
    "levers, words",
    [
        (["border_contrl"], 'did you mean "border_control"?'),
        (["court_capacity@north"], "one value"),
        (["border_control@norht"], "border_control has no"),
        (["border_control", "border_control"], "stands twice"),
        (["border_control=2:1"], "lies elsewhere"),
        (["border_control=much"], "no two numbers"),
    ],
)
def test_levers_that_cannot_be_are_refused_with_what_is_allowed(levers, words):
    with pytest.raises(ScenarioFaults, match=words.replace("?", r"\?")):
        LeverSpace.of(baseline(), levers)


# On the model ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sought():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pushpull.analysis.kept_points.read_entry", lambda name: None)
        patch.setattr("pushpull.analysis.kept_points.write_entry", lambda name, content: "")
        return seek(baseline(), GOAL, LEVERS, members=8, seed=1)


def confirmed_by_grid(found, levels):
    """The change of the least package of a grid that meets the targets, and the width of a step."""
    packages = PackageRuns(found.space, tuple(map(Target.parse, found.names)), found.members, found.seed)
    grid = np.linspace(0, 1, levels)
    axes = [np.append(grid, start) for start in found.space.start]
    points = sorted(itertools.product(*axes), key=lambda point: found.space.change(np.array(point)))
    for point in map(np.array, points):
        if missing(packages.excess(point), found.share) <= 0:
            return found.space.change(point), grid[1]
    return np.inf, grid[1]


def test_a_grid_of_four_levers_finds_nothing_less(sought):
    """The grid is walked from the smallest change on, so that it ends where the first package meets the targets."""
    assert sought.is_attained and sought.all_met >= sought.share > sought.all_before
    least, step = confirmed_by_grid(sought, 9)
    assert sought.change <= least + step / 2
    assert least <= sought.change + step * max(len(sought.moves), 1)


@pytest.mark.audit
@pytest.mark.parametrize("goal", [GOAL, ("smuggled_migrants<=150000 in 2035",), ("people_exploited<=200000 in 2035",)])
def test_a_fine_grid_of_four_levers_confirms_it(goal):
    found = seek(baseline(), goal, LEVERS, members=10, seed=2)
    least, step = confirmed_by_grid(found, 13)
    assert found.is_attained and abs(found.change - least) <= step * max(len(found.moves), 1)


def test_the_answer_is_a_scenario_that_does_what_it_says(sought, tmp_path):
    again = Scenario.load(sought.scenario.save(tmp_path / "answer.yaml"))
    assert again.digest == sought.scenario.digest and "What would it take" in again.question
    result = run(again, members=8, seed=1)
    met = (result.at("deaths_in_transit", 2035) <= 1500) & (result.at("public_cost", 2035) <= 7e9)
    assert met.mean() == sought.all_met
    assert {move.label for move in sought.moves} == {*again.policies}


def test_the_same_seed_gives_the_same_answer_and_a_search_that_was_stopped_goes_on(monkeypatch, sought):
    kept = {}
    monkeypatch.setattr("pushpull.analysis.kept_points.read_entry", kept.get)
    monkeypatch.setattr("pushpull.analysis.kept_points.write_entry", kept.__setitem__)

    def stop_after_some(done, whole):
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seek(baseline(), GOAL, LEVERS, members=8, seed=1, progress=stop_after_some)
    again = seek(baseline(), GOAL, LEVERS, members=8, seed=1)
    assert again.position.tolist() == sought.position.tolist() and again.tried == sought.tried
    assert again.runs <= sought.runs - 29 * 8


def test_a_target_that_nothing_meets_is_named(pushpull):
    goal = ("deaths_in_transit<=1 in 2028", "public_cost<=20bn in 2035")
    found = seek(baseline(), goal, LEVERS[:1], members=4, seed=1)
    assert not found.is_attained and found.forbidding == ("deaths_in_transit<=1 in 2028",)
    assert found.least[0] > 0 >= found.least[1]


def test_harm_that_gets_worse_is_said_beside_targets_that_are_met(pushpull, tmp_path, monkeypatch):
    """Fewer claims heard cost less, and deny protection."""
    monkeypatch.chdir(tmp_path)
    goal = ("asylum_cases_pending<=50000 in 2035",)
    arguments = ("seek", *goal, "--levers", "asylum_access", "--corridor", G8, "--simulations", 6)
    code, out, err = pushpull(*arguments, "--save", "less")
    assert code == 0 and "HARM TO PEOPLE GETS WORSE: protection wrongly denied" in out
    assert "less.yaml" in err and Scenario.load(tmp_path / "less.yaml").policies
    content = json.loads(pushpull(*arguments, "--json")[1])
    assert content["harms_worse"][0] == "protection_gap" and "no success" in content["answer"]
    code, out, _ = pushpull(*arguments, "--protect", "--json")
    content = json.loads(out)
    assert code == 1 and not content["attained"]


def test_levers_that_help_most_are_chosen_where_none_are_named(monkeypatch):
    monkeypatch.setattr(goal_seek, "CHOSEN", 2)
    goal = (Target.parse(GOAL[0]),)
    names, _ = goal_seek.helpful_levers(baseline(), goal, 0.8, 2)
    space = LeverSpace.of(baseline(), baseline().catalogue.levers)
    packages = PackageRuns(space, goal, 2, 1)
    alone = {}
    for place, axis in enumerate(space.axes):
        ends = [np.where(np.arange(len(space.axes)) == place, end, space.start) for end in (0.0, 1.0)]
        alone[axis.name] = min(missing(packages.excess(end), 0.8) for end in ends)
    assert [alone[name] for name in names] == sorted(alone.values())[:2]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["deaths_in_transit<=500", "--levers", "border_contrl"], 'did you mean "border_control"?'),
        (["death_in_transit<=500"], 'did you mean "deaths_in_transit"?'),
        (["deaths_in_transit<=1,000"], "did you mean 1000 or 1?"),
        (["deaths_in_transit"], "is no target"),
        (["deaths_in_transit<=500", "--share", "80"], "--share: 80 is no share"),
        (["deaths_in_transit<=500", "--save", "no/where"], "there is no folder"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(pushpull, arguments, words):
    code, out, err = pushpull("seek", *arguments, "--corridor", G8, "--simulations", 2)
    assert (code, out) == (2, "") and words in err and len(err.splitlines()) == 1
