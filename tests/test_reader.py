"""The reader of every kind of file: what it takes, what it refuses, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.files.reader import EARLIEST, LATEST, Reader
from pushpull.files.tree import Node, from_python, parse


def read(method, text, *arguments):
    """What a method of the reader makes of a YAML text, and the faults it notes."""
    node, faults = parse(text, "a.yaml")
    reader = Reader("a.yaml", faults)
    return getattr(reader, method)(node, "it", *arguments), [str(fault) for fault in faults]


REFUSED = {
    "a list for a mapping": (
        ("mapping", "- a", ("a", "b")),
        'it is a list; allowed: a mapping with a, b; leave out the "-" before each name',
    ),
    "a name that is not known": (("mapping", "aple: 1", ("apple",)), 'it knows no "aple"; allowed: apple; did you'),
    "a needed name": (("mapping", "b: 1", ("apple", "b"), ("apple",)), 'it lacks "apple"'),
    "a number for a text": (("text", "7", 9), "it is the number 7; allowed: text; put quotes around it"),
    "a long text": (("text", "abcd", 3), "it is too long; allowed: at most 3 characters"),
    "another name": (("choice", "nort", ("north", "south")), 'it is "nort"; allowed: north, south; did you mean "nort'),
    "a word for a truth": (("truth", "'no'"), 'it is the text "no"; allowed: true or false; did you mean false?'),
    "a text for a number": (("number", "1.5 million"), "did you mean 1500000?"),
    "no finite number": (("number", ".inf"), "it is not finite (inf); allowed: a finite number"),
    "a number beyond": (("between", "3", 0, 2), "it is 3; allowed: a number from 0 to 2"),
    "zero": (("above_zero", "0"), "it is 0; allowed: a number above 0"),
    "a part of one": (("whole", "2.5", 1, 9), "it is 2.5; allowed: a whole number from 1 to 9"),
    "a year of two digits": (("year", "26"), "it is 26; allowed: a year from 1900 to 2200; did you mean 2026?"),
    "an empty list": (("items", "[]", "names"), "it is an empty list; allowed: a list of names"),
    "a strange name in a list": (("names", "[a, c]", ("a", "b")), 'a name in it is "c"; allowed: a, b'),
}


@pytest.mark.parametrize("call, told", REFUSED.values(), ids=REFUSED)
def test_a_value_that_does_not_fit_is_refused_in_plain_words_with_its_line(call, told):
    _, faults = read(*call)
    assert len(faults) == 1 and faults[0].startswith("a.yaml:1: ") and told in faults[0]


def test_a_name_that_was_mistyped_is_not_said_to_lack_as_well():
    entries, faults = read("mapping", "aple: 1\nb: 2", ("apple", "b"), ("apple", "b"))
    assert list(entries) == ["b"] and len(faults) == 1


def test_what_is_whole_in_a_list_is_read_beside_what_is_not():
    assert read("names", "[a, c, b]", ("a", "b"))[0] == ("a", "b")


@given(st.floats(), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_number_is_taken_exactly_when_it_lies_between(value, one_end, other_end):
    low, high = sorted((one_end, other_end))
    reader = Reader("a.yaml", [])
    taken = reader.between(Node(value, 1), "it", low, high)
    assert taken == (value if low <= value <= high else None)
    assert len(reader.faults) == (taken is None)


@given(st.integers() | st.floats())
def test_a_whole_number_or_a_year_is_taken_or_told_and_never_both(value):
    for method, arguments in (("whole", (0, 100)), ("year", ())):
        reader = Reader("a.yaml", [])
        taken = getattr(reader, method)(Node(value, 1), "it", *arguments)
        assert (taken is None) == bool(reader.faults)
        assert taken is None or taken == value
    assert taken is None or EARLIEST <= taken <= LATEST


LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text("ab é")
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy"), inner))


@given(TREES)
def test_a_tree_gives_back_the_values_it_was_made_of(value):
    assert from_python(value, "values").to_python() == value
