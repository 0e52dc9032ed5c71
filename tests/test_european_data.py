"""The recorded data of the European corridor: sourced, dated, consistent, and without what is withheld."""

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests import european_policy

ROOT = Path(__file__).parents[1]
CORRIDOR = ROOT / "scenarios" / "corridors" / "eu_external_border"
REFERENCES = ROOT / "model" / "parameters" / "references.yaml"
COLUMNS = ["series", "year", "timing", "time", "route", "value", "unit", "source", "quality", "note"]
OFFSET = {"calendar_year_mean": 0.5, "mid_year": 0.5, "calendar_year_end": 1.0}
RESPONSES = (
    "detections", "deaths", "asylum_applicants", "asylum_pending", "facilitators_detected", "illegal_stay_detected",
    "smuggler_fee",
)  # fmt: skip
LAST_RESPONSE = 2018  # what was recorded later is to judge the forecast by
CODING = "policy_coding"


@pytest.fixture(scope="module")
def series():
    return pd.read_csv(CORRIDOR / "series.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def monthly():
    return pd.read_csv(CORRIDOR / "recorded_monthly.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def everything(series, monthly):
    return pd.concat([series, monthly], ignore_index=True)


def documented(heading):
    """Names in backticks in the first column of every table below a heading of SOURCES.md."""
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S).group(1)
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def test_every_source_key_is_described_and_in_the_bibliography(everything):
    used = {key for joined in everything["source"] for key in joined.split("+")}
    described = documented("Sources")
    assert len(described) == len(set(described)) and used == set(described)
    assert used - {CODING} <= set(YAML(typ="safe").load(REFERENCES.read_text(encoding="utf-8")))


def test_every_series_is_defined_and_stands_in_one_file(series, monthly):
    defined = [*documented("Series"), *documented("Dated policy")]
    assert sorted(set(series["series"])) == sorted(defined)
    assert sorted(set(monthly["series"])) == sorted(documented("Months"))
    assert not set(series["series"]) & set(monthly["series"])


def test_sources_name_what_a_run_reads(series):
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    said = re.search(r"^A run reads, as `corridor.yaml` says, (.*?)\. Between", text, flags=re.M | re.S).group(1)
    corridor = YAML(typ="safe").load((CORRIDOR / "corridor.yaml").read_text(encoding="utf-8"))
    inputs = str([corridor[block] for block in ("policies", "context", "parameters")])
    read = set(re.findall(r"'series': '(\w+)'", inputs))
    assert sorted(re.findall(r"`(\w+)`", said)) == sorted(read) and read <= set(series["series"])


def test_responses_are_no_inputs_and_end_where_they_are_withheld(everything):
    corridor = (CORRIDOR / "corridor.yaml").read_text(encoding="utf-8").split("\nrecorded:")[0]
    for name in RESPONSES:
        rows = everything[everything["series"].str.startswith(name)]
        assert len(rows) and rows["year"].max() <= LAST_RESPONSE, name
        assert f"series: {name}" not in corridor


def test_rows_are_whole_and_times_follow_from_year_and_timing(everything):
    assert list(everything.columns) == COLUMNS
    assert (everything["unit"].str.strip() != "").all() and set(everything["quality"]) <= set("ABCD")
    assert (everything.groupby("series")["unit"].nunique() == 1).all()
    assert not everything.duplicated(["series", "time", "route"]).any()
    of_a_year = everything[everything["timing"] != "as_dated"]
    assert set(of_a_year["timing"]) <= set(OFFSET)
    assert (of_a_year["time"] == of_a_year["year"] + of_a_year["timing"].map(OFFSET)).all()
    dated = everything[everything["timing"] == "as_dated"]
    assert (dated["time"] - dated["year"]).between(0, 1).all()


def test_shares_are_shares_and_counts_are_not_negative(everything):
    signed = everything["series"].str.startswith("political_instability")
    assert (everything.loc[~signed, "value"] >= 0).all()
    assert everything.loc[everything["unit"] == "share", "value"].between(0, 1).all()


def total(table, name, by=("year",)):
    return table[table["series"] == name].astype({"value": float}).groupby(list(by))["value"].sum()


def test_months_and_routes_add_up_to_years(series, monthly):
    routes = total(series, "detections_by_route", ("year", "route"))
    pd.testing.assert_series_equal(total(monthly, "detections_by_route_monthly", ("year", "route")), routes)
    pd.testing.assert_series_equal(total(series, "detections"), routes.groupby("year").sum())


def test_detections_at_entry_leave_out_the_further_leg(series):
    for group in european_policy.GROUPS:
        rows = series[series["series"] == f"detections_{group}_by_route"]
        if group != "balkan_states":
            rows = rows[rows["route"] != "western_balkans"]
        expected = rows.groupby("year")["value"].sum()
        pd.testing.assert_series_equal(total(series, f"detections_at_entry_{group}"), expected)


def test_policy_series_are_the_mean_of_two_readings(series):
    held = series[series["source"] == CODING]
    rows = pd.DataFrame(european_policy.rows(), columns=COLUMNS).astype({"year": int, "time": float, "value": float})
    keys = ["series", "route", "time", "value"]
    pd.testing.assert_frame_equal(held[keys].reset_index(drop=True), rows[keys], check_dtype=False)


@pytest.mark.parametrize("coding", european_policy.CODINGS)
def test_codings_are_sourced_and_have_no_holes(coding):
    """A hole or an overlap would be no month's value: `values` refuses it."""
    rows = european_policy.read(coding)
    assert all(row["source"].strip() and row["basis"].strip() and row["quality"] in set("ABC") for row in rows)
    assert all(float(row["low"]) <= float(row["share"]) <= float(row["high"]) for row in rows)
    for state in (state for states in european_policy.WEIGHTS.values() for state in states):
        shares = european_policy.values(rows, instrument="transit_control", country=state)
        assert any(a != b for a, b in pairwise(shares)) and all(0 < share < 1 for share in shares)


def test_the_two_readings_agree_nearly_everywhere():
    """How far they part, as SOURCES.md says."""
    first, second = map(european_policy.read, european_policy.CODINGS)
    states = [
        {"instrument": "transit_control", "country": state}
        for states in european_policy.WEIGHTS.values()
        for state in states
    ]
    ways = [{"instrument": "way_on", "route": route} for route in european_policy.ROUTES]
    rescue = [{"instrument": "rescue_presence", "route": route} for route in european_policy.WEIGHTS]
    release = [
        {"instrument": "release_share", "origin_group": group, "country": ""} for group in european_policy.GROUPS
    ]
    apart = [
        abs(a - b)
        for where in (*states, *ways, *rescue, *release)
        for a, b in zip(european_policy.values(first, **where), european_policy.values(second, **where), strict=True)
    ]
    same = sum(each < 1e-9 for each in apart) / len(apart)
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    assert f"In {100 * same:.0f} % of the months" in text and max(apart) <= 0.45 + 1e-9


def test_ways_in_are_coded_by_one_ladder_without_holes_and_read_by_no_run():
    for coding in european_policy.CODINGS:
        rows = [row for row in european_policy.read(coding) if row["instrument"] == "way_in"]
        assert {float(row["share"]) for row in rows} == {1, 0.6, 0.3, 0.1}
        for border in ("greece_land", "bulgaria_land"):
            shares = european_policy.values(rows, country=border)
            assert shares[0] == 1 and shares[-1] < 1
    for (name, route), shares in european_policy.series().items():
        if (name, route) == ("route_pass_share", "eastern_mediterranean"):
            assert shares == european_policy.both(instrument="transit_control", country="turkey")


def test_one_ladder_serves_all_transit_states():
    levels = {0.95, 0.8, 0.7, 0.5, 0.35, 0.15}
    for coding in european_policy.CODINGS:
        rows = [row for row in european_policy.read(coding) if row["instrument"] == "transit_control"]
        assert {float(row["share"]) for row in rows} <= levels
