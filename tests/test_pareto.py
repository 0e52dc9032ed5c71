"""Pareto fronts: no package of one is dominated, and a search finds more than luck with ten times the runs."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario
from pushpull.analysis.lever_space import LeverSpace
from pushpull.analysis.pareto_front import FrontRuns, hypervolume, pareto, search, undominated
from pushpull.plotting import front_page
from pushpull.plotting.front_page import HARMFUL, linked_source
from pushpull.plotting.plot_words import PlotWords

G8 = "g8_2001"
LEVERS = ("rescue_capacity", "border_control", "legal_labour_slots", "asylum_access")
OUTCOMES = ("deaths_in_transit", "public_cost")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Searches begin anew, whatever a cache holds."""
    monkeypatch.setattr("pushpull.analysis.kept_points.read_entry", lambda name: None)
    monkeypatch.setattr("pushpull.analysis.kept_points.write_entry", lambda name, content: "")


@given(st.lists(st.tuples(*[st.integers(0, 4).map(float)] * 3), min_size=1, max_size=15))
@settings(max_examples=60, deadline=None)
def test_the_front_is_what_no_other_package_dominates(rows):
    def dominates(other, own):
        return all(a <= b for a, b in zip(other, own, strict=True)) and other != own

    expected = [place for place, own in enumerate(rows) if not any(dominates(other, own) for other in rows)]
    assert undominated(np.array(rows)).tolist() == expected


def two_losses(points):
    """Losses of four levers that pull against each other; the other levers only cost."""
    first, second, third, fourth = points.T
    harm = 1 - 0.7 * np.sqrt(first) + 0.3 * (second - 0.3) ** 2 + 0.2 * third
    cost = first + 0.3 * second + 0.4 * (fourth - 0.6) ** 2 + 0.2 * third
    return np.stack([harm, cost], axis=1)


def volumes(losses, ends, seed):
    """The hypervolumes of a search of 1,000 packages and of 10,000 random ones, from the worst of both."""
    asked = []

    def kept(points):
        asked.append(losses(points))
        return asked[-1]

    search(kept, 2, ends, 1000, seed)
    found = np.concatenate(asked)
    low, high = ends
    random = losses(low + (high - low) * np.random.default_rng(seed).random((10_000, len(low))))
    reference = np.maximum(found.max(axis=0), random.max(axis=0))
    assert len(found) == 1000
    return [hypervolume(each, reference) for each in (found, random)]


def test_a_search_finds_at_least_what_ten_times_as_many_random_packages_do():
    found, random = volumes(two_losses, (np.zeros(4), np.ones(4)), 1)
    assert found >= random


@pytest.mark.audit
def test_on_the_model_too_it_does():
    scenario = Scenario.load(G8).baseline().with_changes(members=1)
    space = LeverSpace.of(scenario, LEVERS)
    runs = FrontRuns(space, OUTCOMES, 1, 1, None)
    found, random = volumes(lambda points: np.array([runs.row(each)[:2] for each in points]), space.ends, 1)
    assert found >= random


@pytest.fixture(scope="module")
def front():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pushpull.analysis.kept_points.read_entry", lambda name: None)
        patch.setattr("pushpull.analysis.kept_points.write_entry", lambda name, content: "")
        return pareto(Scenario.load(G8).baseline(), OUTCOMES, LEVERS, packages=50, members=2, seed=1)


def test_every_package_of_a_front_is_what_its_scenario_comes_to(front):
    assert front.tried == 50 and len(front.positions) > 1
    assert (np.diff(front.values[:, 0]) > 0).all() and (np.diff(front.values[:, 1]) < 0).all()
    for number in (1, len(front.positions)):
        scenario = front.scenario(number, "Named")
        again = FrontRuns(LeverSpace.of(scenario, LEVERS), OUTCOMES, 2, 1, None)
        assert again.row(again.space.start)[:2] == pytest.approx(front.values[number - 1], rel=1e-9)
        assert scenario.title == "Named"
    with pytest.raises(ValueError, match="1 to"):
        front.scenario(0)


