"""The ways to Europe: deals and closures act in sign and size, a further leg counts twice in the record alone, and the
forecast beside the corridor is one."""

import csv
from functools import cache

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.calibration.family import compared, own_names, shared_names, transferred
from pushpull.calibration.plan import read_plan
from pushpull.dashboard.session.opening import opening_of
from pushpull.dashboard.state.state import State
from pushpull.posterior import posterior_of

EUROPE, SOUTHWEST = "eu_external_border", "us_southwest_border"
ROUTES = (
    "central_mediterranean",
    "eastern_mediterranean",
    "western_balkans",
    "western_mediterranean",
    "western_african",
)
LATE = 2040


@cache
def today():
    return run(Scenario.load(EUROPE))


def mean(result, name, first, last, **part):
    values = result.total(name, **part)[0]
    inside = (result.time >= first - 1e-9) & (result.time <= last + 1e-9)
    return float(np.trapezoid(values[inside], result.time[inside]) / (last - first))


def change(name, before, after, **part):
    """Relative change of a mean from one stretch of years to another."""
    return mean(today(), name, *after, **part) / mean(today(), name, *before, **part) - 1


# Deals as they are coded, in the run's own history


def test_after_the_aegean_deal_arrivals_and_deaths_fall_and_each_arrival_is_deadlier():
    at = {"route": "eastern_mediterranean"}
    before, after = (2015.75, 2016.2), (2016.5, 2016.75)
    arrivals, deaths = (change(name, before, after, **at) for name in ("arrivals_by_route", "deaths_by_route"))
    assert arrivals < -0.85 and deaths < -0.6
    assert 1.2 < (1 + deaths) / (1 + arrivals) < 4.8


def test_the_balkans_follow_the_aegean():
    """They rise with it in 2015 and fall with it in 2016, though nobody's choice of a route says so."""
    at = {"route": "western_balkans"}
    assert change("detections_by_route", (2014, 2015), (2015.6, 2016), **at) > 5
    assert change("detections_by_route", (2015.75, 2016.2), (2016.5, 2016.75), **at) < -0.8
    assert change("arrivals_by_route", (2014, 2015), (2015.6, 2016), **at) < 1


def test_after_libya_is_equipped_arrivals_fall_each_is_deadlier_and_another_route_gains():
    at = {"route": "central_mediterranean"}
    year, next_year = (2017, 2017.5), (2018, 2018.5)
    arrivals, deaths = (change(name, year, next_year, **at) for name in ("arrivals_by_route", "deaths_by_route"))
    assert -0.9 < arrivals < -0.6
    assert (1 + deaths) / (1 + arrivals) > 1.4
    share = "route_share"
    assert change(share, year, next_year, route="western_mediterranean") > 0.1


# What the structure claims


def test_a_further_leg_is_counted_twice_in_the_record_alone():
    result = today()
    twice = result.total("detections_by_route")[0] - result.total("apprehensions_by_route")[0]
    inside = result.time >= 2015
    assert (twice[inside] > 0).all()
    only = [route for route in ROUTES if route != "western_balkans"]
    for route in only:
        each = [result.total(name, route=route)[0] for name in ("detections_by_route", "apprehensions_by_route")]
        assert each[0] == pytest.approx(each[1])


@pytest.mark.parametrize("corridor", [SOUTHWEST, "g8_2001"])
def test_without_a_further_leg_detections_are_apprehensions(corridor):
    result = run(Scenario.load(corridor))
    assert (result["detections_by_route"].values == result["apprehensions_by_route"].values).all()
    assert np.allclose(result["opening_seen"].values, 1, rtol=0, atol=1e-12)
    assert not result["people_held_in_transit"].values.any() and not result["let_go"].values.any()


def late(name, route=None, **changes):
    scenario = Scenario.load(EUROPE).with_changes(**changes)
    return float(run(scenario).total(name, route=route)[0][-1 - 4 * (2045 - LATE)])


def test_interception_on_one_route_moves_people_to_others():
    lever = {"policies": {"transit_interception": {"eastern_mediterranean": 0.8}}}
    stopped, other = (
        late("arrivals_by_route", route, **lever) / late("arrivals_by_route", route) - 1
        for route in ("eastern_mediterranean", "central_mediterranean")
    )
    assert stopped < -0.5 and other > 0.01


