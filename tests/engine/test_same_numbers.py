"""The same question gives the same numbers, bit for bit, and no change makes no difference."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pushpull import Result, Scenario, run
from pushpull.catalogue import catalogue
from tests.engine.trials import CORRIDORS, baseline, random_policies

DIGEST_OF_RUN = """
import hashlib
from pushpull import Scenario, run
result = run(Scenario.load({corridor!r}).with_policy("balanced"))
print(hashlib.sha256(result.levels.tobytes() + result.values.tobytes()).hexdigest())
"""


def digest(result: Result) -> str:
    return hashlib.sha256(result.levels.tobytes() + result.values.tobytes()).hexdigest()


def assert_no_difference(one: Result, other: Result) -> None:
    for name in one.variables:
        assert np.array_equal(one.array(name), other.array(name)), name
    for name in (*catalogue().levers, *catalogue().context):
        assert np.array_equal(one.array(name), other.array(name)), name


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_scenario_without_change_is_its_baseline(corridor):
    scenario = Scenario.load(corridor)
    assert_no_difference(run(scenario), run(scenario.baseline()))
    assert_no_difference(run(scenario.with_policy({})), run(scenario.baseline()))


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("lever", catalogue().levers)
def test_a_lever_set_to_what_it_is_today_makes_no_difference(corridor, lever):
    scenario = baseline(corridor)
    ordered = scenario.with_changes(policies={lever: scenario.today(lever)})
    assert_no_difference(run(ordered), run(scenario))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_loops_are_all_on_unless_switched_off(corridor):
    assert_no_difference(run(baseline(corridor).with_changes(loops_off=[])), run(baseline(corridor)))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_nothing_changes_before_the_policy_start(corridor):
    generator = np.random.default_rng(3)
    scenario = baseline(corridor)
    changed, unchanged = (
        run(scenario.with_changes(policies=random_policies(scenario, generator))),
        run(scenario),
    )
    before = unchanged.time < scenario.policy_start
    assert np.array_equal(changed.values[:, before], unchanged.values[:, before])
    assert not np.array_equal(changed.values, unchanged.values)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_runs_side_by_side_equal_runs_one_by_one(corridor):
    generator = np.random.default_rng(4)
    scenarios = [
        baseline(corridor).with_changes(policies=random_policies(baseline(corridor), generator)) for _ in range(12)
    ]
    alone = [digest(run(scenario)) for scenario in scenarios]
    with ThreadPoolExecutor(4) as pool:
        assert [digest(result) for result in pool.map(run, scenarios)] == alone


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_another_process_gives_the_same_bits(corridor):
    here = digest(run(Scenario.load(corridor).with_policy("balanced")))
    command = [sys.executable, "-c", DIGEST_OF_RUN.format(corridor=corridor)]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert here == there
