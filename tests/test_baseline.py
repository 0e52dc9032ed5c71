"""No result moves unseen: the table of pinned results is the model's, and a move in any line of it is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pushpull.catalogue import catalogue
from tests.baseline import pinned

LINES = st.integers(0, len(pinned.pinned()) - 1)
YEARS = st.integers(0, len(pinned.YEARS) - 1)
FACTORS = st.floats(1e-7, 10).flatmap(lambda size: st.sampled_from([1 + size, 1 - size / 11]))


def test_results_are_those_that_are_pinned():
    before, after = pinned.pinned(), pinned.computed()
    told = [*pinned.renamed(before, after), *map(str, pinned.moves(before, after))]
    assert told == [], "results moved; if that is meant: make baseline, and say in the commit how far and why"


def test_the_table_holds_every_outcome_of_both_corridors_under_every_package():
    told = {(*key[:2], key[3].partition("[")[0]) for key in pinned.pinned()}
    assert told == {(c, p, o) for c in pinned.CORRIDORS for p in pinned.PACKAGES for o in catalogue().outcomes}


@given(line=LINES, year=YEARS, factor=FACTORS)
def test_a_move_of_any_number_is_told_with_its_size(line, year, factor):
    before = pinned.pinned()
    key = list(before)[line]
    values = list(before[key])
    values[year] = values[year] * factor if values[year] else factor
    told = pinned.moves(before, {**before, key: tuple(values)})
    assert [each.key for each in told] == [key]
    assert (told[0].year, told[0].after) == (pinned.YEARS[year], values[year])


@given(line=LINES, year=YEARS)
def test_a_value_that_is_no_number_any_more_is_told(line, year):
    before = pinned.pinned()
    key = list(before)[line]
    values = list(before[key])
    values[year] = float("nan")
    told = pinned.moves(before, {**before, key: tuple(values)})
    assert [(each.key, each.year) for each in told] == [(key, pinned.YEARS[year])]


def test_an_outcome_that_comes_or_goes_is_told():
    before = pinned.pinned()
    key = next(iter(before))
    without = {each: values for each, values in before.items() if each != key}
    assert pinned.renamed(before, without) == [f"gone: {' '.join(filter(None, key))}"]
    assert pinned.renamed(without, before) == [f"new: {' '.join(filter(None, key))}"]
