"""Forecasts from past years: scores and rivals against closed forms, nothing known too early, files and command."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from pushpull import Scenario
from pushpull.calibration.plan import read_plan
from pushpull.calibration.sampling import Mode
from pushpull.calibration.simulate import Simulator
from pushpull.catalogue import catalogue
from pushpull.evaluation import hindcast, rivals, scores
from pushpull.evaluation.design import read_design
from pushpull.evaluation.knowledge import (
    DRIVERS_FROZEN,
    FROZEN,
    KNOWN,
    POLICIES,
    between,
    ends_of,
    freeze,
    plan_at,
    supposing,
    without,
)
from pushpull.evaluation.stored import FILE, ROW, store, stored_evaluations
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario.schedules import Span, constant_path, growth_path, points_path, value_at
from tests import strait
from tests.strait import folder_of

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("evaluation")

US = "us_southwest_border"
DESIGN = """\
schema_version: 1
year_ends: 1
made_in: [2003, 2004]
measures:
  bodies_found: {of: deaths_recorded, error: 0.2, fitted: false, why: "an official count"}
  landings: {of: irregular_arrivals, by: route, error: 0.2, fitted: false, why: "counted at each gateway"}
ablations_made_in: 2003
ablations:
  network: {title: Help from those already there, loops_off: [network]}
