"""Scores of published effects that are stored with the version: one score for page, command line and report."""

import inspect
import json
import re
from html import unescape

import pytest

from pushpull.__main__ import main
from pushpull.commands import evidence as command
from pushpull.dashboard.compute import shared
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import evidence_page
from pushpull.dashboard.state.state import State
from pushpull.evidence import stored_scores
from pushpull.evidence.experiment_files import read_experiments
from pushpull.evidence.verdicts import MEMBERS, RIGHT, SEED, WITHIN, WRONG, score
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario import corridor_in
from pushpull.scenario.library import shipped_folder
from tests.test_evidence import EXPERIMENT

QUICK = ("CJ08", "FLO12")


@pytest.fixture
def one_stored(tmp_path, monkeypatch):
    """The folder of shipped experiments with one in it, whose score the command has stored."""
    (tmp_path / "TST01.yaml").write_text(EXPERIMENT, encoding="utf-8")
    for module in ("experiment_files", "stored_scores"):
        monkeypatch.setattr(f"pushpull.evidence.{module}.experiment_folder", lambda: tmp_path)
    shared.experiments.cache_clear()
    assert main(["evidence", "--store"]) in (0, 1)
    yield tmp_path
    shared.experiments.cache_clear()


def no_run(experiments, *_):
    assert not list(experiments), "nothing is to be run"
    return stored_scores.Scoreboard(())


def test_what_is_stored_is_of_today_and_of_the_settings_of_the_command():
    stored = stored_scores.stored_scores()
    defaults = inspect.signature(command.evidence).parameters
    assert (stored.members, stored.seed) == (MEMBERS, SEED) == (defaults["members"].default, defaults["seed"].default)
    old = [each.id for each in read_experiments() if each.arms and not stored.is_of_today(each)]
    assert old == [], "the model or a corridor has changed: pushpull evidence --store"


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_what_is_stored_is_what_a_run_gives(name):
    (now,) = score([name]).verdicts
    then = stored_scores.stored_scores().verdict_on(now.experiment)
    assert then.verdict == now.verdict
    assert (then.low, then.median, then.high) == pytest.approx((now.low, now.median, now.high), rel=1e-4)


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_and_report_tell_the_stored_score_and_run_nothing(code, monkeypatch):
    monkeypatch.setattr(stored_scores, "score_experiments", no_run)
    board = stored_scores.scoreboard(read_experiments())
    found = evidence_page.scoreboard(language(code), State.opening(), {"experiments": True})
    sentence = unescape(re.search(r'id="score">(.*?)</p>', found).group(1))
    tested = len(board.tested)
    counts = [board.count(each) for each in (WITHIN, RIGHT, WRONG)]
    told = [int(each) for each in re.findall(r"\d+", sentence)]
    assert told == [tested, tested, *counts, len(board.verdicts) - tested] and sum(counts) == tested
    assert f">{language(code).say('evidence.not_run')}<" not in found


def test_the_command_stores_and_whoever_reads_it_runs_nothing(one_stored, monkeypatch):
    monkeypatch.setattr(stored_scores, "score_experiments", no_run)
    (verdict,) = stored_scores.scoreboard(read_experiments()).verdicts
    content = json.loads((one_stored / stored_scores.FILE).read_text())
    assert content["scores"]["TST01"]["median"] == verdict.median and content["model"]
    with pytest.raises(AssertionError, match="nothing is to be run"):
        stored_scores.scoreboard(read_experiments(), members=MEMBERS + 1)


def test_a_score_of_another_model_is_marked_and_run_anew_where_it_counts(one_stored):
    path = one_stored / "TST01.yaml"
    path.write_text(path.read_text().replace("low: -9", "low: -8"))
    (experiment,) = read_experiments()
    stored = stored_scores.stored_scores()
    assert not shared.score_of(experiment, stored).is_of_today
    words = language("en")
    found = str(evidence_page.scoreboard(words, State.opening(), {"experiments": True}))
    assert "out of date" in found and "of an earlier model" in found
    (verdict,) = stored_scores.scoreboard([experiment]).verdicts
    assert verdict.members is not None, "it was run"


def test_words_of_a_corridor_make_no_score_old_and_its_numbers_do(tmp_path):
    text = (shipped_folder() / "corridors" / "g8_2001" / "corridor.yaml").read_text(encoding="utf-8")
    digests = []
    for old, new in (("", ""), ("a poor neighbouring region", "a region"), ("60000", "70000")):
        folder = tmp_path / str(len(digests)) / "g8_2001"
        folder.mkdir(parents=True)
        assert old in text
        (folder / "corridor.yaml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
        digests.append(stored_scores.digest_of_corridor(corridor_in(folder)))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("text", ["{", "[]", '{"made": "today"}', '{"scores": {"TST01": {}}}'])
def test_a_damaged_file_is_told_of(one_stored, text):
    (one_stored / stored_scores.FILE).write_text(text)
    with pytest.raises(ScenarioFaults, match="evidence --store"):
        stored_scores.stored_scores()
    found = str(evidence_page.scoreboard(language("en"), State.opening(), {"experiments": True}))
    assert "cannot be read" in found and 'role="alert"' in found


@pytest.mark.parametrize("arguments", [("FEE01",), ("--members", "50"), ("--corridor", "us_southwest_border")])
def test_one_score_of_all_is_stored_and_no_other(arguments, capsys):
    assert main(["evidence", "--store", *arguments]) == 2
    assert "--store goes with no other choice" in capsys.readouterr().err
