"""People keep their origin: a toy with origins against its closed form, in every form, and what a result says of it."""

from __future__ import annotations

import dataclasses
import io
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import auxiliary, flow, origin, route, stock
from pushpull.engine.language.graph import Model, ModelFault
from pushpull.engine.language.units import check_units
from pushpull.engine.language.words import total
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.proofs.conservation import body_faults, people_balance, people_total
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import Inputs, RunBroke, Task
from tests.engine.trials import a_card

START, STEPS_PER_YEAR, YEARS, TRAVEL_TIME = 2000.0, 192, 2, 0.25


@stock("person", over=origin, initial="people_at_start")
def village(leaving):
    """Those who live there."""
    return -total(leaving, over=route)


@flow("person/year", over=(origin, route))
def leaving(village, leaving_rate, way_share):
    """Some of those who live there leave each year, by each way."""
    return village * leaving_rate * way_share


@stock("person", over=(origin, route), initial="0 * people_at_start")
def on_the_way(leaving, travelling):
    """Those who have left and not arrived."""
    return leaving - travelling


@flow("person/year", over=(origin, route))
def travelling(on_the_way, travel_time):
    """Those who arrive."""
    return on_the_way / travel_time


@stock("person", over=origin, initial="0 * people_at_start")
def settled(travelling):
    """Those who have arrived, by where they came from."""
    return total(travelling, over=route)


@auxiliary("person")
def abroad(settled):
    """All who have arrived."""
    return total(settled, over=origin)


@auxiliary("1/year", over=route)
def traffic(leaving, village):
    """People who take a way, for each who is at home."""
    return total(leaving, over=origin) / total(village, over=origin)


@auxiliary("1", over=origin)
def away(settled, people_at_start):
    """The part of each village that has gone."""
    return settled / people_at_start


EQUATIONS = (village, leaving, on_the_way, travelling, settled, abroad, traffic, away)


def model_of(*equations) -> Model:
    chapter = types.ModuleType("chapter")
    for equation in equations:
        equation.__module__ = "chapter"
        setattr(chapter, equation.__name__, equation)
    cards = [
        dataclasses.replace(a_card("people_at_start", 1000.0, "person"), over="origin"),
        dataclasses.replace(a_card("leaving_rate", 1.0, "1/year"), over="origin"),
        dataclasses.replace(a_card("way_share", 0.5), over="route"),
        a_card("travel_time", TRAVEL_TIME, "year"),
    ]
    return Model.from_modules([chapter], cards, ())


MODEL = model_of(*EQUATIONS)
ENGINE = Integrator(MODEL, load_kernel(MODEL))


def task_of(people: list[float], rates: list[float], shares: list[float]) -> Task:
    """A run of villages that differ in their size and in how many leave."""
    origins, routes = (tuple(f"{word}{number}" for number in range(len(each)))
                       for word, each in (("village", people), ("way", shares)))  # fmt: skip
    numbers = {
        "people_at_start": np.array(people)[:, None, None],
        "leaving_rate": np.array(rates)[:, None, None],
        "way_share": np.array(shares),
        "travel_time": np.array(TRAVEL_TIME),
    }
    whole = (len(people), 2, len(shares))
    constants = np.stack([np.broadcast_to(numbers[name], whole).ravel() for name in ENGINE.layout.constants])
    steps, none = YEARS * STEPS_PER_YEAR, np.array([], dtype=np.int64)
    given = Inputs(np.zeros((steps, 3, 0)), np.zeros(steps, dtype=np.int8))
    cut = none.astype(np.uint8)
    return Task(routes, START, given, constants, none, cut, -1, STEPS_PER_YEAR, "dop853", origins=origins)


def result_of(task: Task, lanes: int = SINGLE) -> Result:
    block = SavedBlock(ENGINE.selection(tuple(MODEL.variables), task), task)
    ENGINE.runner(task, lanes).run([task], block)
    kept = {name: np.array(array) for name, array in block.items()}
    return Result(MODEL, ENGINE.layout, task.routes, task.times, 1, kept, {}, {}, origins=task.origins)


PEOPLE, RATES, SHARES = [1000.0, 300.0, 20.0], [1.0, 0.2, 3.0], [0.75, 0.25]


