"""Published effects as experiments: their files, their arithmetic, their faults, and the verdicts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pushpull import Scenario, run, run_ensemble
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.evidence import verdicts
from pushpull.evidence.experiment_files import experiment_folder, experiment_ids, read_experiment, read_experiments
from pushpull.evidence.measure_language import FUNCTIONS, MeasureFault, names_in, read_off, work_out
from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Scoreboard, judge, score
from pushpull.reporting.evidence_fields import scoreboard_fields
from pushpull.scenario import ScenarioFaults
from tests.cases import failing

REACHED = "out of reach"
REASON = "consensus: single\nnot_representable: The model has no such thing.\n"

EXPERIMENT = """\
id: TST01
title: More patrols and entries
claim: More patrols, fewer entries.
published: {estimate: 1, low: null, high: null, unit: "%", where: nowhere, source: gathmann2008, quality: A}
sign: negative
consensus: agreed
band: {low: -9, high: -1, reason: An example}
use: tested
corridor: us_southwest_border
worlds:
  held: {policy_start: 1990, end: 1993}
  more: {policy_start: 1990, end: 1993, policies: {border_control: {times_today: 1}}}
quantities:
  before: {of: irregular_entries, in: held, over: [1991, 1992]}
  after: {of: irregular_entries, in: more, over: [1991, 1992]}
