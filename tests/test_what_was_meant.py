"""A refusal says where, what, what is allowed and what was probably meant, in words of our own; nothing is guessed."""

import itertools
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.state.state import State
from pushpull.files.suggestions import number_meant, readings, year_meant
from pushpull.files.tree import parse, scalar
from pushpull.scenario import ScenarioFaults, check
from pushpull.scenario.schema import scenario_schema

HEAD = "schema_version: 4\ntitle: T\ncorridor: g8_2001\n"

# Words of the parser, none of which a reader of a scenario should ever need.
PARSERS_WORDS = re.compile(
    r"token|scalar|mapping values|simple key|block end|flow|node content|stream|codec|ruamel|expected '|context|"
    r"while (?:parsing|scanning)|not YAML|Error"
)


def faults_of(text):
    with pytest.raises(ScenarioFaults) as caught:
        Scenario.from_text(text, "mine.yaml")
    return caught.value.faults


# The lines after the head, the line of the fault in the file, and what the fault must say.
CASES = {
    "a percent sign": ("policies: {asylum_access: 35 %}", 4, ["did you mean 0.35?"]),
    "a percentage": ("policies: {asylum_access: 35}", 4, ["outside its range", "did you mean 0.35?"]),
    "a decimal comma": ("policies: {asylum_access: '0,7'}", 4, ["did you mean 0.7?"]),
    "a decimal comma without quotes": ("policies:\n  asylum_access: 0,125", 5, ["did you mean 0.125?"]),
    "thousands by commas": ("policies:\n  court_capacity: 8,000", 5, ["did you mean 8000"]),
    "thousands by points": ("policies:\n  legal_labour_slots: 1.200.000", 5, ["did you mean 1200000?"]),
    "thousands by low lines": ("policies:\n  court_capacity: 8_000", 5, ["did you mean 8000?"]),
    "thousands by apostrophes": ("policies:\n  court_capacity: 8'000", 5, ["did you mean 8000?"]),
    "thousands by blanks": ("policies:\n  court_capacity: 8 000", 5, ["did you mean 8000?"]),
    "thousands in a word": ("policies:\n  court_capacity: 8k", 5, ["did you mean 8000?"]),
    "a first zero": ("policies:\n  court_capacity: 0700", 5, ["did you mean 700?"]),
    "a number in quotes": ('policies: {court_capacity: "8000"}', 4, ["did you mean 8000?"]),
    "a number with its unit": ("policies: {court_capacity: 8000 case/year}", 4, ["did you mean 8000?"]),
    "a multiple": ("policies: {court_capacity: 1.5x}", 4, ["did you mean {times_today: 1.5}?"]),
    "a fraction": ("policies: {asylum_access: 3/4}", 4, ["did you mean 0.75?"]),
    "a date": (
        "policies: {court_capacity: {step: {year: 2031-07-01, value: 8000}}}",
        4,
        ["did you mean 2031.4959?"],
    ),
    "a month": ("policies: {court_capacity: {step: {year: 2031-04, value: 8000}}}", 4, ["did you mean 2031.2466?"]),
    "a first of January": (
        "policies: {court_capacity: {table: {2032-01-01: 8000}}}",
        4,
        ["did you mean 2032.0?"],
    ),
    "a month in words": ("policies: {court_capacity: {step: {year: July 2031, value: 8000}}}", 4, ["2031.4959"]),
    "a quarter": ("policies: {court_capacity: {step: {year: 2031-Q3, value: 8000}}}", 4, ["did you mean 2031.5?"]),
    "a year of two digits": ("policies: {court_capacity: {step: {year: 31, value: 8000}}}", 4, ["mean 2031?"]),
    "a year in quotes": ('policies: {court_capacity: {step: {year: "2031", value: 8000}}}', 4, ["mean 2031?"]),
    "a tab": ("policies:\n\tcourt_capacity: 8000", 5, ["a tab", "use spaces"]),
    "a tab after blanks": ("policies:\n  court_capacity:\n \t step: 1", 6, ["a tab", "use spaces"]),
    "a colon in a text": (
        "question: Visas: who gains?",
        4,
        ["a colon", 'put quotes around the text: question: "Visas: who gains?"'],
    ),
    "a colon and quotation marks in a text": (
        'question: Visas: who "gains"?',
        4,
        ["put quotes around the text: question: 'Visas: who \"gains\"?'"],
    ),
    "an indent too far": ("policies:\n  court_capacity: 8000\n    asylum_access: 0.5", 6, ["indented further"]),
    "an indent too short": (
        "policies:\n    court_capacity: 8000\n  asylum_access: 0.5",
        6,
        ["indented otherwise", "same column"],
    ),
    "no blank after the colon": ("policies:\n  court_capacity:8000", 5, ["put a blank after the colon"]),
    "a name without a colon": ("policies:\n  court_capacity 8000\n  asylum_access: 0.5", 5, ["name: value"]),
    "a bracket left open": ("policies: {court_capacity: 8000", 4, ["bracket is not closed"]),
    "a comma left out": ("policies: {court_capacity: 8000 asylum_access: 0.5}", 4, ["comma is missing"]),
    "a quotation mark left open": ('question: "Why?\ncontext: {}', 4, ["quotation mark", "the same mark"]),
    "a backslash": ('question: "C:\\mine"', 4, ["backslash", "single quotes"]),
    "text that begins with a special sign": ("question: @home", 4, ["cannot begin with @", "put quotes"]),
    "text that begins with a grave accent": ("question: `why`", 4, ["cannot begin with `", "put quotes"]),
    "an entry of a list among names": ("policies:\n  - court_capacity: 8000", 5, ['leave out the "-"']),
    "a list where none can be": ("policies: - court_capacity", 4, ["list entry"]),
    "an anchor": ("policies: {court_capacity: &a 8000, asylum_access: *a}", 4, ["anchor", "written out each time"]),
    "a control character": ("question: what\x07", 4, ["control character", "leave it out"]),
    "nothing at the end of the file": ("policies:\n  court_capacity:", 5, ["court_capacity is nothing"]),
    "nothing in the middle": ("policies:\n  court_capacity:\n  asylum_access: 0.5", 5, ["court_capacity is nothing"]),
    "nothing, blank lines after": ("policies:\n  court_capacity:\n\n\n\n", 5, ["court_capacity is nothing"]),
    "a form one level too shallow": (
        "policies:\n  court_capacity:\n  pulse: {from: 2030, to: 2031, value: 1}",
        6,
        ['"pulse"', "indent pulse: by two more spaces"],
    ),
    "a route of a lever without routes": (
        "policies: {court_capacity: {busiest_route: 8000}}",
        4,
        ["one value for all routes", "busiest_route"],
    ),
    "an outcome as a lever": ("policies: {smuggled_migrants: 0}", 4, ["is an outcome", "cannot be set"]),
    "an outcome as a parameter": ("parameters: {public_cost: 0}", 4, ["is an outcome", "cannot be set"]),
    "a variable as a driver": ("context: {border_load: 1}", 4, ["is a variable", "cannot be set"]),
    "a formula as a lever": (
        "policies: {rescue_effect: pull_deiana2021}",
        4,
        ["a rival formula is set under formulas:"],
    ),
    "a rival as a parameter": ("parameters: {pull_deiana2021: 1}", 4, ["formulas: {rescue_effect: pull_deiana2021}"]),
    "a loop as a lever": ("policies: {deterrence: false}", 4, ["under loops_off:", "[deterrence]"]),
    "a lever under no block": ("court_capacity: 8000", 4, ['"court_capacity" is a lever', "it under policies:"]),
    "a parameter under no block": ("take_up: 0.5", 4, ["is a parameter", "it under parameters:"]),
    "an outcome under no block": ("public_cost: 5", 4, ["an outcome cannot be set"]),
    "a loop without brackets": ("loops_off: fee", 4, ["did you mean [fee]?"]),
    "the beginning of a formula": ("formulas: {rescue_effect: pull}", 4, ['did you mean "pull_deiana2021"?']),
    "a name with blanks and capitals": ("policies: {Court Capacity: 8000}", 4, ['did you mean "court_capacity"?']),
    "members with a comma": ("ensemble: {members: '1,000'}", 4, ["did you mean 1000"]),
    "steps in words": ("integration: {steps_per_year: many}", 4, ["a whole number from 1"]),
    "a title that is a number": ("question: 2030", 4, ["the number 2030", "put quotes around it"]),
    "a date as the end": ("horizon: {end: 2040-12-31}", 4, ["did you mean 2040.9973?"]),
    "a version in quotes": ("policies: {}", 1, ["did you mean 4?"]),
    "an unpaired bracket": ("policies: ]", 4, ["was not opened"]),
    "a bracket too many": ("policies: {asylum_access: 0.5}}", 4, ["was not opened"]),
    "an apostrophe in single quotes": ("question: 'Who's next?'", 4, ["goes on behind", "the other kind"]),
    "quotation marks in double quotes": ('question: "The "push" side"', 4, ["goes on behind"]),
    "a last line without a colon": ("policies:\n  asylum_access: 0.5\n  court_capacity 8000", 6, ["name: value"]),
    "a question mark as a name": ("? [a]\n: b", 4, []),
    "three dots": ("...\npolicies: {}", 5, ["a second document"]),
    "text after a block sign": ("question: | Why?\n", 4, ["text after | or >"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_says_where_what_and_what_was_meant(case):
    text, line, words = CASES[case]
    head = HEAD.replace("4", '"4"', 1) if case == "a version in quotes" else HEAD
    faults = faults_of(head + text + "\n" * (not text.endswith("\n")))
    told = [str(fault) for fault in faults]
    assert any(all(word in each for word in words) for each in told), told
    assert any(fault.line == line and all(word in str(fault) for word in words) for fault in faults), told
    for fault in faults:
        assert not PARSERS_WORDS.search(fault.what + fault.remedy), told
        assert fault.allowed or fault.remedy or "written twice" in fault.what, told


@pytest.mark.parametrize("case", CASES)
def test_the_page_refuses_what_the_command_line_refuses_and_in_the_same_words(case):
    text, _, _ = CASES[case]
    faults = faults_of(HEAD + text + "\n") if case != "a version in quotes" else faults_of(text)
    source = HEAD + text + "\n" if case != "a version in quotes" else text
    with pytest.raises(Refusal) as caught:
        State.opening().with_file(source, "mine.yaml")
    assert list(caught.value.faults) == faults


def broken(seed):
    """A whole file with a few letters put in, left out or exchanged."""
    chance = random.Random(seed)
    text = State.opening("g8_2001").with_value("court_capacity", 9000.0).with_value("asylum_access", 0.7).to_yaml()
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text))
        put = chance.choice(["", "", "\t", ":", " ", "{", "]", '"', "'", "&a", "@", "-", "\n", "|", "?", "!", "%", ","])
        text = text[:place] + put + text[place + chance.choice([0, 1]) :]
    return text


@pytest.mark.parametrize("part", range(2))
def test_no_damage_to_a_file_brings_out_the_words_of_the_parser(part):
    for seed in range(part * 60, part * 60 + 60):
        text = broken(seed)
        lines = len(text.splitlines())
        try:
            Scenario.from_text(text, "mine.yaml")
        except ScenarioFaults as found:
            for fault in found.faults:
                assert not PARSERS_WORDS.search(fault.what + fault.remedy), (seed, str(fault))
                assert fault.line is None or 1 <= fault.line <= lines, (seed, str(fault))


def test_every_complaint_of_the_parser_has_words_of_ours():
    """All texts of three of the signs that mean something in YAML, at the top and under a name."""
    signs = ["a", ":", " ", "\n", "-", "{", "}", "[", "'", '"', "|", "@", "\t", "?", ","]
    for letters in itertools.product(["a: 1\n", "a:\n  b: 1\n  "], *[signs] * 3):
        try:
            parse("".join(letters), "x")
        except ScenarioFaults as found:
            for fault in found.faults:
                assert not PARSERS_WORDS.search(fault.what + fault.remedy), (letters, str(fault))
                assert fault.line is None or fault.line <= 6, letters


SETTINGS = {
    "legal_labour_slots=650,000": "legal_labour_slots=650000",
    "asylum_access=65%": "asylum_access=0.65",
    "asylum_access=0,65": "asylum_access=0.65",
    "court_capacity=1,5x": "court_capacity=1.5x",
    "court_capacity=9_500": "court_capacity=9500",
    "court_capacity=0900": "court_capacity=900",
    "border_control@north_gateway=1,25": "border_control@north_gateway=1.25",
    "public_cost=1": "an outcome cannot be set",
    "rescue_effect=pull_deiana2021": "a rival formula is set under formulas:",
    "pull_deiana2021=1": "a rival formula is set under formulas:",
    "fee=0": "switched off under loops_off:",
    "border_load=3": "cannot be set",
    "members=30": "say --members 30",
    "courtcapacity=9000": 'did you mean "court_capacity"?',
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_the_command_line_is_refused_with_what_was_meant(setting):
    with pytest.raises(ScenarioFaults) as caught:
        State.opening("g8_2001").scenario.with_settings([setting])
    assert SETTINGS[setting] in str(caught.value)


@given(
    value=st.floats(0.001, 1e9) | st.integers(1, 10**9),
    separators=st.sampled_from([",.", ".,", " ,", "'.", "_.", " ."]),
)
@settings(deadline=None)
def test_a_number_parted_by_any_signs_is_among_what_was_meant(value, separators):
    thousands, decimal = separators
    text = f"{value:,.4f}".translate(str.maketrans({",": thousands, ".": decimal}))
    assert any(abs(found - float(f"{value:.4f}")) < 1e-9 * max(1, value) for found in readings(text)), text


@given(st.text(max_size=30))
@settings(deadline=None)
def test_no_text_whatever_stops_the_search_for_what_was_meant(text):
    assert isinstance(number_meant(text, 0, 1, "1", True), str)
    assert isinstance(year_meant(text, 1900, 2200), str)


@given(st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_as_python_writes_them_are_read_as_they_are(value):
    assert scalar(repr(value)) == value


@pytest.mark.parametrize("text", ["1e6", "1E+6", "1000000", "+1e6", "1000000.", "10.0e5"])
def test_one_number_written_plainly_in_several_ways_is_one_number(text):
    assert scalar(text) == 1_000_000


@pytest.mark.parametrize("text", ["NO", "no", "on", "off", "y", "N", "Yes"])
def test_words_for_yes_and_no_stay_text(text):
    """A route or a country may be called so."""
    assert scalar(text) == text


@pytest.mark.parametrize("text", ["1_000", "010", "-010", "00.5", "0x10", "0o10", "1,5", "12:30", "½"])
def test_what_readers_of_yaml_disagree_on_is_no_number(text):
    assert scalar(text) == text


def test_the_schema_says_what_each_form_does():
    from pushpull.catalogue import catalogue

    definitions = scenario_schema(catalogue())["$defs"]
    forms = {
        next(iter(each["properties"])): each for each in definitions["court_capacity"]["anyOf"] if "properties" in each
    }
    told = {word: form["properties"][word]["description"] for word, form in forms.items()}
    assert "jumps to the first value" in told["table"] and "today's" in told["ramp"] and "falls back" in told["pulse"]
    times = [
        each for each in definitions["court_capacity.amount"]["anyOf"] if "times_today" in each.get("properties", {})
    ]
    assert "constant" in times[0]["description"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("policies:\n  court_capacity:\t900\n", "a tab stands in the line; use a blank"),
        ("policies:\n\u00a0\u00a0court_capacity: 900\n", "indent by plain blanks"),
        ("policies:\n  court_capacity 900\n", "write name: value, with a colon and a blank"),
        ("policies:\n  court_capacity = 900\n", "write name: value, with a colon and a blank"),
        ("context:\n  <<: {conflict_intensity: 3}\n", "a merge (<<) is used"),
        ("context:\n  conflict_intensity: {series: wars}\n", "a series stands in corridor.yaml"),
    ],
)
def test_what_looks_right_and_is_not_is_told_with_its_remedy(text, words, tmp_path):
    (tmp_path / "mine.yaml").write_text(f"schema_version: 4\ntitle: T\ncorridor: g8_2001\n{text}", encoding="utf-8")
    (fault,) = check(tmp_path / "mine.yaml")
    assert words in str(fault) and fault.line == 5


@pytest.mark.parametrize(
    "text, words",
    [
        ("corridor: scenarios/corridors/g8_2001", 'did you mean "g8_2001"?'),
        ("corridor: corridors/g8_2001/corridor.yaml", 'did you mean "g8_2001"?'),
        ("extends: gulf", "extends names a corridor"),
    ],
)
def test_a_corridor_that_is_named_by_its_path_or_as_a_scenario_is_told_how(text, words, tmp_path):
    (tmp_path / "corridors" / "gulf").mkdir(parents=True)
    (tmp_path / "corridors" / "gulf" / "corridor.yaml").write_text("id: gulf\n", encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"schema_version: 4\ntitle: T\n{text}\n", encoding="utf-8")
    assert words in str(check(tmp_path / "mine.yaml")[0])


def test_one_setting_in_python_needs_no_list():
    scenario = Scenario.load("g8_2001")
    assert scenario.with_settings("court_capacity=900") == scenario.with_settings(["court_capacity=900"])
    with pytest.raises(ScenarioFaults) as told:
        scenario.with_settings("court_capacity")
    assert len(told.value.faults) == 1