@pytest.mark.parametrize("lanes", [SINGLE, SIDE_BY_SIDE])
def test_each_origin_follows_its_own_closed_form(lanes):
    result, turnover = result_of(task_of(PEOPLE, RATES, SHARES), lanes), 1 / TRAVEL_TIME
    since = result.time - START
    for name, people, rate in zip(result.origins, PEOPLE, RATES, strict=True):
        home = people * np.exp(-rate * since)
        between = people * rate / (turnover - rate) * (np.exp(-rate * since) - np.exp(-turnover * since))
        assert np.allclose(result.total("village", origin=name)[0], home, rtol=1e-6, atol=1e-6)
        assert np.allclose(result.total("on_the_way", origin=name)[0], between, rtol=1e-4, atol=1e-4)
        north = result.total("on_the_way", route="way0", origin=name)[0]
        assert np.allclose(north, 0.75 * between, rtol=1e-4, atol=1e-4)
        assert np.allclose(result.total("settled", origin=name)[0], people - home - between, rtol=1e-4, atol=1e-3)


def test_both_forms_and_plain_python_agree():
    task = task_of(PEOPLE, RATES, SHARES)
    one, four = (result_of(task, lanes) for lanes in (SINGLE, SIDE_BY_SIDE))
    _, levels, values = ENGINE.run(task)
    plain_levels, plain_values, _ = ENGINE.march_plainly(task)
    assert np.allclose(levels, plain_levels, rtol=1e-12, atol=1e-12)
    assert np.allclose(values, plain_values, rtol=1e-12, atol=1e-12)
    for name in MODEL.variables:
        assert np.array_equal(one.array(name), four.array(name)), name
    assert np.array_equal(one.levels[0], levels) and np.array_equal(one.values[0], values)


@settings(max_examples=15, deadline=None)
@given(
    people=st.lists(st.floats(1, 1e6), min_size=1, max_size=4),
    ways=st.integers(1, 4),
    rate=st.floats(0.01, 2),
)
def test_nobody_is_lost_or_changes_origin(people, ways, rate):
    result = result_of(task_of(people, [rate] * len(people), [1 / ways] * ways))
    parts = [result.by_origin(name)[0] for name in ("village", "on_the_way", "settled")]
    assert np.allclose(sum(parts), people, rtol=1e-9)
    assert np.allclose(people_total(result)[0], sum(people), rtol=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.floats(1, 1e6), st.floats(0.01, 2), st.floats(0.05, 0.95))
def test_an_origin_in_two_parts_is_the_whole(people, rate, part):
    whole = result_of(task_of([people], [rate], SHARES))
    halves = result_of(task_of([part * people, (1 - part) * people], [rate, rate], SHARES))
    for name in ("village", "on_the_way", "settled", "abroad", "leaving"):
        assert np.allclose(whole.total(name), halves.total(name), rtol=1e-9, atol=1e-9), name
    assert np.allclose(whole.by_route("traffic"), halves.by_route("traffic"), rtol=1e-9, atol=1e-12)


def test_the_equations_keep_their_units_and_their_people():
    assert check_units(MODEL) == [] and body_faults(MODEL) == [] and people_balance(MODEL) == []


def test_origins_that_are_not_added_up_are_named():
    @stock("person", initial="0")
    def settled(travelling):
        """Those who have arrived."""
        return total(travelling, over=route)

    others = [equation for equation in EQUATIONS if equation.__name__ not in ("settled", "abroad", "away")]
    assert body_faults(model_of(*others, settled)) == ["settled: the flow travelling has origins: add them up"]

    @auxiliary("person")
    def abroad(settled):
        """All who have arrived."""
        return 2 * settled

    kept = [equation for equation in EQUATIONS if equation.__name__ != "abroad"]
    with pytest.raises(ModelFault, match=r"abroad: of which origin is settled\? Take a total"):
        load_kernel(model_of(*kept, abroad)).machine((2, 2, 1))

    @stock("person", initial="0")
    def all_gone(abroad_rate):
        """Added up over an index that the flow has not."""
        return total(abroad_rate, over=origin)

    @flow("person/year")
    def abroad_rate(travelling):
        """All who arrive."""
        return total(total(travelling, over=origin), over=route)

    faults = body_faults(model_of(*EQUATIONS, abroad_rate, all_gone))
    assert faults == ["all_gone: abroad_rate does not vary over origin, so it cannot be added up over it"]


