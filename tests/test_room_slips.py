"""What a phone may answer to each kind of question, and what is refused."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.dashboard.room.room_values import SlipFault, opened, plain, written
from pushpull.dashboard.room.slips import read_answer, read_reveal, read_slip

SAID = {"en": "Rises", "fr": "Augmente"}
CHOICES = [{"name": "up", "title": SAID}, {"name": "down", "title": SAID}]
PATROLS = {"name": "patrols", "title": SAID, "low": 0.5, "high": 3, "step": 0.1, "today": 1, "cost_per_unit": 50}
LEVERS = {"interior": [PATROLS], "observers": []}
SLIPS = {
    "direction": {"choices": CHOICES},
    "lever": {"choices": CHOICES},
    "rank": {"choices": CHOICES},
    "amount": {"low": -50, "high": 50, "step": 1, "unit": {"en": "%", "fr": "%"}},
    "count": {},
    "line": {"low": 0, "high": 100, "step": 1, "time": [2027, 2028, 2029], "known": [[2020, 3.5]]},
    "why": {},
    "proposal": {"levers": LEVERS, "budget": {"interior": 80, "observers": 0}, "currency": "EUR"},
}
TAKEN = {
    "direction": ["up"],
    "lever": ["down"],
    "rank": [["down", "up"]],
    "amount": [-50, 12.5, 50],
    "count": [0, 20],
    "line": [[0, 50.5, 100]],
    "why": ["Routes move."],
    "proposal": [{"role": "interior", "values": {"patrols": 2}, "why": ""}, {"role": "interior", "values": {}}],
}
REFUSED = {
    "direction": ["sideways", None, 1, ["up"], {"name": "up"}, "up "],
    "lever": ["<script>alert(1)</script>", ""],
    "rank": [["up"], ["up", "up"], ["up", "down", "up"], "up", [1, 2], None, [["up"], "down"]],
    "amount": [51, -50.1, "12", True, None, math.nan, math.inf, -math.inf, 10**400, [1]],
    "count": [21, -1, 1.5, True, "3"],
    "line": [[0, 1], [0, 1, 2, 3], [0, 1, math.nan], [0, 1, 101], [0, 1, None], "0,1,2", {"0": 1}],
    "why": ["", "  \n\t ", "\u200b", "a" * 141, 5, None, ["text"], "a" * 100_000],
    "proposal": [
        {"role": "none", "values": {}},
        {"role": "interior", "values": {"patrols": 4}},
        {"role": "interior", "values": {"patrols": 2.7}},  # more than the budget
        {"role": "interior", "values": {"patrols": math.nan}},
        {"role": "interior", "values": {"courts": 1}},
        {"role": "interior", "values": {}, "seat": 2},
        {"role": ["interior"], "values": {}},
        {"role": "interior", "values": {}, "why": "a" * 141},
        {"role": "interior"},
        "interior",
    ],
}


def slip(kind, **more):
    return read_slip({"id": f"story/{kind}", "kind": kind, "title": SAID, "text": SAID, **SLIPS[kind], **more})


@pytest.mark.parametrize("kind", SLIPS)
def test_each_kind_takes_its_answers_and_refuses_every_other(kind):
    for value in TAKEN[kind]:
        assert json.loads(written(read_answer(slip(kind), value))) is not None
    for value in REFUSED[kind]:
        with pytest.raises(SlipFault):
            read_answer(slip(kind), value)


@given(kind=st.sampled_from(sorted(SLIPS)), value=st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["role", "values", "why", "x"]), inner),
    max_leaves=8,
))  # fmt: skip
def test_whatever_is_sent_is_kept_as_json_or_refused(kind, value):
    try:
        kept = read_answer(slip(kind), value)
    except SlipFault as fault:
        assert str(fault).endswith(".")
    else:
        assert len(written(kept).encode()) < 5000


def test_a_text_is_kept_on_one_line_without_signs_that_are_not_seen():
    assert plain("  two\r\nlines\x00 \u202eof\u202c text\x1b[31m ") == "two lines of text[31m"
    assert plain("half \ud800 a letter") == "half  a letter"
    assert plain("<script>alert(1)</script>") == "<script>alert(1)</script>"  # shown as text, never as markup
    assert plain("pile" + 60 * "\u0301" + "s e\u0302\u0301") == "pile" + 4 * "\u0301" + "s e\u0302\u0301"
    assert plain("\U0001f468\u200d\U0001f469\u200d\U0001f467") == "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "text", ['{"value": NaN}', "[Infinity]", "-Infinity", "{", "", "[" * 100_000, "1" * 5000, b"\xff\xfe\x00"]
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(SlipFault):
        opened(text)


WRONG_SLIPS = [
    {"kind": "quiz"}, {"id": "a b"}, {"id": ""}, {"round": 0}, {"round": True}, {"title": "one language"},
    {"title": {"en": "a"}}, {"choices": [{"name": "up"}]}, {"choices": [{"name": "up"}, {"name": "up"}]},
    {"choices": "up"}, {"choices": [{"name": "<b>"}, {"name": "up"}]}, {"kind": "amount"},
    {"kind": "amount", "low": 5, "high": 5}, {"kind": "amount", "low": math.nan, "high": 5},
    {"kind": "line", "low": 0, "high": 1, "time": [2030, 2029]}, {"kind": "proposal", "levers": {}},
    {"kind": "proposal", "levers": {"a": [{"name": "patrols"}]}}, {"text": {"en": "a" * 40_000, "fr": "b" * 40_000}},
    {"text": {"en": "\ud800", "fr": ""}},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_SLIPS, ids=lambda wrong: json.dumps(wrong)[:40])
def test_a_slip_that_phones_could_not_show_is_refused(wrong):
    with pytest.raises(SlipFault):
        read_slip({"id": "story/2", "kind": "direction", "choices": CHOICES, **wrong})


def test_a_reveal_holds_finite_numbers_and_is_bounded():
    assert read_reveal(None) == {} and read_reveal({"value": 3}) == {"value": 3}
    for wrong in ({"value": math.inf}, [1], {"text": "a" * 70_000}):
        with pytest.raises(SlipFault):
            read_reveal(wrong)
