"""Files, and values that come from no file, are held to the same limits."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario
from pushpull.files import tree
from pushpull.scenario import ScenarioFaults

END = st.sampled_from(["\n", "\r", "\r\n", "\x85", "\u2028"])


@pytest.mark.parametrize("head", ["question: |", "question: >", "question: |+", "#", "title: a"])
@settings(max_examples=5, deadline=None)
@given(end=END)
def test_a_file_of_lines_without_end_is_refused_before_it_is_parsed(head, end):
    text = f"schema_version: 4\n{head}\n" + end * (tree.MOST_LINES + 1)
    with pytest.raises(ScenarioFaults, match="too many lines"):
        tree.parse(text, "lines.yaml")


def test_an_honest_file_with_an_entry_a_line_is_read():
    table = "".join(f"      {1990 + number / 40}: {number % 3}\n" for number in range(4000))
    node, faults = tree.parse(f"policies:\n  a:\n    table:\n{table}" + "# a comment\n" * 9000, "long.yaml")
    assert len(node.value["policies"].value["a"].value["table"].value) == 4000 and not faults


texts = st.text(st.characters(max_codepoint=0xFFFF), min_size=1, max_size=9)  # JSON writes others in two halves
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(plain)
def test_values_from_a_link_are_held_to_what_a_file_may_say(value):
    """JSON is YAML: the same text, read as a file, gives the same tree or is refused as well."""
    text = json.dumps({"all": value})
    try:
        from_file = tree.parse(text, "same")[0].to_python()
    except ScenarioFaults:
        with pytest.raises(ScenarioFaults):
            tree.from_python(json.loads(text), "same")
    else:
        assert tree.from_python(json.loads(text), "same").to_python() == from_file


@pytest.mark.parametrize("word", ["Infinity", "-Infinity", "NaN"])
def test_what_json_has_no_word_for_is_refused_where_a_number_is_meant(word):
    link_of_it = json.loads(f'{{"border_control": {word}}}')
    with pytest.raises(ScenarioFaults, match="border_control"):
        Scenario.load("us_southwest_border").with_changes(policies=link_of_it)


@pytest.mark.parametrize(
    "value, told",
    [
        (list(range(tree.MOST_NODES + 5)), "too many entries"),
        ({"a": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}, "nested too deeply"),
        ({"title": "bell \x07"}, "control character"),
        ({"key \udfff": 1}, "half a character"),
    ],
)
def test_what_comes_from_no_file_has_the_limits_of_one(value, told):
    with pytest.raises(ScenarioFaults, match=told):
        tree.from_python(value, "values")


def test_a_cycle_of_values_is_refused():
    endless = {}
    endless["again"] = endless
    with pytest.raises(ScenarioFaults, match="nested too deeply"):
        Scenario.load("g8_2001").with_changes(policies=endless)


@pytest.mark.parametrize("number", [10**17, -(10**17), 10**500])
def test_a_whole_number_that_is_too_large_is_refused_in_one_short_line(number):
    with pytest.raises(ScenarioFaults) as found:
        Scenario.from_mapping({"schema_version": 3, "title": "t", "corridor": "g8_2001", "ensemble": {"seed": number}})
    assert len(str(found.value)) < 200
