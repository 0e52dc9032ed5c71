"""What `pushpull fit --judge-sampler` stores and shows; how it judges, test_synthetic_records and test_nested hold."""

from types import SimpleNamespace

import pytest

from pushpull.calibration import judged_sampler
from pushpull.calibration.judged_sampler import JudgedBesideNested, JudgedInRecords, read_sampler
from pushpull.calibration.nested import UnknownBesideNested
from pushpull.calibration.synthetic_records import UnknownInRecords
from pushpull.commands import fit_judged
from pushpull.commands.console import CommandFault

PLAN = SimpleNamespace(digest="today")
RANKS = (UnknownInRecords("fee_elasticity", (1, 2), 0.9, True, 0.5, 0.2),)
IN_RECORDS = JudgedInRecords("2026-11-30", "today", 100, 3, 4, 400, 40, RANKS)
NESTED = (UnknownBesideNested("fee_elasticity", (1.0, 0.5), (0.1, 0.1), (0.95, 0.45), (0.1, 0.1)),)
BESIDE = JudgedBesideNested("2026-11-30", "before", 24, 800, 480, 250, 9000, NESTED)


@pytest.fixture
def judged(monkeypatch):
    monkeypatch.setattr(judged_sampler, "few_of_fit", lambda *given: None)
    monkeypatch.setattr(judged_sampler, "judge_in_records", lambda *given, **more: IN_RECORDS)
    monkeypatch.setattr(judged_sampler, "judge_beside_nested", lambda *given: BESIDE)


def test_both_judgements_are_stored_and_shown_with_their_dates(judged, tmp_path, capsys):
    (tmp_path / judged_sampler.PARTIAL).write_bytes(b"records so far")
    fit_judged.judge_sampler(PLAN, None, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [judged_sampler.FILE]
    capsys.readouterr()
    fit_judged.show(PLAN, tmp_path)
    first, second = capsys.readouterr().out.splitlines()
    assert "2026-11-30 by 100 records" in first and "beyond chance in fee_elasticity" in first
    assert "have changed since" not in first and "have changed since" in second
    assert "0.11 of a standard deviation" in second and "as near as asked for in all" in second


def test_what_is_judged_already_outlives_a_stop(judged, monkeypatch, tmp_path):
    def stopped(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(judged_sampler, "judge_beside_nested", stopped)
    with pytest.raises(CommandFault, match="goes on"):
        fit_judged.judge_sampler(PLAN, None, tmp_path)
    assert read_sampler(tmp_path).in_records == IN_RECORDS and read_sampler(tmp_path).beside_nested is None


def test_without_the_extra_it_is_said_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(fit_judged, "find_spec", lambda name: None if name == "dynesty" else name)
    with pytest.raises(CommandFault, match="needs the package dynesty"):
        fit_judged.judge_sampler(PLAN, None, tmp_path)


def test_nothing_is_shown_where_nothing_was_judged(tmp_path, capsys):
    fit_judged.show(PLAN, tmp_path)
    assert capsys.readouterr().out == ""