def test_the_same_seed_gives_the_same_front_and_one_that_was_stopped_goes_on(monkeypatch, front):
    kept = {}
    monkeypatch.setattr("pushpull.analysis.kept_points.read_entry", kept.get)
    monkeypatch.setattr("pushpull.analysis.kept_points.write_entry", kept.__setitem__)

    def stop_at_thirty(done, whole):
        if done == 30:
            raise KeyboardInterrupt

    arguments = (Scenario.load(G8).baseline(), OUTCOMES, LEVERS, 50, 2, 1)
    with pytest.raises(KeyboardInterrupt):
        pareto(*arguments, progress=stop_at_thirty)
    before = len(FrontRuns(front.space, OUTCOMES, 2, 1, None).known)
    again = pareto(*arguments)
    assert before == 30 and again.positions.tolist() == front.positions.tolist() and again.tried == front.tried


@pytest.mark.parametrize("language, words", [("en", "Pareto front: "), ("fr", "Front de Pareto\u00a0: ")])
def test_the_page_of_a_front_links_all_its_pictures_and_asks_nothing_of_the_internet(front, tmp_path, language, words):
    path = front_page(front, tmp_path / "front.html", language=language)
    page = path.read_text("utf-8")
    assert words in html.unescape(page) and not re.search(r"<(script|link)[^>]+(src|href)=", page)
    drawn = linked_source(front, PlotWords(language))
    assert len(drawn.data["package"]) == len(front.positions)
    assert drawn.data["outcome_1"] == pytest.approx(front.values[:, 1])
    best = np.argmin(front.values, axis=0)  # both are better where they are lower: its line is at the top of that axis
    assert [drawn.data["height"][number][place] for place, number in enumerate(best)] == [1, 1]
    assert np.min(drawn.data["height"]) >= 0 and np.max(drawn.data["height"]) <= 1
    marked = [mark == HARMFUL for mark in drawn.data["mark"]]
    assert marked == [bool(harms) for harms in front.harms]
    assert all(
        (said != "\u2013") == bool(harms or may)
        for said, harms, may in zip(drawn.data["harm"], front.harms, front.may_harm, strict=True)
    )


def test_the_command_writes_the_front_and_one_of_its_packages(pushpull, tmp_path, monkeypatch, front):
    monkeypatch.chdir(tmp_path)
    arguments = ("pareto", *OUTCOMES, "--levers", ",".join(LEVERS), "--corridor", G8, "--packages", 50)
    arguments += ("--simulations", 2, "--seed", 1)
    assert pushpull(*arguments, "--output", "front.html")[0] == 0 and (tmp_path / "front.html").stat().st_size > 1e6
    code, out, _ = pushpull(*arguments, "--output", "front.csv", "--save", "mine", "--package", 2)
    assert code == 0 and f"{len(front.positions)} of which no other" in out and "no new measures" in out
    assert len((tmp_path / "front.csv").read_text().splitlines()) == 1 + len(front.positions)
    assert Scenario.load(tmp_path / "mine.yaml").digest == front.scenario(2).digest


def test_harm_is_marked_on_packages_that_are_best_by_cost(pushpull, front):
    marked = front.table[front.table["raises"] != ""]
    names = {name for harms in front.harms for name in harms}
    assert len(marked) == sum(bool(harms) for harms in front.harms) and names <= {
        *("protection_gap", "deaths_in_transit", "people_exploited")
    }
    dearest, cheapest = front.positions[0], front.positions[-1]
    assert front.values[-1, 1] < front.baseline[1] and dearest.tolist() != cheapest.tolist()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["deaths_in_transit", "--levers", "border_control"], "two outcomes or more"),
        (["deaths_in_transit", "irregular_residents", "--levers", "border_control"], "neither way is better"),
        (["deaths_in_transit", "public_cost", "--levers", "border_contrl"], 'did you mean "border_control"?'),
        (["deaths_in_transit", "public_cost", "--levers", "border_control", "--save", "x"], "--package K"),
    ],
)
def test_a_front_of_what_there_is_not_is_one_line(pushpull, arguments, words):
    code, out, err = pushpull("pareto", *arguments, "--corridor", G8)
    assert (code, out) == (2, "") and words in err and len(err.splitlines()) == 1
