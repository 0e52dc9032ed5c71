"""The check files of `scenarios/checks`, one test for each `it`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushpull.checking import Laboratory, check_files, checks_folder, judge, read_checks

CHECKS = [one for path in check_files(checks_folder()) for one in read_checks(path)]


@pytest.fixture(scope="module")
def laboratory():
    """Where runs are shared among the checks."""
    return Laboratory()


@pytest.mark.xdist_group("checks")
@pytest.mark.parametrize("check", CHECKS, ids=[f"{Path(one.file).stem}: {one.title}" for one in CHECKS])
def test_check_holds(check, laboratory):
    verdict = judge(check, laboratory)
    assert verdict.passed, str(verdict)


def test_no_two_checks_have_one_title():
    titles = [one.title for one in CHECKS]
    assert len(set(titles)) == len(titles) > 30
