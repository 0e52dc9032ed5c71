"""Every corner that could be asked for: no run breaks or shows less than nobody, or it is refused with the reason."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest

from pushpull.preparation import task_of
from tests.corners import (
    SETTINGS,
    STRONGEST,
    all_corners,
    fates,
    random_settings,
    scenario_with,
    strongest,
    tasks_with,
    with_random_parameters,
)
from tests.engine.trials import CORRIDORS

ENDS = (2045, 2100)
RANDOM = 500
SHARE_REFUSED = 0.25  # of corners of all parameters: turnovers of millions a year, which no step can follow


def told(what: str, tasks, begun: float, found, halvings) -> None:
    refused = Counter(fate.refused.partition("[")[0].split(" ")[0] for fate in found if fate.refused)
    shortened = int((halvings.moves > 0).sum())
    deepest = f"to 1/{2 ** halvings.depth.max()}, {halvings.coarse.sum()} left coarse"
    print(
        f"\n{what}: {len(tasks)} runs in {time.perf_counter() - begun:.1f} s; shortened {shortened}, {deepest}; "
        f"refused {sum(refused.values())} {dict(refused)}; lowest stock at "
        f"{max(fate.lowest for fate in found):.2g} of what is too low"
    )


def sorts_of_settings() -> dict[str, list[dict[str, float]]]:
    rng = np.random.default_rng(2026)
    return {
        "every corner of the ten strongest": list(all_corners(STRONGEST)),
        "random corners of all": [random_settings(rng, corners=True) for _ in range(RANDOM)],
        "random points of all": [random_settings(rng, corners=False) for _ in range(RANDOM)],
    }


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_no_setting_of_levers_and_context_breaks_a_run_or_leaves_less_than_nobody(corridor, end):
    for sort, settings in sorts_of_settings().items():
        tasks, begun = tasks_with(corridor, end, settings), time.perf_counter()
        found, halvings = fates(tasks)
        told(f"{corridor} to {end}, {sort}", tasks, begun, found, halvings)
        assert [fate.refused for fate in found if fate.refused] == []
        assert max(fate.lowest for fate in found) <= 1


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("corners", [False, True], ids=["points", "corners"])
def test_parameters_within_their_cards_give_sound_runs_or_are_refused_with_the_reason(corridor, end, corners):
    rng = np.random.default_rng(2027)
    usual = task_of(scenario_with(corridor, end, {}))
    tasks = [with_random_parameters(usual, rng, corners) for _ in range(RANDOM)]
    begun = time.perf_counter()
    found, halvings = fates(tasks)
    sort = "corners" if corners else "points"
    told(f"{corridor} to {end}, random {sort} of all parameters", tasks, begun, found, halvings)
    assert max(fate.lowest for fate in found) <= 1
    refused = [fate.refused for fate in found if fate.refused]
    assert all("its causes then were\n" in each or "its flows then were\n" in each for each in refused)
    assert len(refused) <= (SHARE_REFUSED * RANDOM if corners else 0)


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("name", [name for name in SETTINGS if name.endswith("_growth")])
def test_a_steady_growth_at_either_end_goes_on_to_the_latest_year(corridor, name):
    found, _ = fates(tasks_with(corridor, 2200, [{name: end} for end in SETTINGS[name].range]))
    assert [fate.refused for fate in found] == ["", ""]
    assert max(fate.lowest for fate in found) <= 1


def test_the_strongest_are_still_the_strongest():
    assert strongest(len(STRONGEST)) == list(STRONGEST)
