"""Results by the month on the ways to Europe: a season of the sea for all who come, each route its own."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.ensemble import run_ensemble
from pushpull.months import (
    BESIDE,
    EVERYONE,
    monthly,
    names_for_months,
)
from pushpull.scenario.library import shipped_folder
from pushpull.scenario.seasons import read_seasons

SEA = "eu_external_border"
SEA_CORRIDOR = shipped_folder() / "corridors" / SEA
ROUNDING = 1e-12


def by_year(values):
    """The sums of whole years (member, year) of values by the month (member, month)."""
    return values.reshape(len(values), -1, 12).sum(axis=2)


ISLANDS = "central_mediterranean"


@pytest.fixture(scope="module")
def sea():
    return Scenario.load(SEA).with_changes(start=2009, end=2020, save_every="month")


@pytest.fixture(scope="module")
def sea_result(sea):
    return run(sea)


@pytest.fixture(scope="module")
def sea_months(sea_result, sea):
    return monthly(sea_result, sea)


@pytest.fixture(scope="module")
def sea_on_record():
    """Detections on record (month, route), January 2009 first; a month without a row has none."""
    rows = pd.read_csv(SEA_CORRIDOR / "recorded_monthly.csv", keep_default_na=False)
    rows["month"] = np.floor(12 * rows["time"] + 1e-3).astype(int)
    wide = rows.pivot_table(index="month", columns="route", values="value", aggfunc="sum")
    return wide.reindex(range(12 * 2009, 12 * 2019)).fillna(0)


def calendar_years(counts, first, last):
    """Whole calendar years from 2009 on, (year, month)."""
    return counts.to_numpy().reshape(-1, 12)[first - 2009 : last - 2008]


def test_the_seasons_of_the_sea_are_those_of_the_record(sea_on_record):
    seasons = read_seasons(Scenario.load(SEA).corridor)
    assert seasons.of == "everyone" and set(seasons.by_route) == set(sea_on_record) and len(seasons.by_route) == 5
    found = [(seasons.factors, sea_on_record.sum(axis=1))]
    found += [(factors, sea_on_record[route]) for route, factors in seasons.by_route.items()]
    for factors, counts in found:
        years = calendar_years(counts, 2009, 2014)
        wanted = 12 * (years / years.sum(axis=1, keepdims=True)).mean(axis=0)
        assert factors == pytest.approx(wanted, abs=6e-5) and sum(factors) == pytest.approx(12, rel=1e-15)


def test_how_far_the_seasons_of_the_sea_help_is_told_as_it_is(sea_on_record):
    seasons = read_seasons(Scenario.load(SEA).corridor)
    text = (SEA_CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    section = text.partition("\n## Seasons\n")[2].partition("\n## ")[0]
    stated = [row.split("|")[3:8] for row in section.splitlines() if re.match(r"\|.*\| (flat|season) \|", row)]
    spans = ((2009, 2014), (2015, 2015), (2016, 2016), (2017, 2018), (2015, 2018))
    errors, counts = [], []
    for route in seasons.by_route:
        years = [calendar_years(sea_on_record[route], *span) for span in spans]
        counts.append([each.sum() for each in years])
        for factors in (np.ones(12), np.array(seasons.by_route[route])):
            errors.append([np.abs(each.mean(axis=1, keepdims=True) * factors - each).sum() for each in years])
    missed, whole = np.array(errors), np.array(counts)
    percent = 100 * missed / np.repeat(whole, 2, axis=0)
    together = 100 * np.array([missed[side::2].sum(axis=0) for side in (0, 1)]) / whole.sum(axis=0)
    wanted = [[f"{value:.1f}" for value in row] for row in np.concatenate([percent, together])]
    assert [[cell.strip() for cell in row] for row in stated] == wanted
    assert [f"{value:.0f} %" in seasons.why for value in together[:, -1]] == [True, True]


def test_all_who_come_have_the_season_of_their_route(sea_months):
    for route, factors in sea_months.seasons.by_route.items():
        for name in ("arrivals_by_route", "detections_by_route", "apprehensions_by_route", "deaths_by_route"):
            with_season = sea_months.count(name, route=route)[0].reshape(-1, 12)
            smooth = sea_months.smooth.total(name, route=route)[0].reshape(-1, 12) / 12
            assert (smooth > 0).all(), (route, name)
            steady = smooth * np.array(factors)
            wanted = steady * (smooth.sum(axis=1) / steady.sum(axis=1))[:, None]
            off = np.abs(with_season / wanted - 1).max(axis=1)  # most where who comes changes most within a year
            assert np.median(off) < 0.03 and (name != "deaths_by_route" or off.max() < 1e-9), (route, name, off)


def test_an_august_has_more_arrivals_and_deaths_at_sea_than_a_january_and_more_who_present_themselves(sea_months):
    def august_to_january(name, route=None):
        with_season, smooth = (each.total(name, route=route)[0] for each in (sea_months.result, sea_months.smooth))
        moved = (with_season / smooth).reshape(-1, 12)
        return moved[:, 7] / moved[:, 0]

    for name in ("arrivals_by_route", "deaths_by_route", "detections_by_route"):
        assert (august_to_january(name, ISLANDS) > 3).all()
        years = sea_months.count(name, route=ISLANDS)[0].reshape(-1, 12)
        assert years[:, 7].sum() > 2 * years[:, 0].sum()
    for name in (BESIDE, "apprehensions_evading", "irregular_entries", "smuggled_migrants", "deaths_in_transit"):
        assert np.median(august_to_january(name)) > 1.5


@pytest.mark.parametrize("name", EVERYONE)
def test_years_of_all_who_come_are_kept_and_what_has_a_season_moves(sea_months, name):
    with_season, smooth = (each.total(name) for each in (sea_months.result, sea_months.smooth))
    assert by_year(with_season) == pytest.approx(by_year(smooth), rel=1e-9)
    assert np.abs(with_season / smooth - 1).max() > 0.05
    if sea_months.result.array(name).shape[-1] > 1:
        for route in sea_months.result.routes:
            assert by_year(sea_months.result.total(name, route=route)) == pytest.approx(
                by_year(sea_months.smooth.total(name, route=route)), rel=1e-9
            )


def test_parts_of_all_who_come_are_what_the_equations_say_and_add_up(sea_result, sea_months):
    rest = {"claims_recorded"}  # of which others than those stopped make a part
    for name, parts in EVERYONE.items():
        if name not in rest:
            whole = sum(part(sea_result.array).sum(axis=(2, 3, 4)) for part in parts)
            assert whole == pytest.approx(sea_result.total(name), rel=1e-9), name
    total = sea_months.result.total
    stopped = total("apprehensions_recorded")
    for parts in (
        total("apprehensions_evading") + total(BESIDE),
        total("apprehensions_by_route"),
        total("apprehensions_by_origin"),
    ):
        assert parts == pytest.approx(stopped, rel=1e-6)
    assert total("deaths_by_route") == pytest.approx(total("deaths_in_transit"), rel=1e-9)
    claims = total("claims_recorded") - sea_months.smooth.total("claims_recorded")
    moved = total("arrivals_by_route") - total("irregular_entries")
    moved -= sea_months.smooth.total("arrivals_by_route") - sea_months.smooth.total("irregular_entries")
    assert claims == pytest.approx(moved, rel=1e-6, abs=1e-3)


def test_what_does_not_come_over_the_sea_has_no_season(sea_months):
    for name in catalogue().outcomes:
        if name not in EVERYONE:
            assert sea_months.result.array(name) is sea_months.smooth.array(name)
    assert "all who come" in sea_months.result.provenance["season"]
    assert f"their own on {ISLANDS}" in sea_months.result.provenance["season"]


def test_months_of_the_sea_stand_beside_detections_on_record(sea_months, sea_on_record):
    for route in sea_on_record:
        seen = sea_months.recorded("detections_by_route", route=route)
        there = ~np.isnan(seen)
        assert there[: 12 * 10].sum() == (sea_on_record[route] > 0).sum() and not there[12 * 10 :].any()
        assert (seen[there] == sea_on_record[route].to_numpy()[there[: 12 * 10]]).all()
    lines = {(line.name, line.route): line for line in sea_months.lines}
    assert np.nansum(lines["detections_by_route", ISLANDS].recorded) == sea_on_record[ISLANDS].sum()
    assert {"deaths_recorded", "claims_recorded"} <= {name for name, _ in lines}


def test_months_of_the_sea_are_shown_with_the_sum_on_record(pushpull, sea_on_record):
    code, out, err = pushpull("run", SEA, "--monthly", "--start", "2013", "--end", "2015")
    assert code == 0 and "all who come have the season of 2009 to 2014, each route its own" in err
    assert all(word in out for word in ("recorded detections", "without season", "on record", "deaths in transit"))
    august = next(line for line in out.splitlines() if line.strip().startswith("2014-08"))
    assert float(august.split()[3].replace(",", "")) == pytest.approx(sea_on_record.loc[12 * 2014 + 7].sum(), rel=5e-3)


def test_an_ensemble_keeps_what_a_season_of_the_sea_needs(sea):
    short = sea.with_changes(start=2016, end=2017)
    several = monthly(run_ensemble(short, 2, seed=1, keep=names_for_months()), short)
    assert several.count("deaths_recorded").shape == (2, 12)
