"""Ten kinds of defect, each put into the model on purpose: at least one check turns red, and green without it."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from pushpull.catalogue import catalogue
from pushpull.checking import Laboratory, check_files, checks_folder, judge, read_checks
from tests import mutants

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mutations")]

# Each defect and the check that sees it.
STRUCTURAL = {
    "flipped_sign": "holds every named loop with the polarity of its story",
    "wrong_unit": "gives every equation the unit it declares",
    "dropped_sink": "lets every flow of people leave one place and enter one",
    "clipped_stock": "lets every flow of people leave one place and enter one",
    "value_out_of_range": "keeps every number inside its range",
    "source_gone": "keeps every number inside its range",
    "constant_for_a_lever": "has no number and no variable that leads nowhere",
}
IN_RUNS = {
    "doubled_flow": "never deports far more people than there is capacity for",
    "swapped_routes": "guards a gateway where the guards are sent",
    "wrong_delay": "lets people feel a rise in violence within months",
}
HALVING = "changes no outcome by more than a thousandth of its range when the step is halved"
CORRIDOR = "g8_2001"


@cache
def checks():
    """Every check of the suite, by what it says."""
    return {one.it: one for path in check_files(checks_folder()) for one in read_checks(path)}


def check_that(claims: str):
    """The check whose claim begins so, in the smaller corridor."""
    (found,) = (one for it, one in checks().items() if it.startswith(claims))
    return dataclasses.replace(found, corridors=(CORRIDOR,))


@cache
def unharmed():
    """The model as it is, run in the way the harmed ones are."""
    return mutants.HarmedLaboratory()


# That of the structure is said by tests/test_checks.py too, which looks at the same equations.
@pytest.mark.parametrize(
    "claims",
    [
        *sorted(IN_RUNS.values()),
        *(pytest.param(claims, marks=pytest.mark.audit) for claims in sorted(set(STRUCTURAL.values()))),
    ],
)
def test_the_unharmed_model_passes(claims):
    verdict = judge(check_that(claims), unharmed())
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize(("defect", "claims"), {**STRUCTURAL, **IN_RUNS}.items())
def test_a_defect_turns_a_check_red(defect, claims):
    harmed = getattr(mutants, defect)()
    assert harmed.model != catalogue().model
    verdict = judge(check_that(claims), mutants.HarmedLaboratory(harmed))
    assert not verdict.passed, f"nothing sees {defect}"


def test_a_defect_is_named_where_it_lies():
    told = str(judge(check_that(STRUCTURAL["dropped_sink"]), mutants.HarmedLaboratory(mutants.dropped_sink())))
    assert "trying_again" in told and "enters" in told


def test_a_coarser_method_turns_the_step_check_red():
    check = check_that(HALVING)
    assert judge(check, Laboratory()).passed
    assert not judge(check, mutants.EulerLaboratory()).passed
