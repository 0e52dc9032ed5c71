"""What is typed on the page is what is meant: one reader of numbers, in both languages, and no silent choice."""

import functools
import json
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull.dashboard.i18n.texts import VARIANTS, language
from pushpull.dashboard.state.view import LANGUAGES
from tests.page_modules import as_script

SIGNS = {code: language(code).signs for code in LANGUAGES}
ENGLISH, FRENCH = SIGNS["en"], SIGNS["fr"]
DRIVER = """
const readings = (text, signs, unit) => {
  const found = read_number(text, signs, unit ?? "");
  return found.readings ?? (found.value === undefined ? [] : [found.value]);
};
const calls = {
  setting: (text, signs, low, start) => {
    const found = read_setting(text, signs, "", low, start ?? undefined);
    return found.readings ?? (found.value === undefined ? [] : [found.value]);
  },
  agents: (text, signs, one) => {
    const times = times_of(read_setting(text, signs, "agents", 0, counted(1, one)).value, one);
    return [times, counted(times, one)];
  },
  read: readings,
  shown: (value, signs) => [
    digits_of(value, signs), value.toLocaleString(signs.locale, {maximumSignificantDigits: 17}),
  ].map((text) => [text, readings(text, signs)]),
  written: (value, signs) => {
    set_signs(signs);
    const one = new Intl.PluralRules(signs.locale).select(Number(value.toPrecision(4))) === "one";
    const full = value.toLocaleString(signs.locale).replace(/^-0$/, "0"); // which nobody would read
    const of_browser = [value.toLocaleString(signs.locale, {maximumSignificantDigits: 4}), full];
    return [[plain(value), in_full(value), is_one(value)], [...of_browser, one]];
  },
  fault: (text, signs, words, low, high, unit) =>
    fault_of_number(text, read_number(text, signs, unit), signs, words, low, high, unit),
};
const answered = (asked) => asked.map(([call, ...given]) => calls[call](...given));
"""


