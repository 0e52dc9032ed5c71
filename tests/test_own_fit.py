"""A corridor of one's own, fitted to its own record: from the first call to the report, and after an edit."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.__main__ import main
from pushpull.calibration import chains, fitting
from pushpull.calibration.calibrated_text import MOVED
from pushpull.calibration.chance import ChanceLevels, beyond
from pushpull.calibration.forecast import forecast_years, window
from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.plan import read_plan
from pushpull.calibration.sampling import Mode, ScoreDraws
from pushpull.calibration.simulate import Simulator
from pushpull.commands.options import base_scenario
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage.corridors import homes
from pushpull.ensemble import Draws
from pushpull.posterior import Posterior
from pushpull.scenario import OutOfDateFit, ScenarioFaults, corridor_in
from tests import strait
from tests.strait import ID, ROUTES, edit, folder_of

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("own_fit")

DRAWS = 10
EXPERIMENT = """\
id: WAL01
title: A second pier and the lighthouse
claim: A pier that was watched twice as closely turned some of the boats away.
published: {estimate: -12, unit: "% change in landings", source: "Harbour master, annual report of 2003", quality: B}
sign: negative
consensus: single
band: {high: 0, reason: "the sign alone"}
use: tested
corridor: strait
worlds:
  plain: {policy_start: 2001, end: 2004}
  watched: {policy_start: 2001, end: 2004, policies: {border_control: {lighthouse: 2}}}
quantities:
  before: {of: irregular_arrivals, in: plain, over: [2002, 2004], route: lighthouse}
  after: {of: irregular_arrivals, in: watched, over: [2002, 2004], route: lighthouse}
