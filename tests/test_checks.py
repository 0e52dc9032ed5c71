"""The check files of `scenarios/checks`, one test for each `it`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pushpull.checking import Laboratory, check_files, checks_folder, judge, read_checks

SMALLEST = "g8_2001"
CHECKS = [one for path in check_files(checks_folder()) for one in read_checks(path, try_out=False)]


def takes_long(check) -> bool:
    """Whether a check draws many futures, or moves every lever, driver or parameter."""
    each = any(entry.each or entry.preset.startswith(("matrix", "each")) for entry in check.scenarios)
    return bool(check.ensemble or each or Path(check.file).stem == "surprise") and not check.excepted


def of_turn(turn, check):
    """The corridor of a check whose turn it is: every other time the smallest, which takes a fifth of the others."""
    if SMALLEST in check.corridors and (turn % 2 or Path(check.file).stem == "surprise"):
        return SMALLEST
    others = [corridor for corridor in check.corridors if corridor != SMALLEST]
    return others[turn // 2 % len(others)]


def in_turn():
    """Every check; what takes long in one corridor of each in turn, and in all of them in `make audit`."""
    turn = 0
    for check in CHECKS:
        if takes_long(check) and len(check.corridors) > 1:
            corridor = of_turn(turn, check)
            yield pytest.param(replace(check, corridors=(corridor,)), id=f"{called(check)}, {corridor}")
            yield pytest.param(check, id=f"{called(check)}, everywhere", marks=pytest.mark.audit)
            turn += 1
        else:
            yield pytest.param(check, id=called(check))


def called(check) -> str:
    """The name of a check in what the tests say."""
    return f"{Path(check.file).stem}: {check.title}"


@pytest.fixture(scope="module")
def laboratory():
    """Where runs are shared among the checks."""
    return Laboratory()


@pytest.mark.xdist_group("checks")
@pytest.mark.parametrize("check", list(in_turn()))
def test_check_holds(check, laboratory):
    verdict = judge(check, laboratory)
    assert verdict.passed, str(verdict)


def test_no_two_checks_have_one_title():
    titles = [one.title for one in CHECKS]
    assert len(set(titles)) == len(titles) > 30