# In Node: a line of calls is answered by a line, so that one process answers them all.
ANSWER_LINES = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answered(JSON.parse(line)))}\\n`);
});
"""


@pytest.fixture(scope="module")
def ask(request):
    """The page's own reader, in Node where it is there and else in the browser."""
    reader = f"{as_script('numbers.js')}\n{DRIVER}\n"
    if not shutil.which("node"):
        page = request.getfixturevalue("chromium").new_page()
        yield functools.partial(page.evaluate, f"(calls) => {{ {reader} return answered(calls); }}")
        return
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(["node", "-e", reader + ANSWER_LINES], **pipes) as node:

        def asked(calls):
            node.stdin.write(json.dumps(calls) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield asked


# What is typed, and what it means in English and in French: one number, none, or two between which nobody can choose.
ONE = {
    "7": (7, 7),
    "0,3": (0.3, 0.3),
    "0.3": (0.3, 0.3),
    "0,250": (0.25, 0.25),
    "0.250": (0.25, 0.25),
    "00,250": (0.25, 0.25),
    ",75": (0.75, 0.75),
    ".75": (0.75, 0.75),
    "12,": (12, 12),
    "-2,5": (-2.5, -2.5),
    "\u22122.5": (-2.5, -2.5),
    "3,14159": (3.14159, 3.14159),
    "1234,567": (1234.567, 1234.567),
    "1234.567": (1234.567, 1234.567),
    "2 500": (2500, 2500),
    "2\u00a0500": (2500, 2500),
    "2\u202f500": (2500, 2500),
    "2\u2009500": (2500, 2500),
    "2'500": (2500, 2500),
    "2\u2019500": (2500, 2500),
    "1_750_000": (1750000, 1750000),
    "1,750,000": (1750000, 1750000),
    "1.750.000": (1750000, 1750000),
    "1 750 000,5": (1750000.5, 1750000.5),
    "1'750'000.5": (1750000.5, 1750000.5),
    "1,750.5": (1750.5, 1750.5),
    "1.750,5": (1750.5, 1750.5),
    "1,750.500": (1750.5, 1750.5),
    "1e5": (100000, 100000),
    "1,5e3": (1500, 1500),
    "5,08e\u22123": (0.00508, 0.00508),
    "\uff11\uff12": (12, 12),
    "\u200e42\u200b": (42, 42),
    "8,250": (8250, 8.25),
    "8.250": (8.25, None),
}
NONE = [
    *("", " ", ".", "-", "many", "12 5", "1 23", "0 250", "0'250", "1,23.5", "0,250.5", "1,2,3", "0,250,000"),
    *("12,34,567", "1.234,567.8", "1 234'567", "1.234 567", "5 k", "1/2", "2030-01-01", "50%", "1e9999", "0x10", "٣"),
]


@pytest.mark.parametrize("place", [0, 1])
def test_a_number_is_read_by_the_stated_rules(ask, place):
    signs = SIGNS[LANGUAGES[place]]
    found = ask([["read", text, signs] for text in ONE])
    wanted = [[pair[place]] if pair[place] is not None else [8.25, 8250] for pair in ONE.values()]
    assert dict(zip(ONE, found, strict=True)) == dict(zip(ONE, wanted, strict=True))


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
def test_what_is_no_number_is_not_made_one(ask, signs):
    assert dict(zip(NONE, ask([["read", text, signs] for text in NONE]), strict=True)) == dict.fromkeys(NONE, [])


def test_a_percent_sign_belongs_to_percent_alone(ask):
    assert ask([["read", "40 %", ENGLISH, "%"], ["read", "40%", FRENCH, "% par an"]]) == [[40], [40]]
    assert ask([["read", "40 %", ENGLISH, "person/year"]]) == [[]]


@given(
    values=st.lists(
        st.one_of(
            st.floats(-1e15, 1e15, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-6),
            st.integers(-(10**15), 10**15),
            st.decimals(-(10**7), 10**7, places=3).map(float),
        ),
        min_size=50,
        max_size=200,
    )
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_number_that_the_page_shows_is_the_same_when_it_is_typed_back(ask, values):
    for signs in SIGNS.values():
        for value, shown in zip(values, ask([["shown", value, signs] for value in values]), strict=True):
            for text, readings in shown:
                assert readings == [pytest.approx(value, rel=1e-15, abs=0)], (value, text, signs)


@given(values=st.lists(st.floats(-999_000, 999_000), min_size=50, max_size=200))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_figures_that_sentences_and_tables_show_can_be_typed(ask, values):
    for code, signs in SIGNS.items():
        texts = [language(code).numbers.published(value) for value in values]
        for value, text, found in zip(values, texts, ask([["read", text, signs] for text in texts]), strict=True):
            assert found == [pytest.approx(value, rel=1e-8, abs=1e-300)], (text, signs)


@given(thousandths=st.lists(st.integers(0, 999), min_size=20, max_size=100), mark=st.sampled_from(".,"))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_decimal_below_one_is_taken_for_thousands(ask, thousandths, mark):
    for signs in SIGNS.values():
        found = ask([["read", f"0{mark}{each:03}", signs] for each in thousandths])
        assert found == [[each / 1000] for each in thousandths]


def test_a_refusal_says_what_was_typed_what_is_allowed_and_what_was_probably_meant(ask):
    english, french = (language(code).section("levers") for code in ("en", "fr"))
    told = ask(
        [
            ["fault", "many", ENGLISH, english, 0, 4, ""],
            ["fault", "2,500", ENGLISH, english, 0, 4, ""],
            ["fault", "9.000", FRENCH, french, 0, 40000, "affaires"],
            ["fault", "2,5", ENGLISH, english, 0, 4, ""],
            ["fault", "soon", ENGLISH, english, 1900, 2200, "calendar year"],
        ]
    )
    assert "many" in told[0] and "from 0 to 4" in told[0]
    assert "from 0 to 4" in told[1] and "2.5" in told[1]
    assert "9.000" in told[2] and "9000" in told[2] and " 9 " in told[2]
    assert told[3] == ""
    assert "from 1900 to 2200" in told[4] and not told[4].endswith("year")


@pytest.mark.parametrize("sign", ["+", "-", "\u2212"])
def test_a_sign_counts_from_today(ask, sign):
    change = -5000 if sign != "+" else 5000
    asked = [["setting", f"{sign}5{signs['thousands']}000", signs, 0, 20000] for signs in (ENGLISH, FRENCH)]
    assert ask(asked) == [[20000 + change]] * 2
    assert ask([["setting", "5000", ENGLISH, 0, 20000]]) == [[5000]]


def test_a_sign_is_a_sign_where_values_may_be_negative_and_nothing_where_today_is_not_one(ask):
    assert ask([["setting", "-1.5", ENGLISH, -3, 2], ["setting", "+1.5", ENGLISH, 0, None]]) == [[-1.5], []]


def test_a_sign_leaves_two_readings_two(ask):
    assert ask([["setting", "+9.000", FRENCH, 0, 100]]) == [[109, 9100]]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(50, 1e5), st.integers(0, 400_000), st.sampled_from(["", "+"]))
def test_agents_come_back_as_they_were_typed(ask, one, typed, sign):
    ((times, shown),) = ask([["agents", f"{sign}{typed}", ENGLISH, one]])
    today = int(one + 0.5)
    wanted = typed + today if sign else typed
    assert shown == wanted and times * one == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "signs", "value"),
    [
        *[(text, ENGLISH, 100_000) for text in ("\u00d72", "x2", "*2", "2x", " 2 \u00d7", "X 2")],
        *[(text, ENGLISH, 25_000) for text in ("\u00f72", "/2", "\u00d70.5")],
        *[(text, FRENCH, 75_000) for text in ("\u00d71,5", "1,5x")],
        ("\u00d70", ENGLISH, 0),
    ],
)
def test_times_count_from_today(ask, text, signs, value):
    (found,) = ask([["setting", text, signs, 0, 50_000]])
    assert found == [value]


@pytest.mark.parametrize("text", ["\u00d7", "x", "\u00f70", "/0", "\u00d7-2", "2x2x", "two x", "\u00d7two"])
def test_times_of_nothing_are_no_number(ask, text):
    (found,) = ask([["setting", text, ENGLISH, 0, 50_000]])
    assert found == []


def test_times_mean_nothing_where_values_may_lie_below_zero_or_differ_today(ask):
    below, differing = ask([["setting", "\u00d72", ENGLISH, -1, 50_000], ["setting", "\u00d72", ENGLISH, 0, None]])
    assert below == differing == []


SIZES = st.one_of(st.floats(-1e15, 1e15), st.floats(-2.5, 2.5), st.integers(-(10**7), 10**7))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=SIZES.map(lambda value: value + 0.0), tag=st.sampled_from((*LANGUAGES, *VARIANTS)))
def test_a_number_is_written_and_counted_as_browsers_do_in_each_language(ask, value, tag):
    own, of_browser = ask([["written", value, language(tag).signs]])[0]
    assert own == of_browser