measure: 100 * (after / before - 1)
measured_in: "% change in entries"
"""


@pytest.fixture
def written(tmp_path):
    """An experiment file with some of its text replaced."""

    def write(*changes: tuple[str, str]) -> Path:
        text = EXPERIMENT
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not in the example once"
            text = text.replace(old, new)
        path = tmp_path / "TST01.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


# The files that are shipped -----------------------------------------------------------------------------------


def test_the_table_of_findings_lists_exactly_the_files_with_their_use_and_title():
    lines = (experiment_folder() / "README.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if re.match(r"\| [A-Z]{2,3}\d\d ", line)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    told = [[one.id, one.use or REACHED, one.title] for one in read_experiments()]
    assert rows == told


def test_no_finding_of_a_family_is_left_out():
    ids = set(experiment_ids())
    families = {each[:-2] for each in ids}
    cited = {row for entry in catalogue().references.values() for row in entry.get("evidence_ids", ())}
    assert {"FEE01", "FLO20"} <= cited, "the bibliography tells which findings a source holds"
    assert {row for row in cited if row[:-2] in families} == ids


def test_every_finding_names_a_source_that_holds_it_and_has_a_range_or_a_reason():
    assert failing(sourced, read_experiments(), attrgetter("id")) == []


def sourced(one):
    assert one.id in catalogue().references[one.published["source"]]["evidence_ids"]
    assert one.published["quality"] in ("A", "B", "C") and one.published.get("unit") and one.published.get("where")
    if one.not_representable:
        assert not one.arms and len(one.not_representable) >= 40
        return
    assert one.arms and one.quantities and one.measured_in and one.note
    assert one.low is not None or one.high is not None
    assert one.range_reason
    assert {quantity.arm for quantity in one.quantities.values()} == set(one.arms), "an arm nobody reads"
    assert names_in(one.measure) == set(one.quantities), "a quantity nobody uses"


def test_no_range_contradicts_its_sign():
    assert failing(of_one_sign, read_experiments(), attrgetter("id")) == []


def of_one_sign(one):
    if one.sign == "positive":
        assert one.high is None or one.high > 0
        assert one.low is None or one.low >= 0
    if one.sign == "negative":
        assert one.low is None or one.low < 0
        assert one.high is None or one.high <= 0


# Faults -------------------------------------------------------------------------------------------------------

FAULTS = {
    "an unknown key": (("claim:", "clame:"), 3, ["clame", 'did you mean "claim"?']),
    "an unknown variable": (
        ("after: {of: irregular_entries", "after: {of: irregular_entrys"), 15,
        ["irregular_entrys", 'did you mean "irregular_entries"?'],
    ),
    "an unknown arm": (("in: more", "in: moor"), 15, ["moor", "held", 'did you mean "more"?']),
    "an unknown lever": (("border_control", "border_contrl"), 12, ["arm more", 'did you mean "border_control"?']),
    "a word no arm knows": (("more: {policy_start", "more: {policy_begin"), 12, ["policy_begin", "policies"]),
    "a window outside the run": (
        ("in: more, over: [1991, 1992]", "in: more, over: [1991, 1995]"), 15, ["1991 to 1995", "1990 to 1993"],
    ),
    "a window back to front": (("in: more, over: [1991, 1992]", "in: more, over: [1992, 1991]"), 15, ["no window"]),
    "a window and a year": (("in: more, over", "in: more, at: 1991, over"), 15, ["no window"]),
    "an unknown way to read": (("in: more,", "in: more, how: meen,"), 15, ["meen", 'did you mean "mean"?']),
    "an unknown route": (
        ("of: irregular_entries, in: more", "of: traffic, in: more, route: arizonia"), 15, ['did you mean "arizona"?'],
    ),
    "a route where there is none": (("in: more,", "in: more, route: arizona,"), 15, ["irregular_entries", "no route"]),
    "a population where there is none": (("in: more,", "in: more, population: labour,"), 15, ["no population"]),
    "an unknown source": (("gathmann2008", "gathman2008"), 4, ["gathman2008", 'did you mean "gathmann2008"?']),
    "an unknown sign": (("sign: negative", "sign: negativ"), 5, ['did you mean "negative"?']),
    "an unknown corridor": (("us_southwest", "us_southwestern"), 9, ['did you mean "us_southwest_border"?']),
    "an empty range": (("low: -9, high: -1, ", ""), 7, ["range is empty"]),
    "a range the wrong way round": (("low: -9", "low: 9"), 7, ["range is empty", "low below high"]),
    "a range of words": (("low: -9", "low: little"), 7, ["low of the accepted range", "a number"]),
    "another finding's id": (("id: TST01", "id: TST02"), 1, ["TST02", "TST01"]),
    "an unknown quantity": (("after / before", "afters / before"), 16, ["afters", 'did you mean "after"?']),
    "a measure with a call": (("after / before", "open(after)"), 16, ["may be called"]),
    "a measure with an attribute": (("after / before", "after.size"), 16, ["Attribute has no place"]),
    "a measure that is no arithmetic": (("after / before", "after over before"), 16, ["no arithmetic"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_once_with_its_line_and_what_was_meant(written, case):
    change, line, words = case
    with pytest.raises(ScenarioFaults) as found:
        read_experiment(written(change))
    told = [str(fault) for fault in found.value.faults if fault.line == line]
    assert len(told) == 1 and told[0].startswith(f"evidence/TST01.yaml:{line}: "), found.value
    assert all(word in told[0] for word in words), told[0]
    others = [str(fault) for fault in found.value.faults if fault.line != line]
    assert all("lacks" in other for other in others), "only what a misspelt key leaves out follows from a fault"


def test_the_example_itself_is_without_fault(written):
    one = read_experiment(written())
    assert (one.low, one.high, one.sign, one.sign_only) == (-9, -1, "negative", False)
    assert set(one.arms) == {"held", "more"} and one.quantities["after"].window == (1991, 1992)


def test_what_the_model_cannot_speak_to_needs_no_worlds(tmp_path):
    text = EXPERIMENT[: EXPERIMENT.index("sign:")] + REASON
    path = tmp_path / "TST01.yaml"
    path.write_text(text, encoding="utf-8")
    one = read_experiment(path)
    assert one.not_representable and not one.arms
    assert judge(one, None).verdict == OUT_OF_REACH


@pytest.mark.parametrize(("asked", "meant"), [("fee01", "FEE01"), ("FEE001", "FEE01"), ("FLO200", "FLO20")])
def test_an_unknown_finding_is_told_with_the_nearest_name(asked, meant):
    with pytest.raises(ScenarioFaults, match=f'did you mean "{meant}"'):
        read_experiments([asked])


# Arithmetic ---------------------------------------------------------------------------------------------------

SUMS = {
    "a + 2 * b": 8.0,
    "-(a - b) / 4": 0.25,
    "2 ** b": 8.0,
    "min(a, b, 1) + max(a, b)": 4.0,
    "log(exp(a)) + abs(-b)": 5.0,
    "1e3": 1000.0,
}
REFUSED = [
    "__import__('os')", "a.size", "a[0]", "a if b else 1", "a < b", "a and b", "not a", "[a for a in b]", "lambda: a",
    "'a' * 9", "True + a", "1j * a", "a // b", "a % b", "f'{a}'", "(a, b)", "{a}", "a := 1", "a; b", "a = b", "",
    "log()", "log(a, b)", "abs(a, b)", "min()", "min(*a)", "max(a, key=b)", "sqrt(a)", "(log)(a)(b)", "a(b)", "a +",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SUMS.items())
def test_a_measure_is_worked_out_for_every_member(text, value):
    members = {"a": np.array([2.0, 2.0]), "b": np.array([3.0, 3.0])}
    np.testing.assert_allclose(np.broadcast_to(work_out(text, members), 2), value)


@pytest.mark.parametrize("text", REFUSED)
def test_anything_but_arithmetic_is_refused(text):
    with pytest.raises(MeasureFault):
        names_in(text)


@pytest.mark.parametrize("text", ["c", "log + 1", "a + print"])
def test_a_name_that_is_no_quantity_cannot_be_used(text):
    with pytest.raises(MeasureFault, match="no quantity"):
        work_out(text, {"a": np.ones(2)})
    assert names_in(text) - {"a"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_working_out_leaves_the_quantities_alone(function):
    members = {"a": np.array([-1.0, 2.0])}
    work_out(f"{function}(a) + a", members)
    assert members["a"].tolist() == [-1.0, 2.0]


def test_dividing_by_nought_is_no_error_and_no_number():
    assert not np.isfinite(work_out("a / b", {"a": np.zeros(1), "b": np.zeros(1)})).any()


def path_of(values, start=2000.0):
    """A run of one member of one variable, a value a quarter."""
    series = np.array([values], dtype=float)
    return SimpleNamespace(time=start + np.arange(len(values)) / 4, total=lambda *_: series)


READINGS = {"mean": 4.0, "sum": 4.0, "max": 8.0, "min": 0.0, "change": 8.0, "half_time": 0.5}


@pytest.mark.parametrize(("how", "value"), READINGS.items())
def test_a_number_is_read_off_a_straight_line_as_its_name_says(how, value):
    run = path_of([99, 0, 2, 4, 6, 8, 99])
    assert read_off(run, "it", (2000.25, 2001.25), how) == pytest.approx(value)


def test_one_year_is_read_between_the_steps():
    assert read_off(path_of([0, 4]), "it", (2000.125, 2000.125)) == pytest.approx(2)


@pytest.mark.parametrize(("how", "value"), {"mean": 2.0, "sum": 0.4, "change": 1.6, "max": 2.8, "min": 1.2}.items())
def test_a_window_may_begin_and_end_between_the_steps(how, value):
    assert read_off(path_of([0, 2, 4]), "it", (2000.15, 2000.35), how) == pytest.approx(value)


def test_what_never_moves_has_no_half_time():
    assert np.isnan(read_off(path_of([3, 3, 3]), "it", (2000, 2000.5), "half_time"))


# Verdicts -----------------------------------------------------------------------------------------------------

VERDICTS = [
    ("positive", 5, 10, 7, WITHIN),
    ("positive", 5, 10, 5, WITHIN),
    ("positive", 5, 10, 12, RIGHT),
    ("positive", 5, 10, 1, RIGHT),
    ("positive", 5, 10, -1, WRONG),
    ("positive", 0, None, 1e9, WITHIN),
    ("positive", 0, None, 0, WRONG),
    ("positive", None, 10, -1, WRONG),
    ("negative", -10, -5, -7, WITHIN),
    ("negative", -10, -5, -1, RIGHT),
    ("negative", None, 0, -3, WITHIN),
    ("negative", None, 0, 3, WRONG),
    ("zero", -2, 2, 1, WITHIN),
    ("zero", -2, 2, 3, WRONG),
    ("zero", None, 2, -99, WITHIN),
    ("positive", 5, 10, float("nan"), WRONG),
]


@pytest.mark.parametrize(("sign", "low", "high", "median", "verdict"), VERDICTS)
def test_a_verdict_follows_from_sign_and_range(written, sign, low, high, median, verdict):
    one = replace(read_experiment(written()), sign=sign, low=low, high=high)
    assert judge(one, np.array([median - 1, median, median + 1])).verdict == verdict


def test_a_verdict_tells_the_median_and_the_outer_twentieths(written):
    told = judge(read_experiment(written()), np.arange(101.0))
    assert (told.low, told.median, told.high) == (5, 50, 95)


def test_only_a_firm_finding_of_the_best_grade_can_be_firmly_wrong(written):
    one = read_experiment(written())
    published = {**one.published, "quality": "B"}
    board = Scoreboard(
        (
            judge(replace(one, id="AAA01"), np.ones(3)),
            judge(replace(one, id="AAA02", consensus="contested"), np.ones(3)),
            judge(replace(one, id="AAA03", published=published), np.ones(3)),
            judge(replace(one, id="AAA04"), -np.ones(3)),
            judge(replace(one, id="AAA05", not_representable="Out of reach", arms={}), None),
        )
    )
    assert board.firm_and_wrong == ("AAA01",)
    told = scoreboard_fields(board)
    counts = {"rows": 5, "tested": 4, "within_band": 1, "right_sign": 0, "wrong_sign": 3, "not_representable": 1}
    assert {key: told[key] for key in counts} == counts
    assert told["share_within_band"] == 0.25 and told["grade_a_consensus_wrong"] == ["AAA01"]


# Runs ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """The example as the only experiment there is."""
    monkeypatch.setattr("pushpull.evidence.experiment_files.experiment_folder", lambda: tmp_path)


def test_a_world_against_itself_measures_nothing_on_every_member(written, shipped):
    # Before the record of patrols begins to move, holding them at their first value is the record itself.
    written()
    one = read_experiments()[0]
    assert one.arms["held"].digest != one.arms["more"].digest, "the two arms are two runs"
    told = score(members=4).verdicts[0]
    assert told.members.shape == (4,) and (told.members == 0).all()
    assert told.verdict == WRONG, "nothing is not a fall"


def test_more_patrols_stop_more_people_in_a_real_run():
    board = score(["FLO20", "FEE01"], members=4)
    assert [each.experiment.id for each in board.verdicts] == ["FLO20", "FEE01"]
    for told in board.verdicts:
        assert told.members.shape == (4,) and np.isfinite(told.members).all()
        assert 0 < told.low <= told.median <= told.high
        assert np.ptp(told.members) > 0, "members differ in their parameters"
        assert told.verdict in (WITHIN, RIGHT)


def test_a_world_that_experiments_share_is_run_once(monkeypatch):
    ran = []

    def counted(scenario, *given, **keep):
        ran.append(scenario.digest)
        return run_ensemble(scenario, *given, **keep)

    monkeypatch.setattr(verdicts, "run_ensemble", counted)
    shared = read_experiments(["FEE01", "FEE03"])
    arms = {arm.digest for one in shared for arm in one.arms.values()}
    assert len(arms) < sum(len(one.arms) for one in shared), "the two share an arm"
    score(["FEE01", "FEE03"], members=2)
    assert sorted(ran) == sorted(arms)


def test_one_member_is_no_ensemble():
    with pytest.raises(ValueError, match="at least 2 members"):
        score(["FEE01"], members=1)


def test_a_route_and_a_population_are_read_alone_and_add_up_to_the_whole():
    result = run(Scenario.load("g8_2001").with_changes(policy_start=1990, end=1992))
    routes = [result.total("departures", route=route) for route in result.routes]
    parts = [result.total("departures", part) for part in ("labour", "protection")]
    np.testing.assert_allclose(sum(routes), result.total("departures"))
    np.testing.assert_allclose(sum(parts), result.total("departures"))
    fees = [result.total("smuggler_fee", route=route) for route in result.routes]
    np.testing.assert_array_equal(np.stack(fees, axis=2), result.by_route("smuggler_fee"))
    with pytest.raises(KeyError, match="no population"):
        result.total("smuggler_fee", "labour")


def test_the_same_seed_gives_the_same_numbers():
    first, again = (score(["FLO20"], members=3, seed=7).verdicts[0].members for _ in range(2))
    assert (first == again).all()
    assert (first != score(["FLO20"], members=3, seed=8).verdicts[0].members).any()


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_every_row_and_how_they_add_up(capsys):
    code = main(["evidence", "FLO20", "FLO01", "--members", "2", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in told["rows"]] == ["FLO20", "FLO01"]
    keys = {"id", "title", "claim", "published", "band", "sign", "consensus", "use", "sign_only", "model", "verdict"}
    assert keys <= set(told["rows"][0])
    assert set(told["rows"][0]["model"]) == {"median", "low", "high"}
    assert told["rows"][1]["verdict"] == OUT_OF_REACH and told["rows"][1]["reason"]
    assert told["summary"]["rows"] == 2 and told["summary"]["tested"] == told["summary"]["numeric_tested"] == 1
    assert code == (1 if told["summary"]["grade_a_consensus_wrong"] else 0)


def test_the_command_ends_with_one_where_a_firm_sign_is_wrong(written, shipped, capsys):
    written()
    assert main(["evidence", "--members", "2"]) == 1
    said = capsys.readouterr()
    assert "TST01" in said.out and WRONG in said.out
    assert "wrong sign against firm evidence: TST01" in said.err


@pytest.mark.parametrize("arguments", [("FEE001",), ("FEE01", "--members", "1")])
def test_the_command_refuses_what_it_cannot_use(capsys, arguments):
    assert main(["evidence", *arguments]) == 2
    said = capsys.readouterr()
    assert not said.out and len(said.err.splitlines()) == 1


def test_stopping_the_command_is_no_failure_of_the_model(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(verdicts, "judge", interrupted)
    assert main(["evidence", "FLO20", "--members", "2"]) == 130
    assert not capsys.readouterr().out