"""
LATER = "bodies_found,{year},calendar_year_mean,{year}.5,,{value},deaths a year,coast,B,"


@pytest.fixture
def scenario(tmp_path):
    """The scenario file of an own corridor that asks for an evaluation and has two more years recorded."""
    file = strait.make(tmp_path)
    (folder_of(file) / "evaluation.yaml").write_text(DESIGN, encoding="utf-8")
    head = (folder_of(file) / "series.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = [head, *(LATER.format(year=year, value=value) for year, value in ((2006, 970), (2007, 965)))]
    (folder_of(file) / "recorded.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """The own corridor after a first evaluation by the command; what it said."""
    import contextlib

    from pushpull.__main__ import main

    file = strait.make(tmp_path_factory.mktemp("evaluated"))
    (folder_of(file) / "evaluation.yaml").write_text(DESIGN, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["evaluate", str(file), "--members", "10"])
    return file, code, out.getvalue(), err.getvalue()


# Scores --------------------------------------------------------------------------------------------------------


def test_the_ranked_probability_score_of_many_normal_members_is_that_of_the_normal_law():
    rng = np.random.default_rng(4)
    members, recorded = 5 + 2 * rng.standard_normal((40_000, 3)), np.array([5.0, 8.0, 1.0])
    off = (recorded - 5) / 2
    exact = 2 * (off * (2 * norm.cdf(off) - 1) + 2 * norm.pdf(off) - 1 / np.sqrt(np.pi))
    assert scores.crps(members, recorded) == pytest.approx(exact.mean(), rel=0.01)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.floats(-1e6, 1e6))
def test_the_ranked_probability_score_is_the_mean_distance_less_half_the_spread(members, recorded):
    members = np.array(members)
    pairs = np.abs(members[:, None] - members).mean()
    exact = np.abs(members - recorded).mean() - pairs / 2
    assert scores.crps(members[:, None], np.array([recorded])) == pytest.approx(exact, rel=1e-9, abs=1e-6)


def test_coverage_counts_what_lies_within():
    members = np.arange(101.0)[:, None] * np.ones(4)
    recorded = np.array([50.0, 20.0, 96.0, 74.0])
    assert scores.coverage(members, recorded, scores.HALF) == 0.5
    assert scores.coverage(members, recorded, scores.NINE_TENTHS) == 0.75


def test_an_error_is_a_share_of_the_record():
    assert scores.mean_absolute_percentage_error(np.array([110.0, 50.0]), np.array([100.0, 100.0])) == pytest.approx(
        0.3
    )


# Rivals --------------------------------------------------------------------------------------------------------


def test_a_trend_goes_on_as_it_went_and_needs_four_values():
    times = np.arange(1990.5, 2008)
    values = 100 * 1.05 ** (times - 1990.5)
    assert rivals.trend(times, values, np.array([2012.5])) == pytest.approx([100 * 1.05**22])
    values[:5] = 7  # beyond the ten years
    assert rivals.trend(times, values, np.array([2012.5])) == pytest.approx([100 * 1.05**22])
    assert rivals.trend(times[:3], values[:3], np.array([2012.5])) is None


def test_persistence_is_the_last_value_known():
    assert rivals.persistence(np.array([3.0, 4.0]), np.array([1.0, 2.0])).tolist() == [4, 4]
    assert rivals.persistence(np.array([]), np.array([1.0])) is None


def test_a_regression_in_changes_gets_a_law_of_changes_right():
    rng = np.random.default_rng(2)
    years = np.arange(1990, 2015)
    jobs = np.exp(np.cumsum(0.1 * rng.standard_normal(len(years))))
    values = 50 * jobs**1.5 * np.exp(0.02 * (years - 1990))
    driver = lambda time: float(np.interp(time, years, jobs))  # noqa: E731
    forecast = rivals.regression(years[:15].astype(float), values[:15], years[15:].astype(float), [driver], [driver])
    assert forecast == pytest.approx(values[15:], rel=1e-6)
    still = rivals.regression(
        years[:15].astype(float), values[:15], years[15:17].astype(float), [driver], [lambda t: 1.0]
    )
    assert still == pytest.approx(values[14] * np.exp([0.02, 0.04]), rel=1e-6)
    assert rivals.regression(years[:5].astype(float), values[:5], years[15:].astype(float), [driver], [driver]) is None


# What was known ------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([points_path, growth_path]),
    st.lists(st.floats(0.5, 2), min_size=30, max_size=30),
    st.floats(1992, 2018.9),
    st.floats(0.01, 20),
)
def test_a_frozen_path_is_as_it_was_before_and_never_knows_the_next_point(path, values, time, later):
    years, seen = np.arange(1990, 2020), int(time) - 1990
    spoilt = [*values[: seen + 1], *(3 * value for value in values[seen + 1 :])]
    held, other = (freeze(path(years, each), time, 7.0) for each in (values, spoilt))
    last = values[seen] if path is points_path else np.log(values[seen] / values[seen - 1])
    for moment in (*np.arange(1989.5, time, 0.5), time, time + later):
        assert value_at(held, moment) == value_at(other, moment)
        expected = last if moment >= int(time) else value_at(path(years, values), moment)
        assert value_at(held, moment) == pytest.approx(expected, rel=1e-12)


def test_a_level_begun_is_known_from_its_first_day():
    path = (*constant_path(1.0), Span(2000.0, np.inf, (2000.0,), (5.0,)))
    assert [value_at(freeze(path, time, 7.0), 2010) for time in (1999.0, 2000.5)] == [1.0, 5.0]


def test_a_path_of_which_nothing_was_seen_is_at_the_value_of_its_card():
    held = freeze(points_path([2008, 2009], [3.0, 4.0]), 1999.75, 7.0)
    assert [value_at(held, time) for time in (1990, 1999, 2020)] == [7.0, 7.0, 7.0]


def test_policy_and_drivers_freeze_apart():
    scenario, time = read_plan(Scenario.load(US)).scenario, 2008.75
    known, frozen, still = (supposing(scenario, time, policy).corridor for policy in POLICIES)
    agents = [each.today("border_control", scenario.catalogue, "arizona", 2015.0) for each in (known, frozen, still)]
    jobs = [each.today("labour_demand", scenario.catalogue, None, 2015.0) for each in (known, frozen, still)]
    assert agents[1] == agents[2] != agents[0] and jobs[0] == jobs[1] != jobs[2]
    assert len({each.digest for each in (known, frozen, still)}) == 3
    recorded = [row for row in csv.DictReader(open(known.folder / "series.csv")) if row["series"] == "vacancy_rate"]
    assert jobs[2] == float(
        max((row for row in recorded if float(row["time"]) <= time), key=lambda r: r["time"])["value"]
    )


@pytest.mark.parametrize("year", [1999, 2008, 2014])
def test_no_row_of_a_series_after_a_year_takes_part_in_a_forecast_with_drivers_frozen(year, tmp_path):
    shipped = Scenario.load(US).corridor.folder
    folder = tmp_path / "corridors" / US
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.nc", "calibrated.yaml", "forecast.csv", "*.json"))
    time, sizes = year + 0.75, {"patrol_agents"}  # its last value is the unit in which agents are counted, in any year
    by = {"unemployment_rate": 1.1, "destination_income": 1.01}
    slightly = ("origin_income", "origin_population")  # of each origin
    rows = list(csv.reader(open(folder / "series.csv", encoding="utf-8")))
    for row in rows[1:]:
        if float(row[3]) > time and row[0] not in sizes:
            factor = 1.01 if row[0].startswith(slightly) else by.get(row[0], 0.96 if row[6] == "share" else 1.04)
            row[5] = f"{float(row[5]) * factor:.8g}"
    with open(folder / "series.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (tmp_path / "us.yaml").write_text(f"schema_version: 2\ntitle: A test\ncorridor: {US}\n", encoding="utf-8")
    designs = [read_design(Scenario.load(each)) for each in (US, tmp_path / "us.yaml")]
    record = between(designs[0].records[0], time, time + 5)
    shown = []
    for design in designs:
        plan = plan_at(design.plan, time)
        refit = hindcast.Refit(plan, None, np.zeros((1, len(plan.unknowns))))
        shown += [
            hindcast.forecasts(refit, supposing(design.plan.scenario, time, policy), [record])[0]
            for policy in (DRIVERS_FROZEN, KNOWN)
        ]
        shown.append(Simulator(dataclasses.replace(plan, effects=())).predictions(refit.scores))
    assert np.array_equal(shown[0], shown[3]) and np.array_equal(shown[2], shown[5])
    assert not np.allclose(shown[1], shown[4], rtol=1e-3), "what was spoilt moves what may know it"


def test_rules_are_policy_and_stay_as_they_were_when_policy_is_frozen():
    scenario = Scenario.load(US)
    frozen = supposing(scenario, 2014.75, FROZEN).corridor

    def at(corridor, name, year):
        return corridor.today(name, scenario.catalogue, "northern_triangle", year)

    assert at(scenario.corridor, "release_share", 2022) != at(scenario.corridor, "release_share", 2014.7)
    assert at(frozen, "release_share", 2022) == at(frozen, "release_share", 2014.7)
    assert at(frozen, "conflict_intensity", 2019) == at(scenario.corridor, "conflict_intensity", 2019)


@settings(max_examples=10)
@given(st.sampled_from([1999, 2002, 2008, 2016, 2022]), st.floats(1.1, 3))
def test_nothing_recorded_later_takes_part_in_a_refit(year, factor):
    design = read_design(Scenario.load(US))
    time = design.made_at(year)
    spoilt = [
        dataclasses.replace(
            record, **{part: np.where(ends_of(record) > time + 1e-9, factor, 1) * getattr(record, part)
                       for part in ("values", "low", "high")}
        )
        for record in design.plan.records
    ]  # fmt: skip
    mine, theirs = plan_at(design.plan, time), plan_at(dataclasses.replace(design.plan, records=tuple(spoilt)), time)
    assert mine.until == time and [each.label for each in mine.records] == [each.label for each in theirs.records]
    for one, other in zip(mine.records, theirs.records, strict=True):
        assert np.array_equal(one.values, other.values) and ends_of(one).max() <= time + 1e-9
    assert mine.scenario.corridor.parameters == mine.scenario.corridor.own_parameters, "no number of the stored fit"


def test_a_mechanism_is_taken_out_of_history_and_of_every_published_effect():
    plan = without(read_plan(Scenario.load(US)), {"building_share": 0.0}, ["network"])
    arms = [arm for effect in plan.effects for arm in effect.experiment.arms.values()]
    assert arms and all(each.loops_off == ("network",) for each in (plan.scenario, *arms))
    assert "building_share" not in plan.names
    row = list(catalogue().parameters).index("building_share")
    assert all(not run.task.constants[row].any() for run in Simulator(plan).runs)


# The whole -----------------------------------------------------------------------------------------------------


def test_an_evaluation_of_an_own_corridor_is_shown_and_stored(evaluated):
    file, code, out, err = evaluated
    assert code == 0, err
    assert "wrote" in err and "1 evaluations were made" in out and "Help from those already there" in out
    (stored,) = stored_evaluations(folder_of(file))
    assert stored["name"] == "base line" and not (folder_of(file) / hindcast.PARTIAL).exists()
    assert {row["origin_year"] for row in stored["rows"]} == {2003, 2004}
    for row in stored["rows"]:
        assert tuple(row) == ROW and row["horizon"] == "1-5" and row["policy"] in POLICIES
        assert 0 <= row["coverage_50"] <= row["coverage_90"] <= 1
    assert [each["mechanism"] for each in stored["ablations"]] == ["none", "network"]
    for each in stored["ablations"]:
        assert set(each) == {"mechanism", "title", "fit_mape", "mape_2004_2008", "mape_2009_2014"}
        assert each["mape_2004_2008"] > 0 and each["mape_2009_2014"] is None, "nothing was recorded then"
    deaths = [row for row in stored["by_year"] if row["measure"] == "deaths_recorded" and row["policy"] == "known"]
    assert {(row["origin_year"], row["year"]): row["recorded"] for row in deaths} == {
        (2003, 2004): 970, (2003, 2005): 985, (2004, 2005): 985,
    }  # fmt: skip
    assert all(row["p5"] <= row["p25"] <= row["p50"] <= row["p75"] <= row["p95"] for row in stored["by_year"])
    first = next(row for row in stored["rows"] if row["measure"] == "deaths_recorded" and row["origin_year"] == 2004)
    assert first["persistence_mape"] == pytest.approx(abs(970 / 985 - 1), rel=1e-4) and first["trend_mape"] is not None


def test_stored_rows_are_printed_without_running(evaluated, pushpull):
    file = evaluated[0]
    before = (folder_of(file) / FILE).read_bytes()
    code, out, err = pushpull("evaluate", file, "--stored", "--json")
    assert (code, err) == (0, "") and (folder_of(file) / FILE).read_bytes() == before
    assert json.loads(out) == stored_evaluations(folder_of(file))[0]["rows"]
    assert tuple(json.loads(out)[0]) == ROW


def test_an_evaluation_of_an_earlier_model_says_so_and_a_later_one_stays_beside_it(evaluated, tmp_path, pushpull):
    shutil.copytree(evaluated[0].parent, tmp_path / "home")
    file = tmp_path / "home" / evaluated[0].name
    strait.edit(file, "calibration.yaml", "[0.5, 2]", "[0.4, 2]")
    assert (
        pushpull("evaluate", file, "--stored")[2] == "the latest evaluation is of an earlier model, corridor or plan\n"
    )
    (first,) = stored_evaluations(folder_of(file))
    store(folder_of(file), strait.ID, {**first, "name": "evaluation 2", "what_changed": "a wider range"})
    both = stored_evaluations(folder_of(file))
    assert both[0] == first and both[1]["what_changed"] == "a wider range"


def test_an_interrupted_evaluation_goes_on_where_it_stopped(scenario, monkeypatch):
    design, folder, done = read_design(Scenario.load(scenario)), folder_of(scenario), []

    def part(design, year, refit, errors, seed):
        if year == 2004 and "stopped" not in done:
            done.append("stopped")
            raise KeyboardInterrupt
        done.append(year)
        return {"rows": [], "by_year": [], "fit": {"origin_year": year, "first": float(refit.scores[0, 0])}}

    def refitted(plan, members, seed, start):
        rng, size = np.random.default_rng([members, seed, round(10 * plan.until)]), len(plan.unknowns)
        point = rng.random(size) + (0 if start is None else start)
        mode = Mode(point, np.eye(size), np.eye(size), 0.0)
        return hindcast.Refit(plan, mode, rng.random((members, size)) + point)

    monkeypatch.setattr(hindcast, "refitted", refitted)
    monkeypatch.setattr(hindcast, "judged", part)
    monkeypatch.setattr(hindcast, "ablated", lambda design, ablation, start: {"mechanism": ablation.id})
    given = {"members": 20, "folder": folder}
    done.append("stopped")
    whole = hindcast.evaluate(design, "whole", "", members=20)
    done.clear()
    with pytest.raises(KeyboardInterrupt):
        hindcast.evaluate(design, "mine", "", **given)
    resumed = hindcast.evaluate(design, "mine", "", **given)
    assert done == [2003, "stopped", 2004]
    assert resumed["fit"] == whole["fit"], "the same numbers as without a stop"
    others = hindcast.evaluate(design, "other", "", members=20, seed=2, folder=folder)
    assert others["fit"] != whole["fit"], "what was saved is of another seed"


def test_records_go_on_in_recorded_csv_for_an_evaluation_and_for_nothing_else(scenario):
    loaded = Scenario.load(scenario)
    design = read_design(loaded)
    assert {each.label: each.times[-1] for each in design.records}["bodies_found"] == 2007.5
    assert {each.label: each.times[-1] for each in design.plan.records}["bodies_found"] == 2007.5
    assert {each.label: each.times[-1] for each in read_plan(loaded).records}["bodies_found"] == 2003.5


FAULTS = [
    ("year_ends: 1\n", "", 'the evaluation lacks "year_ends"'),
    ("made_in: [2003, 2004]", "made_in: [2003, 1850]", "a year of made_in is 1850"),
    ("of: deaths_recorded", "of: deaths_recorded_", 'compared with "deaths_recorded_"'),
    ("loops_off: [network]", "loops_off: [networks]", '"networks"'),
    ("loops_off: [network]", "parameters: {building_shar: 0}", "building_share"),
    ("{title: Help from those already there, loops_off: [network]}", "{title: Nothing}", "takes nothing out"),
    ("ablations_made_in: 2003", "ablations_made_in: 2005", "a year of made_in: 2003, 2004"),
    ("measures:", "measure:", '"measures"'),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message for *_, message in FAULTS])
def test_a_fault_of_an_evaluation_is_told_with_its_place(scenario, old, new, message, pushpull):
    strait.edit(scenario, "evaluation.yaml", old, new)
    code, out, err = pushpull("evaluate", scenario)
    assert (
        (code, out) == (2, "") and message in err and err.startswith("strait/evaluation.yaml") and err.count("\n") == 1
    )


def test_validate_takes_what_an_evaluation_asks_and_what_came_of_it(evaluated, scenario, pushpull):
    files = [folder_of(evaluated[0]) / name for name in ("evaluation.yaml", FILE)]
    assert pushpull("validate", *files)[0] == 0
    strait.edit(scenario, "evaluation.yaml", "of: deaths_recorded", "of: deaths_recorded_")
    code, _, err = pushpull("validate", folder_of(scenario) / "evaluation.yaml")
    assert code == 2 and "evaluation.yaml:5" in err and err.count("\n") == 1


def test_a_corridor_without_an_evaluation_says_what_to_do(tmp_path, pushpull):
    file = strait.make(tmp_path)
    assert "has no evaluation.yaml" in pushpull("evaluate", file)[2]
    code, out, err = pushpull("evaluate", file, "--stored")
    assert (code, out) == (1, "") and "no evaluation is stored" in err
    assert pushpull("evaluate", file, "--members", "3")[2] == "--members: at least 10 are needed\n"


DAMAGED = ["{", "[]", '{"schema_version": 1}', '{"schema_version": 1, "evaluations": [{}]}', "[" * 100_000,
           '{"schema_version": 1, "evaluations": [1]}']  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_one_message(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ScenarioFaults) as raised:
        stored_evaluations(tmp_path)
    assert str(raised.value).count("\n") == 0 and FILE in str(raised.value)


def test_the_shipped_evaluation_is_whole_and_says_how_bad_it_is():
    first = stored_evaluations(Scenario.load(US).corridor.folder)[0]
    main = [row for row in first["rows"] if row["measure"] == "apprehensions_recorded" and row["route"] == "all"]
    assert {row["origin_year"] for row in main} == set(read_design(Scenario.load(US)).made_in)
    assert all({row["policy"] for row in main if row["origin_year"] == year} == set(POLICIES) for year in (1999, 2008))
    late = next(row for row in main if (row["origin_year"], row["horizon"], row["policy"]) == (2008, "6-11", "known"))
    assert late["years"] == [2014, 2019] and late["mape"] > 1 > late["persistence_mape"]