def test_rescue_on_one_route_saves_lives_there():
    lever = {"policies": {"rescue_capacity": {"central_mediterranean": 0.8}}}
    saved, elsewhere = (
        late("deaths_by_route", route, **lever) / late("deaths_by_route", route) - 1
        for route in ("central_mediterranean", "western_mediterranean")
    )
    assert saved < -0.3 and abs(elsewhere) < 0.1


def test_people_held_in_transit_wait_there_and_those_let_go_stay():
    none = {"parameters": {"transit_retry_share": 0}}
    assert late("people_held_in_transit", **none) == 0 < late("people_held_in_transit")
    nobody = {"parameters": {"let_go_share": dict.fromkeys(ROUTES, 0)}}
    assert late("irregular_entries", **nobody) < late("irregular_entries")


def test_danger_before_a_stop_adds_deaths_for_each_arrival():
    def risk(**changes):
        return late("deaths_in_transit", **changes) / late("arrivals_by_route", **changes)

    assert risk(parameters={"danger_before_stop": 1}) > 1.2 * risk(parameters={"danger_before_stop": 0})


def test_the_gateway_near_to_people_is_theirs():
    """Nobody but people of the region begins in the Balkans, and each group has its own main way."""
    choice = today()["initial_route_choice"].isel(time=0)
    main = {
        str(origin): str(choice.route.values[int(choice.sel(origin=origin).values.argmax())])
        for origin in choice.origin.values
    }
    assert main["middle_east"] == main["south_asia"] == "eastern_mediterranean"
    assert main["horn_of_africa"] == "central_mediterranean" and main["balkan_states"] == "western_balkans"
    others = [origin for origin in choice.origin.values if origin != "balkan_states"]
    assert (choice.sel(route="western_balkans", origin=others) < 0.01).all()


# The fit and the forecast


def test_the_forecast_beside_the_corridor_begins_where_the_record_ends():
    folder = Scenario.load(EUROPE).corridor.folder
    with (folder / "forecast.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [int(row["year"]) for row in rows if row["variable"] == "detections_by_route@central_mediterranean"]
    assert years == list(range(2019, years[-1] + 1)) and years[-1] >= 2026
    routed = {row["variable"] for row in rows if "@" in row["variable"]}
    assert routed == {
        f"{name}@{route}"
        for name in ("detections_by_route", "arrivals_by_route", "deaths_by_route")
        for route in ROUTES
    }
    assert all(float(row["p5"]) <= float(row["p50"]) <= float(row["p95"]) for row in rows)
    wide = [row for row in rows if row["variable"].startswith("detections_by_route") and row["year"] == "2023"]
    assert all(float(row["p95"]) > 3 * float(row["p5"]) for row in wide)  # what earlier forecasts were off


@cache
def fitted(corridor):
    scenario = Scenario.load(corridor)
    return read_plan(scenario), posterior_of(scenario.corridor)


def test_the_corridors_share_most_numbers_of_the_equations():
    here, there = fitted(EUROPE), fitted(SOUTHWEST)
    shared = shared_names(here[0], there[0])
    assert len(shared) > 200 and set(shared) == set(shared_names(there[0], here[0]))
    assert not set(shared) & set(own_names(here[0], there[0]))
    own = {name.partition("@")[0] for name in own_names(here[0], there[0])}
    assert {"opening_sensitivity", "departure_rate", "base_death_risk"} <= own
    rows = compared(here, there)
    assert [row.name for row in rows if row.name not in shared] == [] and abs(rows[0].apart) >= abs(rows[-1].apart)


def test_shared_numbers_of_another_corridor_meet_the_record_worse_or_about_as_well():
    rows = transferred(fitted(SOUTHWEST), fitted(EUROPE))
    main = next(row for row in rows if row.record == "apprehensions")
    assert main.own < 15 and main.transferred > 1.2 * main.own
    assert np.isfinite([row.transferred for row in rows]).all()


def test_a_fit_transferred_to_itself_is_its_own():
    rows = transferred(fitted(EUROPE), fitted(EUROPE))
    assert all(row.own == pytest.approx(row.transferred) for row in rows)


# On the page


def test_a_page_in_french_opens_on_the_european_border_and_a_link_on_its_own():
    assert opening_of("", "fr").state.scenario.corridor.id == EUROPE
    assert opening_of("", "en").state.scenario.corridor.id == opening_of("", "").state.scenario.corridor.id == SOUTHWEST
    link = State.opening("g8_2001").link
    assert opening_of(link, "fr").state.scenario.corridor.id == "g8_2001"
