"""Claims on many cases: those on small things as one test, as a test for each would take longer to hand out than to
hold; and of the pairs of two lists the few that hold each of both in every run."""

import pytest


def failing(claim, cases, called=str):
    """What is said of each case that does not hold to a claim, all at once; a claim is a function that asserts."""
    found, cases = [], list(cases)
    assert cases, "there is nothing to hold to the claim"
    for case in cases:
        try:
            claim(case)
        except AssertionError as fault:
            found.append(f"{called(case)}: {fault}")
    return found


def each_in_turn(longer, shorter):
    """Every pair of two lists: each of the longer with one of the shorter in turn, all others in `make audit`."""
    longer, shorter = list(longer), list(shorter)
    assert len(longer) >= len(shorter), "each of both is to have its turn"
    return [
        pytest.param(one, other, marks=[] if place % len(shorter) == at else pytest.mark.audit)
        for place, one in enumerate(longer)
        for at, other in enumerate(shorter)
    ]