measure: 100 * (after / before - 1)
measured_in: "% change in landings"
"""


@pytest.fixture
def unfitted(tmp_path):
    """The scenario file of a fresh copy of the corridor."""
    return strait.make(tmp_path)


@pytest.fixture(scope="module")
def first_fit(tmp_path_factory):
    """The corridor after a first `pushpull fit`, with what that call said and its exit code."""
    import contextlib
    import io

    scenario = strait.make(tmp_path_factory.mktemp("first"))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        code = main(["fit", "--corridor", str(scenario), "--draws", str(DRAWS)])
    return scenario, code, out.getvalue(), err.getvalue()


@pytest.fixture
def fitted(first_fit, tmp_path):
    """The scenario file of a copy of the fitted corridor, to edit."""
    shutil.copytree(first_fit[0].parent, tmp_path / "home")
    return tmp_path / "home" / first_fit[0].name


# The first call ------------------------------------------------------------------------------------------------


def test_the_first_fit_of_an_own_corridor_shows_its_table_and_ends_well(first_fit):
    scenario, code, out, err = first_fit
    assert code == 0, err
    assert all(f"landings@{route}" in out for route in ROUTES)
    assert {"posterior.nc", "calibrated.yaml", "forecast.csv"} <= {path.name for path in folder_of(scenario).iterdir()}
    assert "nan" not in out.lower().split() and "nan%" not in out and "No official count" in out
    assert f"{DRAWS} draws are few" in err


def test_the_forecast_of_a_fit_to_the_end_of_a_calendar_year_is_by_calendar_year(first_fit):
    head, first, *_ = (folder_of(first_fit[0]) / "forecast.csv").read_text().splitlines()
    assert head.startswith("year,") and first.startswith("2004,")
    assert window(2004, 2004.0) == (2004, 2005) and window(2009, 2008.75) == (2008.75, 2009.75)
    assert list(forecast_years(2008.75, 2045)) == list(range(2009, 2025))
    assert list(forecast_years(2004.0, 2006.0)) == [2004, 2005] and not forecast_years(2006.0, 2006.0)


def test_records_by_route_are_held_to_their_own_route(first_fit):
    plan = read_plan(Scenario.load(first_fit[0]))
    landings = [record for record in plan.records if record.series == "landings"]
    assert [record.route for record in landings] == list(ROUTES)
    for record in landings:
        assert record.values.tolist() == list(strait.ARRIVALS[record.route][:3])


def test_each_route_of_a_record_is_compared_with_what_the_model_has_on_that_route(unfitted, monkeypatch):
    plan = read_plan(Scenario.load(unfitted))
    simulator = Simulator(plan)
    monkeypatch.setattr(simulator, "draws", lambda scores: simulator.anchors[None])  # the numbers of an ordinary run
    shown = iter(simulator.predictions(Likelihood(plan).start[None])[0])
    result = run(Scenario.load(unfitted))
    for record in plan.records[:3]:
        route = result.routes.index(record.route)
        for time in record.times:
            year = (result.time >= time - 0.5) & (result.time <= time + 0.5)
            mean = np.trapezoid(result.by_route("irregular_arrivals")[0, year, route], result.time[year])
            assert next(shown) == pytest.approx(mean, rel=0.01)


def test_chance_is_told_from_what_the_record_says(first_fit, pushpull):
    rng = np.random.default_rng(8)
    lucky = 0
    for _ in range(40):  # fits of nothing: forty times two hundred numbers
        scores = rng.standard_normal((30, 200))
        noise = Posterior((), scores, np.ones(30), np.ones(200), scores, (), np.empty((30, 0)), {})
        lucky += bool(beyond(noise).any())
    assert lucky <= 10
    scores[:, 7] *= 0.2
    assert beyond(Posterior((), scores, np.ones(30), np.ones(200), scores, (), np.empty((30, 0)), {}))[7]
    found = json.loads(pushpull("fit", "--corridor", first_fit[0], "--json")[1])
    level = found["chance"]["variance_explained"]
    for each in found["parameters"]:
        told = each["variance_explained"] > level or abs(each["shift"]) > found["chance"]["shift"]
        assert each["beyond_chance"] is told
    shown = first_fit[2]
    assert "chance alone explains up to" in shown and "%" in shown.split("runs from")[1]
    for each in found["parameters"]:
        assert each["beyond_chance"] or not re.search(rf"^\s+{each['parameter']}\b", shown, re.MULTILINE)


def test_which_numbers_move_does_not_hang_on_the_draws(first_fit):
    few = set(corridor_in(folder_of(first_fit[0])).fit.names)
    assert 0 < len(few) < 60  # chance among ten draws would move more than a hundred
    text = (folder_of(first_fit[0]) / "calibrated.yaml").read_text()
    assert f"{MOVED:g} prior standard deviations" in text


# After an edit -------------------------------------------------------------------------------------------------


def test_a_fresh_fit_is_told_by_no_one(first_fit, pushpull):
    code, _, err = pushpull("run", first_fit[0])
    assert (code, err) == (0, "")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert corridor_in(folder_of(first_fit[0])).out_of_date == ""


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("run", "--members", "4"),
        ("explain", "departure_rate", "--corridor"),
        ("validate",),
        ("compare", "us_southwest_border"),
        ("list", "parameters", "--corridor"),
        ("export", "xmile"),
        ("fit", "--corridor"),
    ],
    ids=" ".join,
)
def test_every_command_says_in_one_line_that_a_fit_is_out_of_date(fitted, pushpull, command):
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 1.25")
    code, _, err = pushpull(*command, fitted)
    lines = [line for line in err.splitlines() if "out of date" in line]
    assert code == (1 if command[0] == "fit" else 0), err
    assert len(lines) == 1
    assert "departure_rate: the edit counts" in lines[0]
    (place,) = re.findall(r"`pushpull fit --corridor (\S+) --again`", lines[0])
    assert base_scenario(place).corridor.folder == folder_of(fitted)


def test_the_remedy_names_a_corridor_by_its_id_where_that_is_enough(fitted, pushpull, monkeypatch):
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 1.25")
    monkeypatch.chdir(fitted.parent)
    assert f"`pushpull fit --corridor {ID} --again`" in pushpull("run", ID)[2]


def test_the_edit_of_a_fitted_number_wins_and_the_other_numbers_stay_the_fits(fitted):
    before = Scenario.load(fitted).corridor
    name = "base_death_risk" if "base_death_risk" in before.fit.names else "departure_rate"
    own = before.own_parameters[name]
    assert name in before.fit.names and before.parameters[name] != own
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 0.65")
    with pytest.warns(OutOfDateFit, match="corridor.yaml has changed since; departure_rate"):
        after = Scenario.load(fitted).corridor
    assert after.parameters["departure_rate"] == 0.65
    assert set(after.fit.names) == set(before.fit.names) - {"departure_rate"}
    assert all(after.parameters[each] == before.parameters[each] for each in after.fit.names)


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_whichever_number_is_edited_its_edit_counts_and_is_told(first_fit, data):
    own = {
        name: value
        for name, value in corridor_in(folder_of(first_fit[0])).own_parameters.items()
        if isinstance(value, float)
    }
    name = data.draw(st.sampled_from(sorted(own)))
    new = own[name] * data.draw(st.sampled_from([0.999, 1.001]))
    with tempfile.TemporaryDirectory() as home, warnings.catch_warnings():
        warnings.simplefilter("ignore", OutOfDateFit)
        folder = Path(shutil.copytree(folder_of(first_fit[0]), Path(home) / "corridors" / ID))
        text = (folder / "corridor.yaml").read_text()
        (folder / "corridor.yaml").write_text(re.sub(rf"(?m)^  {name}: .*$", f"  {name}: {new!r}", text))
        try:
            corridor = corridor_in(folder)
        except ScenarioFaults as refused:  # the number stood at the end of its range
            assert name in str(refused)
            return
        assert corridor.parameters[name] == pytest.approx(new)
        assert name not in corridor.fit.names and "`pushpull fit --corridor" in corridor.out_of_date


def test_an_ensemble_spreads_around_the_edited_number(fitted):
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 0.65")
    with pytest.warns(OutOfDateFit):
        scenario = Scenario.load(fitted)
    row = list(scenario.catalogue.parameters).index("departure_rate")
    drawn = Draws.of(scenario, DRAWS, 1).constants(0, DRAWS)[:, row, 0]
    assert drawn.min() < 0.65 < drawn.max() and drawn.max() < 1.5


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("corridor.yaml", "asylum_access: 0.5", "asylum_access: 0.4", "corridor.yaml has changed"),
        ("series.csv", ",,990,deaths", ",,991,deaths", "series.csv has changed"),
        ("calibration.yaml", "error: 0.15", "error: 0.16", "calibration.yaml has changed"),
        ("calibrated.yaml", 'equations: "', 'equations: "0', "equations have changed"),
    ],
)
def test_whatever_a_fit_is_made_from_is_watched(fitted, file, old, new, told):
    edit(fitted, file, old, new)
    with pytest.warns(OutOfDateFit, match=told):
        assert Scenario.load(fitted).corridor.fit.edited == ()


@pytest.mark.parametrize("name", ["calibrated.yaml", "posterior.nc"])
def test_half_a_fit_is_told_and_runs(fitted, pushpull, name):
    (folder_of(fitted) / name).unlink()
    code, _, err = pushpull("run", fitted, "--members", "3")
    assert code == 0 and err.count("out of date") == 1 and f"{name} is gone" in err


def test_a_note_or_a_title_makes_no_fit_old(fitted, pushpull):
    edit(fitted, "corridor.yaml", "read off a survey of towns", "read off a survey of all towns")
    edit(fitted, "corridor.yaml", "title: A strait", "title: The strait  # so it is called")
    assert pushpull("run", fitted)[2] == ""
    code, _, err = pushpull("fit", "--corridor", fitted)
    assert code == 0 and "out of date" not in err


@pytest.mark.parametrize("name", ["series.csv", "calibration.yaml", "corridor.yaml"])
def test_what_another_system_makes_of_the_ends_of_lines_makes_no_fit_old(fitted, name):
    path = strait.folder_of(fitted) / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert Scenario.load(fitted).corridor.out_of_date == ""


@pytest.mark.parametrize("name", ["calibrated.yaml", "posterior.nc", "forecast.csv"])
@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"\0\0"])
def test_the_way_out_of_a_damaged_fit_names_its_own_corridor(fitted, pushpull, monkeypatch, name, damage):
    monkeypatch.chdir(fitted.parent)
    (folder_of(fitted) / name).write_bytes(damage)
    code, _, err = pushpull("export", "report", "--corridor", ID, "-o", "report.html", "--members", "2")
    assert code == 2 and len(err.splitlines()) == 1, err
    assert f"corridors/{ID}/{name}:" in err and f"`pushpull fit --corridor {ID} --again`" in err, err


def test_a_route_that_is_new_since_the_fit_is_told_and_runs(fitted, pushpull):
    text = (folder_of(fitted) / "corridor.yaml").read_text()
    shares = re.search(r"initial_route_share: \{.*\}", text)[0]
    edit(fitted, "corridor.yaml", "  reef: {title: The reef}\n", "  reef: {title: The reef}\n  dunes: {title: Dunes}\n")
    edit(fitted, "corridor.yaml", shares, "initial_route_share: {lighthouse: 0.2, harbour: 0.4, reef: 0.3, dunes: 0.1}")
    code, _, err = pushpull("run", fitted)
    assert code == 0 and err.count("out of date") == 1 and "corridor.yaml" in err


def test_calibrated_numbers_that_do_not_say_what_they_were_made_from_are_told(fitted, pushpull):
    path = folder_of(fitted) / "calibrated.yaml"
    head, _, rest = path.read_text().partition("# What they were made from")
    path.write_text(head + "parameters:" + rest.partition("\nparameters:")[2])
    code, _, err = pushpull("run", fitted)
    assert code == 0 and "does not say what it was made from" in err


def test_the_page_warns_of_a_fit_that_is_out_of_date_in_both_languages(fitted):
    def warned():
        state = State.opening(ID, homes=homes(fitted.parent))
        result = cached_run(state.scenario)
        found = verdicts(indicators.changes(result, result, 2025), None, 2025)
        return [each.key for each in advisories_of(state, found)]

    assert warned() == []
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 1.2")
    with pytest.warns(OutOfDateFit):
        assert warned() == ["fit_out_of_date"]
    for name in ("en", "fr"):
        words = language(name).section("advisories.fit_out_of_date")
        assert "pushpull fit --corridor" in words["why"] and "--again" in words["why"] and words["what"]


# Where a value comes from --------------------------------------------------------------------------------------


def test_explain_says_where_the_value_in_force_comes_from(fitted, pushpull, tmp_path):
    def explained(name, scenario=fitted):
        return json.loads(pushpull("explain", name, "--corridor", scenario, "--json")[1])

    names = Scenario.load(fitted).corridor.fit.names
    assert "departure_rate" in names
    found, text = explained("departure_rate"), pushpull("explain", "departure_rate", "--corridor", fitted)[1]
    assert found["value_from"] == "fit" and found["moved_from"] == {"all": 1.5} and found["today"] != {"all": 1.5}
    assert "source: the fit of strait to its record" in text
    assert "moved from 1.50 of corridor.yaml: read off a survey" in text.replace("1.5 ", "1.50 ")
    assert explained("border_control")["value_from"] == "corridor"
    assert explained("initial_people_at_home")["source"] == "the corridor strait (corridor.yaml)"
    untouched = next(name for name, card in Scenario.load(fitted).catalogue.parameters.items()
                     if name not in names and name not in Scenario.load(fitted).corridor.parameters)  # fmt: skip
    assert explained(untouched)["value_from"] == "card"
    fitted.write_text(strait.SCENARIO + "parameters: {departure_rate: 2}\n")
    set_here = explained("departure_rate")
    assert (set_here["value_from"], set_here["source"], set_here["today"]) == ("scenario", "the scenario today.yaml", 2)
    route_and_driver = "parameters: {initial_interdiction_probability: {reef: 0.2}}\ncontext: {labour_demand: 0.04}\n"
    fitted.write_text(strait.SCENARIO + route_and_driver)
    part = explained("initial_interdiction_probability")
    assert part["value_from"]["reef"] == "scenario" != part["value_from"]["harbour"]
    assert part["today_by_route"]["reef"] == 0.2 and "reef: the scenario today.yaml" in part["source"]
    driver = explained("labour_demand")
    assert (driver["value_from"], driver["today"]) == ("scenario", 0.04)
    fitted.write_text(strait.SCENARIO)
    edit(fitted, "corridor.yaml", "departure_rate: 1.5", "departure_rate: 1.1")
    edited = explained("departure_rate")
    assert edited["value_from"] == "corridor" and "edited since its fit" in edited["source"] and edited["today"] == 1.1


# What cannot be fitted -----------------------------------------------------------------------------------------


def faults_of(scenario):
    with pytest.raises(ScenarioFaults) as told:
        read_plan(Scenario.load(scenario))
    return list(map(str, told.value.faults))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("error: 0.2,", "error: 15,", ["error of bodies_found", "at most 3", "15 percent is 0.15"]),
        ("error: 0.2,", "error: 0,", ["error of bodies_found", "above 0"]),
        ("error: 0.2, tolerance: 60", "error: 0.2, tolerance: 0.6", ["a share of 0.6 is 60 percent"]),
        ("of: deaths_recorded", "of: smuggler_fee", ["deaths a year", "smuggler_fee", "USD/person"]),
        ("of: irregular_residents", "of: smuggler_fee", ["persons", "USD/person"]),
        ("of: irregular_arrivals", "of: irregular_residents", ["by route", "one number for the whole corridor"]),
        ("fitted: false", "fitted: no", ["fitted of residents", "true or false"]),
        ("landings:", "landing:", ['no series "landing"', 'did you mean "landings"?']),
        ("of: deaths_recorded", "of: deaths_recorded, by: route", ["bodies_found has no values by route"]),
        ("error: 0.3,", "error: 0.3, within: 20,", ["within of residents", "20 percent is 0.2"]),
        ("schema_version: 1", "schema_version: 4", ["schema_version", "the number 1"]),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_meant_is_refused_in_words(unfitted, old, new, words):
    edit(unfitted, "calibration.yaml", old, new)
    faults = faults_of(unfitted)
    assert len(faults) == 1 and re.match(r"strait/calibration.yaml:\d+: ", faults[0])
    assert all(word in faults[0] for word in words), faults


def test_a_plan_that_fits_nothing_says_so(unfitted, pushpull):
    edit(unfitted, "calibration.yaml", "fitted: true", "fitted: false")
    code, out, err = pushpull("fit", "--corridor", unfitted)
    assert (code, out) == (2, "") and "nothing is fitted" in err and len(err.splitlines()) == 1


@pytest.mark.parametrize("value", ["0", "-4"])
def test_a_recorded_value_that_has_no_logarithm_is_told_with_its_line(unfitted, value):
    edit(unfitted, "series.csv", ",,990,", f",,{value},")
    (fault,) = faults_of(unfitted)
    assert "bodies_found" in fault and "series.csv, line 17" in fault and "since or until" in fault


def test_a_plan_without_series_says_so(unfitted):
    (folder_of(unfitted) / "series.csv").unlink()
    edit(
        unfitted,
        "corridor.yaml",
        "recorded:\n  irregular_residents:\n    - {series: residents, title: Estimates}\n",
        "",
    )
    (fault,) = faults_of(unfitted)
    assert "no series.csv beside the corridor" in fault


def test_a_series_in_thousands_asks_for_a_scale_and_takes_it(unfitted):
    edit(unfitted, "series.csv", "deaths a year", "thousand deaths a year")
    (fault,) = faults_of(unfitted)
    assert "scale: 1000" in fault and 'recorded in "thousand deaths a year"' in fault
    edit(unfitted, "calibration.yaml", "error: 0.2,", "error: 0.2, scale: 1000,")
    bodies = next(record for record in read_plan(Scenario.load(unfitted)).records if record.series == "bodies_found")
    assert bodies.values[0] == 990_000


def test_a_record_a_thousand_times_off_is_not_searched_for(unfitted, pushpull):
    edit(unfitted, "calibration.yaml", "error: 0.2,", "error: 0.2, scale: 100000,")
    code, out, err = pushpull("fit", "--corridor", unfitted)
    assert (code, out) == (2, "") and "bodies_found: recorded are about 9.85e+07" in err
    assert not (folder_of(unfitted) / "posterior.nc").exists()


def test_too_few_draws_are_refused(unfitted, pushpull):
    code, out, err = pushpull("fit", "--corridor", unfitted, "--draws", "2")
    assert (code, out) == (2, "") and err == "--draws: at least 10 draws are needed\n"


def test_an_interrupted_fit_leaves_the_old_one_whole_and_says_what_is_kept(fitted, pushpull, monkeypatch):
    folder = folder_of(fitted)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    drawn = fitting.sample

    def stopped(target, mode, draws, seed, partial, key, progress):
        def stop(what, done, whole):
            if done >= 4:
                raise KeyboardInterrupt

        return drawn(target, mode, draws, seed, partial, key, stop)

    def mode(target, progress, start):
        size = target.unknowns
        return Mode(np.zeros(size), 0.1 * np.eye(size), np.zeros((len(target.group), size)), 1.0)

    monkeypatch.setattr(fitting, "find_mode", mode)
    monkeypatch.setattr(fitting, "sample", stopped)
    code, out, err = pushpull("fit", "--corridor", fitted, "--again", "--draws", "10", "--seed", "3")
    assert (code, out) == (130, "") and "goes on from there" in err
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert set(after) - set(before) == {fitting.PARTIAL}
    assert all(after[name] == before[name] for name in before)


def test_draws_of_chains_are_named_in_the_file_and_judged_by_whether_chains_have_met(fitted, pushpull, monkeypatch):
    def ends(target, mode, count, *rest):
        return ScoreDraws(0.1 * np.random.default_rng(2).standard_normal((count, target.unknowns)), np.zeros(count))

    size = len(Posterior.load(folder_of(fitted) / "posterior.nc").parameters)
    mode = Mode(np.zeros(size), 0.1 * np.eye(size), np.zeros((1, size)), 1.0)
    monkeypatch.setattr(fitting, "find_mode", lambda *given: mode)
    for name, value in (("CHAINS", 10), ("SLOPED", 1), ("sample", ends)):
        monkeypatch.setattr(chains, name, value)
    pushpull("fit", "--corridor", fitted, "--again", "--draws", "40", "--steps", "9")
    facts = Posterior.load(folder_of(fitted) / "posterior.nc").provenance
    assert (facts["chains"], facts["steps"], facts["steps_left_out"]) == (10, 9, 3)
    assert facts["method"] == fitting.CHAINS and not list(folder_of(fitted).glob("*.partial"))
    assert "this fit takes 40 draws or more" in pushpull("fit", "--corridor", fitted, "--judge", "--draws", "39")[2]
    out = pushpull("fit", "--corridor", fitted, "--judge")[1]
    assert "Judged by 40 draws of 10 chains" in out and "The ranges of the fit are approximate" in out


def test_a_fit_that_cannot_be_written_leaves_neither_of_its_files(fitted, monkeypatch):
    folder = folder_of(fitted)
    names = ("posterior.nc", "calibrated.yaml", "forecast.csv")
    before = {name: (folder / name).read_bytes() for name in names}
    stored = Posterior.load(folder / "posterior.nc")
    scenario = Scenario.load(fitted)

    def full(self, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fitting, "find_mode", lambda *given: type("Mode", (), {"point": np.zeros(3)})())
    monkeypatch.setattr(fitting, "sample", lambda *given: None)
    monkeypatch.setattr(fitting, "posterior_of_draws", lambda *given: stored)
    monkeypatch.setattr(Posterior, "save", full)
    with pytest.raises(OSError, match="No space"):
        fitting.fit(scenario, draws=DRAWS)
    assert {name: (folder / name).read_bytes() for name in names} == before
    assert not [path for path in folder.iterdir() if path.suffix in (".part", ".tmp") or "tmp" in path.name]


# Report, evidence, validate ------------------------------------------------------------------------------------


def test_a_report_on_an_own_corridor_tells_what_is_known_of_it_and_nothing_of_another(first_fit, pushpull, tmp_path):
    page = tmp_path / "report.html"
    code, out, err = pushpull("export", "report", "--corridor", first_fit[0], "--members", "4", "-o", page)
    assert (code, out) == (0, ""), err
    text = re.sub(
        r"<[^>]+>", " ", re.sub(r"<(svg|style).*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    )
    text = " ".join(text.split())
    assert all(f"landings@{route}" in text for route in ROUTES)
    assert "Calendar years 2004 to 2019" in text and "Fiscal" not in text
    assert "no official count" in text and not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert "none was written about this corridor" in text and "Apprehensions weigh more" not in text
    assert "not carried over to another" in text


def test_the_experiments_beside_an_own_corridor_are_run_fitted_to_and_reported(unfitted, pushpull):
    home = folder_of(unfitted) / "evidence"
    home.mkdir()
    (home / "WAL01.yaml").write_text(EXPERIMENT)
    for arguments in (("--corridor", unfitted), (home / "WAL01.yaml",), ("WAL01", "--corridor", unfitted)):
        code, out, err = pushpull("evidence", *arguments, "--members", "3", "--json")
        found = json.loads(out)
        assert code == 0 and [row["id"] for row in found["rows"]] == ["WAL01"], err
        assert found["rows"][0]["verdict"] in ("within range", "wrong sign")
    text = (folder_of(unfitted) / "calibration.yaml").read_text()
    (folder_of(unfitted) / "calibration.yaml").write_text(
        text + 'effects:\n  WAL01: {error: 5, why: "measured here"}\n'
    )
    (effect,) = read_plan(Scenario.load(unfitted)).effects
    assert effect.experiment.id == "WAL01" and effect.high == 0


def test_a_plan_says_what_is_wrong_with_one_experiment_and_reads_the_others(unfitted, pushpull):
    home, plan = folder_of(unfitted) / "evidence", folder_of(unfitted) / "calibration.yaml"
    home.mkdir()
    (home / "WAL01.yaml").write_text(EXPERIMENT.replace("over: [2002, 2004]", "over: [2004, 2002]"))
    (home / "WAL02.yaml").write_text(EXPERIMENT.replace("id: WAL01", "id: WAL02"))
    effects = "".join(f'  {name}: {{error: 5, why: "measured here"}}\n' for name in ("WAL01", "WAL02"))
    plan.write_text(f"{plan.read_text()}effects:\n{effects}")
    code, out, err = pushpull("validate", plan)
    assert (code, out) == (2, "") and "WAL01.yaml" in err and "has no window" in err and "WAL02" not in err


def test_a_corridor_without_experiments_is_told_plainly(unfitted, pushpull):
    code, out, err = pushpull("evidence", "--corridor", unfitted, "--members", "3")
    assert (code, out) == (2, "") and "no experiment is on the corridor strait" in err and "evidence/ID.yaml" in err
    assert len(err.splitlines()) == 1


def test_a_file_that_is_no_experiment_is_told_once(unfitted, pushpull):
    code, out, err = pushpull("evidence", folder_of(unfitted) / "corridor.yaml")
    assert (code, out) == (2, "") and "this is no experiment" in err and len(err.splitlines()) == 1


def test_findings_out_of_reach_make_no_share_of_nothing(pushpull):
    code, out, _ = pushpull("evidence", "ASY01", "FLO01", "--members", "2")
    assert code == 0 and "nan" not in out and "None of the 2 findings" in out


def test_validate_takes_every_file_of_a_corridor_for_what_it_is(fitted, pushpull):
    folder = folder_of(fitted)
    (folder / "evidence").mkdir()
    (folder / "evidence" / "WAL01.yaml").write_text(EXPERIMENT)
    files = [folder / name for name in ("calibration.yaml", "calibrated.yaml", "series.csv", "evidence/WAL01.yaml")]
    code, out, err = pushpull("validate", *files)
    assert (code, err) == (0, "") and out.count(": fine") == len(files)
    edit(fitted, "calibration.yaml", "reading: point", "reading: dot")
    edit(fitted, "calibration.yaml", "departure_rate: {times", "departure_rat: {times")
    code, out, err = pushpull("validate", files[0])
    lines = err.splitlines()
    assert code == 2 and len(lines) == 2 and all(line.startswith(f"{files[0]}:") for line in lines)
    assert 'did you mean "departure_rate"?' in lines[0] and "the reading of residents" in lines[1]
    (folder / "evidence" / "WAL01.yaml").write_text(EXPERIMENT.replace("over: [2002, 2004]", "over: [2004, 2002]"))
    code, _, err = pushpull("validate", files[3])
    assert code == 2 and "has no window" in err and "knows no" not in err


def test_a_plan_without_its_corridor_is_told_to_be_one(tmp_path, pushpull):
    (tmp_path / "plan.yaml").write_text(strait.PLAN)
    code, _, err = pushpull("validate", tmp_path / "plan.yaml")
    assert code == 2 and "calibration plan" in err and "no corridor beside it" in err


def test_the_shipped_fit_is_fresh_for_every_command(pushpull):
    scenario = Scenario.load("us_southwest_border")
    assert scenario.corridor.fit.current and len(scenario.corridor.fit.names) > 100
    assert ChanceLevels.of(Posterior.load(scenario.corridor.folder / "posterior.nc")).few == ""
    code, _, err = pushpull("validate", "us_southwest_border", scenario.corridor.folder / "calibration.yaml")
    assert (code, err) == (0, "")
