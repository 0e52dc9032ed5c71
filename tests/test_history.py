"""The US corridor beside its record: levels of apprehensions, the starting shares, drivers that follow their series."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Scenario, compare, run
from pushpull.__main__ import main
from pushpull.scenario.schedules import breakpoints

CORRIDOR = "us_southwest_border"


@pytest.fixture(scope="module")
def baseline():
    return run(Scenario.load(CORRIDOR).baseline())


def fiscal_year_total(result, name: str, year: int) -> float:
    """The integral of a flow over a US fiscal year, October to September."""
    inside = (result.time >= year - 0.25 - 1e-9) & (result.time <= year + 0.75 + 1e-9)
    return float(np.trapezoid(result.total(name)[0][inside], result.time[inside]))


def recorded(name: str, title_part: str) -> dict[int, float]:
    """A recorded yearly series, by fiscal year."""
    series = next(one for one in Scenario.load(CORRIDOR).corridor.recorded[name] if title_part in one.title)
    return {int(np.floor(time)): value for time, value in zip(series.times, series.values, strict=True)}


@pytest.mark.parametrize("year", range(1992, 2009))
def test_recorded_apprehensions_come_within_a_factor_of_two(baseline, year):
    ratio = fiscal_year_total(baseline, "apprehensions_recorded", year) / recorded(
        "apprehensions_recorded", "apprehensions")[year]  # fmt: skip
    assert 0.5 < ratio < 2, f"FY{year}: {ratio:.2f} times the record"


def test_the_starting_shares_give_the_recorded_apprehensions_of_fy1990_to_fy1993(baseline):
    scenario = Scenario.load(CORRIDOR)
    own = scenario.corridor.own_parameters
    shares = scenario.today("initial_route_share")
    chances = {route: own["initial_interdiction_probability"][route] for route in baseline.routes}
    caught = {route: shares[route] * chances[route] for route in baseline.routes}
    simulated = dict(zip(baseline.routes, baseline.by_route("route_share")[0, 0], strict=True))
    means = {"california": 557502, "arizona": 97484, "west_texas": 253667, "south_texas": 212762}
    for route, mean in means.items():
        assert caught[route] / sum(caught.values()) == pytest.approx(mean / sum(means.values()), abs=5e-4)
        assert simulated[route] == pytest.approx(shares[route], abs=0.03)


def test_drivers_follow_their_record_and_then_hold_the_last_value():
    scenario = Scenario.load(CORRIDOR)
    for name, early, late in (("labour_demand", 1995.5, 2026.4), ("enforced_return", 2000.25, 2025.9)):
        times, values = breakpoints(scenario.path(name), scenario.corridor.start, scenario.end)
        assert np.ptp(values) > 0
        assert scenario.value_at(name, 2040) == scenario.value_at(name, late)
        assert scenario.value_at(name, early) != scenario.value_at(name, late)


def test_patrols_follow_the_recorded_agents(baseline):
    agents = baseline.by_route("border_capacity")[0]
    at = {year: baseline.moment(year) for year in (2001.5, 2020.5)}
    assert agents[at[2001.5]].sum() == pytest.approx(8580, rel=0.1)
    assert agents[at[2020.5]].sum() == pytest.approx(16605, rel=0.02)


def test_an_illustrative_corridor_has_no_history():
    corridor = Scenario.load("g8_2001").corridor
    assert corridor.illustrative
    assert "illustrative" in corridor.title.lower()
    assert not corridor.recorded


@pytest.mark.parametrize("policy", [None, "punitive"])
def test_history_run_alone_is_the_first_part_of_the_whole_run_and_no_lever_starts(baseline, policy):
    scenario = Scenario.load(CORRIDOR).with_changes(end=2008.75, loops_off=["network"])
    alone = run(scenario.with_policy(policy) if policy else scenario)
    assert alone.time[-1] == 2008.75
    for name in ("apprehensions_recorded", "irregular_residents", "smuggler_fee", "border_control"):
        assert np.array_equal(alone.total(name)[0], baseline.total(name)[0][: len(alone.time)]), name


def test_history_compared_alone_has_its_mean_over_all_of_it():
    history = Scenario.load(CORRIDOR).with_changes(end=2008)
    comparison = compare(history, history.with_policy("balanced"))
    assert (comparison.mean_from, comparison.end) == (1990.0, 2008.0)
    assert (comparison.table["difference"] == 0).all()


def test_the_command_line_runs_history_alone(capsys):
    assert main(["run", CORRIDOR, "--end", "2008"]) == 0
    assert ["1990", "2008"] == capsys.readouterr().out.splitlines()[2].split()[-2:]
    assert main(["run", CORRIDOR, "--policy", "balanced", "--end", "2008", "--members", "2"]) == 0
