"""Runs side by side give the bits of runs alone, however members are grouped and on however many threads."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull import Scenario, ensemble, run, run_ensemble
from pushpull.engine.codegen.layout import SINGLE
from pushpull.engine.runs import task as inputs_of_tasks
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Broke, RunBroke
from pushpull.ensemble import Draws
from pushpull.preparation import EVERYTHING, integrator, result_of, task_of
from pushpull.simulation import run_each
from tests.engine.trials import CORRIDORS, baseline

MEMBERS = 7
NAMES = ("smuggler_fee", "people_in_transit", "public_cost", "traffic")


def rivals() -> dict[str, str]:
    """Of every setting the formula that is not the default."""
    return {setting: names[-1] for setting, names in integrator().model.formulas.items()}


SCENARIOS = {
    "as_it_is": lambda corridor: Scenario.load(corridor).with_policy("balanced"),
    # Cases that lapse from a cut court queue stay those of the policy start: of few charges more would lapse than are.
    "loops_cut": lambda corridor: baseline(corridor).with_changes(
        loops_off=[loop for loop in integrator().layout.loops if loop != "court_queue"]
    ),
    "rival_formulas": lambda corridor: baseline(corridor).with_changes(formulas=rivals()),
    "euler": lambda corridor: baseline(corridor).with_changes(method="euler"),
}


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_an_ensemble_is_its_members_run_one_by_one(corridor, name):
    scenario = SCENARIOS[name](corridor).with_changes(context={"departure_shocks": 1})
    task, constants = task_of(scenario), Draws.of(scenario, MEMBERS, 5).constants(0, MEMBERS)
    together = run_ensemble(scenario, MEMBERS, 5, keep=EVERYTHING)
    engine = integrator()
    for member, own in enumerate(constants):
        _, levels, values = engine.run(dataclasses.replace(task, constants=own))
        alone = result_of(scenario, task, levels, values)
        for name in together.variables:
            assert np.array_equal(alone.array(name)[0], together.array(name)[member]), name


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("group", [1, 3, 4, 16])
def test_neither_groups_nor_threads_change_a_bit(monkeypatch, threads, group):
    scenario = Scenario.load("g8_2001")
    usual = run_ensemble(scenario, 10, 3, keep=NAMES)
    monkeypatch.setattr(ensemble, "processors", lambda: threads)
    monkeypatch.setattr(ensemble, "MEMBERS_AT_A_TIME", group)
    other = run_ensemble(scenario, 10, 3, keep=NAMES)
    assert all(usual.kept[name].tobytes() == other.kept[name].tobytes() for name in usual.kept)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_run_that_keeps_little_keeps_the_same(corridor):
    scenario = Scenario.load(corridor).with_policy("balanced")
    whole, little = run(scenario), run(scenario, keep=NAMES)
    assert little.members == 1 and set(NAMES) <= set(little.variables)
    for name in little.variables:
        assert np.array_equal(whole.array(name), little.array(name)), name
    assert "asylum_cases_pending" in run(scenario, keep=None)


def test_a_broken_run_that_keeps_little_tells_where(monkeypatch):
    scenario = Scenario.load("g8_2001")
    broken = scenario.resolve_parameters(integrator().layout.constants)
    broken[integrator().layout.constants.index("hiring_time")] = 0.0
    monkeypatch.setattr(Scenario, "resolve_parameters", lambda *_: broken)
    with pytest.raises(RunBroke, match="patrol_hiring"):
        run(scenario, keep=NAMES)


def test_a_broken_member_leaves_the_others_as_they_are():
    scenario = Scenario.load("g8_2001")
    engine, task = integrator(), task_of(scenario)
    constants = Draws.of(scenario, 4, 1).constants(0, 4)
    whole, holed = (SavedBlock(engine.selection(NAMES, task), task, members=4) for _ in range(2))
    engine.runner(task).run_members(task, constants, whole)
    constants[2, engine.layout.constants.index("hiring_time")] = 0.0
    with pytest.raises(Broke) as fault:
        engine.runner(task).run_members(task, constants, holed)
    assert fault.value.members == (2,)
    for name in NAMES:
        assert np.array_equal(whole[name][[0, 1, 3]], holed[name][[0, 1, 3]]), name


def test_scenarios_run_side_by_side_are_those_run_one_by_one():
    """Of several corridors, kinds and horizons among each other; each with a result of its own."""
    several = [
        scenario.with_changes(policies={"border_control": level})
        for level in (1, 2)
        for corridor in CORRIDORS
        for scenario in (baseline(corridor), baseline(corridor).with_changes(end=2035))
    ]
    several += [several[0].with_changes(method="euler"), several[0].with_changes(loops_off=["fee"]), several[0]]
    for scenario, result in zip(several, run_each(several), strict=True):
        alone = run(scenario)
        assert result.provenance == alone.provenance and np.array_equal(result.time, alone.time)
        assert result.variables == alone.variables
        assert all(result.array(name).tobytes() == alone.array(name).tobytes() for name in alone.variables)


def test_of_scenarios_run_side_by_side_one_that_breaks_tells_where(monkeypatch):
    scenarios = [Scenario.load("g8_2001").with_changes(policies={"border_control": level}) for level in (1, 2, 3)]
    sound = Scenario.resolve_parameters

    def broken(scenario, names):
        values = sound(scenario, names)
        if scenario == scenarios[1]:
            values[names.index("hiring_time")] = 0.0
        return values

    monkeypatch.setattr(Scenario, "resolve_parameters", broken)
    with pytest.raises(RunBroke, match="patrol_hiring"):
        run_each(scenarios, NAMES)


def test_states_evaluated_between_runs_change_no_bit_and_are_those_of_a_runner_of_their_own():
    engine = integrator()
    tasks = [task_of(baseline("g8_2001").with_changes(policies={"border_control": level})) for level in (1, 2)]
    runner = engine.runner(tasks[0], SINGLE)

    def evaluated(by, task, step):
        levels, off = engine.initial_levels(task) * (1 + step), np.zeros(len(task.cut))
        return by.evaluate(task, levels, task.inputs[step, 0], np.zeros((len(off), levels.shape[1])), off)

    def saved(by, task):
        block = SavedBlock(engine.selection(NAMES, task), task)
        by.run([task], block)
        return block.numbers

    for task in (tasks[0], tasks[1], tasks[0]):
        for step in (0, 1500, 2000):
            found, own = evaluated(runner, task, step), evaluated(engine.runner(task, SINGLE), task, step)
            assert all(one.tobytes() == other.tobytes() for one, other in zip(found, own, strict=True))
        assert saved(runner, task).tobytes() == saved(engine.runner(task, SINGLE), task).tobytes()
        assert evaluated(runner, task, 9)[0].tobytes() == evaluated(engine.runner(task, SINGLE), task, 9)[0].tobytes()


class Forgetful:
    """What another thread empties as soon as something is put there."""

    def get(self, key):
        return None

    def put(self, key, value):
        return value


def test_the_ends_of_moves_are_found_even_if_another_thread_forgets_them_at_once(monkeypatch):
    task = task_of(Scenario.load("g8_2001").with_policy("balanced"))
    known = task.given.ends(task.bounds)
    monkeypatch.setattr(inputs_of_tasks, "SHARED_ENDS", Forgetful())
    assert np.array_equal(task.given.ends(task.bounds), known)
