"""What the chance to get through is made of, who chooses a route by it, who is stopped twice, and lawful places."""

import numpy as np
import pytest

from pushpull import Scenario, run

BORDER, G8 = "us_southwest_border", "g8_2001"


def result_of(name, **changes):
    return run(Scenario.load(name).with_changes(**changes))


@pytest.fixture(scope="module")
def g8():
    return {share: result_of(G8, policies={"border_consequences": share}) for share in (0.0, 0.9)}


def after(result, years=2.0):
    return np.abs(result.time - result.provenance["policy_start"] - years).argmin()


def test_the_chance_to_arrive_is_that_of_trying_until_one_gives_up(g8):
    result = g8[0.9]
    stopped, again = result["interdiction_probability"], result["retry_share"].sel(population="labour")
    alive = (1 - result["death_probability"]) * result["passage_availability"]
    by_tries = sum((again * stopped) ** tries * (1 - stopped) for tries in range(400)) * alive
    chance = result["chance_to_get_through"]
    np.testing.assert_allclose(chance, by_tries.transpose(*chance.dims), rtol=1e-9)


def test_sanctions_lower_the_chance_and_who_is_stopped_twice_and_who_is_smuggled(g8):
    few, many = (g8[share] for share in (0.0, 0.9))
    place = after(few)
    for name in ("chance_to_get_through", "perceived_chance"):
        assert (many[name][place] < few[name][place]).all(), name
    for name in ("recidivism", "smuggled_migrants"):
        assert many.total(name)[0, place] < few.total(name)[0, place], name


@pytest.mark.parametrize("corridor", [BORDER, G8])
def test_shares_are_shares(corridor):
    result = result_of(corridor)
    for name in ("evaders_share", "recidivism", "chance_to_get_through"):
        assert 0 <= float(result[name].min()) <= float(result[name].max()) <= 1, name


def test_who_looks_for_a_patrol_chooses_no_route_by_its_patrols():
    """Where people of an origin present themselves, their routes differ by what is paid for them alone."""
    doors = [result_of(BORDER, policies={"asylum_access": share}) for share in (0.0, 1.0)]
    place = after(doors[0], 10)
    spreads = []
    for result in doors:
        utility = result["route_utility"][place].sel(origin="northern_triangle")
        spreads.append(float(utility.max() - utility.min()))
        assert float(result["evaders_share"][place].sel(origin="northern_triangle")) == pytest.approx(
            1.0 if result is doors[0] else 0.0, abs=0.45
        )
    assert spreads[1] < 0.6 * spreads[0]


def test_lawful_places_are_taken_by_those_who_would_have_come_another_way():
    none, some = (result_of(BORDER, context={"parole_places": places}) for places in (0, {"elsewhere": 50_000}))
    place = after(none)
    assert none.total("paroled_arrivals")[0, place] == 0
    taken = some.total("paroled_arrivals", origin="elsewhere")[0]
    assert 0 < taken[place] <= 50_000
    assert (taken <= some.total("protection_sought", origin="elsewhere")[0] + 1e-6).all()
    assert some.total("paroled_arrivals", origin="mexico")[0, place] == 0
    left = [result.total("protection_departures", origin="elsewhere")[0, place] for result in (none, some)]
    assert left[1] < left[0]
    assert some.total("asylum_cases_pending")[0, place] > none.total("asylum_cases_pending")[0, place]
