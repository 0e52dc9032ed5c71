"""Whatever the levers, nothing stops being finite and nobody goes missing."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Result, Scenario, run
from pushpull.catalogue import catalogue
from pushpull.engine.proofs.conservation import people_stocks
from tests.engine.trials import CORRIDORS, baseline

LEVERS = catalogue().levers
COMBINATIONS, MORE = 50, 150  # in every run of the tests, and in make audit
FEWEST = -1e-6


def assert_possible(result: Result, said: str) -> None:
    assert np.isfinite(result.levels).all(), f"{said}: a level is not finite"
    known = [name for name in result.model.variables if name not in result.layout.stocks]
    for name in known if not np.isfinite(result.values).all() else ():
        assert np.isfinite(result.array(name)).all(), f"{said}: {name} is not finite"
    for name in people_stocks(result.model):
        fewest = result.array(name).min()
        assert fewest >= FEWEST, f"{said}: {name} falls to {fewest:.3g}"


def run_with(scenario: Scenario, policies: dict[str, float]) -> Result:
    return run(scenario.with_changes(policies=policies))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_lever_at_either_end_of_its_range(corridor):
    for name, card in LEVERS.items():
        for value in card.range:
            assert_possible(run_with(baseline(corridor), {name: value}), f"{name} = {value}")


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
def test_all_levers_at_one_end_together(corridor, end):
    policies = {name: card.range[end] for name, card in LEVERS.items()}
    assert_possible(run_with(baseline(corridor), policies), "all levers")


@pytest.mark.parametrize("count", [COMBINATIONS, pytest.param(MORE, marks=pytest.mark.audit)])
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_random_combinations_of_all_levers(corridor, count):
    generator = np.random.default_rng(500)
    low, high = (np.array([card.range[end] for card in LEVERS.values()]) for end in (0, 1))
    for number in range(count):
        share = (
            generator.choice([0.0, 1.0, generator.random()], len(LEVERS))
            if number % 2
            else generator.random(len(LEVERS))
        )
        policies = dict(zip(LEVERS, (low + (high - low) * share).clip(low, high).tolist(), strict=True))
        assert_possible(run_with(baseline(corridor), policies), f"combination {number}")