def test_a_result_tells_of_each_origin():
    result = result_of(task_of(PEOPLE, RATES, SHARES))
    assert result.array("on_the_way").shape == (1, len(result.time), 3, 1, 2)
    assert result.array("traffic").shape == (1, len(result.time), 1, 2)
    assert result.dataset["on_the_way"].dims == ("time", "origin", "route")
    assert list(result.dataset["origin"].values) == ["village0", "village1", "village2"]
    lines = {(name, way) for name, way, _, _ in result.series(["on_the_way", "away", "abroad"])}
    assert {("on_the_way", "way1"), ("on_the_way[village2]", ""), ("away[village0]", ""), ("abroad", "")} <= lines
    assert len([name for name, _ in lines if name.startswith("abroad")]) == 1
    text = io.StringIO("".join(result.csv(["village", "on_the_way"])))
    assert sum(1 for _ in text) == 1 + (1 + 3 + 1 + 3 + 2) * len(result.time)
    with pytest.raises(KeyError, match="'abroad' has no origin 'village0'"):
        result.total("abroad", origin="village0")
    with pytest.raises(KeyError, match="has no origin 'nowhere'"):
        result.total("village", origin="nowhere")
    averaged = result.total("away")[0, -1]
    assert averaged == pytest.approx(result.by_origin("away")[0, -1].mean())


def test_one_origin_is_not_seen_in_what_is_saved():
    result = result_of(task_of([500.0], [0.5], SHARES))
    assert "origin" not in result.dataset.coords and result.dataset["village"].dims == ("time",)
    assert {name for name, _, _, _ in result.series(["village", "on_the_way"])} == {"village", "on_the_way"}


def test_a_break_names_the_origin():
    with pytest.raises(RunBroke, match=r"^leaving\[village1, way0\] became inf in 2000.00"):
        ENGINE.simulate(task_of([1000.0, 500.0], [1.0, 1e308], SHARES))
    with pytest.raises(RunBroke, match=r"^on_the_way\[village0, way0\] cannot be negative and fell") as fault:
        ENGINE.simulate(task_of([1000.0, 500.0], [2.0, 1.0], [-0.5, 1000.0]))
    assert "leaving =" in str(fault.value)


def test_means_are_weighted_with_the_traffic_of_each_origin_and_route():
    """Two origins on two ways: nine tenths of each go one way, and not the same."""

    @auxiliary("person/year", over=(origin, route))
    def traffic(leaving):
        """People on their way."""
        return leaving

    @auxiliary("1", over=(origin, route))
    def rate(leaving, village):
        """A chance on each way."""
        return leaving / village

    model = model_of(*[each for each in EQUATIONS if each.__name__ != "traffic"], traffic, rate)
    kept = {
        "traffic": np.array([[90.0, 10.0], [10.0, 90.0]])[None, None, :, None, :],
        "rate": np.array([[1.0, 0.0], [0.0, 0.0]])[None, None, :, None, :],
    }
    result = Result(model, ENGINE.layout, ("n", "s"), np.array([2000.0]), 1, kept, {}, {}, origins=("a", "b"))
    assert result.total("rate")[0, 0] == pytest.approx(0.45)
    assert result.total("rate", origin="a")[0, 0] == pytest.approx(0.9)
    assert result.total("rate", route="n")[0, 0] == pytest.approx(0.9)
    assert result.total("rate", route="n", origin="a")[0, 0] == 1.0
    assert result.by_route("rate")[0, 0].tolist() == pytest.approx([0.9, 0.0])
    assert result.by_origin("rate")[0, 0].tolist() == pytest.approx([0.9, 0.0])
    assert result.total("traffic")[0, 0] == 200 and result.by_route("traffic")[0, 0].tolist() == [100, 100]
    assert result.across_origins("rate").shape == (1, 1, 1, 2)


def test_what_does_not_vary_over_an_index_cannot_be_added_up_over_it():
    @auxiliary("person")
    def abroad(travel_time, settled):
        """All who have arrived, and something that no origin tells apart."""
        return total(travel_time, over=origin) * total(settled, over=origin)

    kept = [equation for equation in EQUATIONS if equation.__name__ != "abroad"]
    with pytest.raises(ModelFault, match="abroad: 'travel_time' does not vary over origin"):
        load_kernel(model_of(*kept, abroad)).machine((2, 2, 1))
