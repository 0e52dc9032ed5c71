"""Every language says everything, in its own way of writing numbers."""

import re
import string

import pytest

from dashboard.language import ENGLISH, language
from dashboard.looking import LANGUAGES
from dashboard.numbers import Numbers
from dashboard.session import Session
from dashboard.state import State, shipped
from model.catalogue import catalogue
from model.scenario import policy_names, scenario_names

KNOWN = catalogue()
OTHERS = [code for code in LANGUAGES if code != ENGLISH]


def leaves(words, path=()):
    if isinstance(words, dict):
        for key, value in words.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield path, words


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def bare(text):
    return re.sub(r"\{\w*\}", "", text)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_every_text_with_the_same_places(code):
    english, other = dict(leaves(language(ENGLISH).words)), dict(leaves(language(code).words))
    assert set(other) == set(english)
    for path, text in english.items():
        if isinstance(text, str) and path[0] != "numbers":
            assert places(other[path]) == places(text), path


@pytest.mark.parametrize("code", OTHERS)
def test_hardly_a_text_is_left_in_english(code):
    english, other = dict(leaves(language(ENGLISH).words)), dict(leaves(language(code).words))
    same = [
        path
        for path, text in english.items()
        if isinstance(text, str) and " " in bare(text).strip() and path[0] != "numbers" and other[path] == text
    ]
    assert same == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_models_names_are_told_in_every_language(code):
    words = language(code)
    corridors = [shipped(name) for name in scenario_names()]
    levers, others = list(KNOWN.levers), [*KNOWN.context, *KNOWN.outcomes, *KNOWN.loops]
    wanted = {
        "titles": [*levers, *others, *KNOWN.model.variables],
        "meanings": [*levers, *others],
        "range_reason": levers,
        "cost": levers,
        "rights": levers,
        "packages": policy_names(),
        "questions": [*policy_names(), *scenario_names()],
        "corridors": scenario_names(),
        "routes": [route for scenario in corridors for route in scenario.routes],
        "notes": [route for scenario in corridors for route in scenario.routes],
    }
    for block, names in wanted.items():
        missing = [name for name in names if not words.model.get(block, {}).get(name)]
        strange = [name for name in words.model.get(block, {}) if name not in names]
        assert (missing, strange) == ([], []), block


@pytest.mark.parametrize(
    "told, said",
    [
        (lambda numbers: numbers.number(14_312), "14\u202f300"),
        (lambda numbers: numbers.number(1_234_567), "1,23\u00a0million"),
        (lambda numbers: numbers.number(2_500_000), "2,5\u00a0millions"),
        (lambda numbers: numbers.amount(3.4e9, "USD/year"), "3,4\u00a0Md USD"),
        (lambda numbers: numbers.amount(0.456, "1"), "45,6\u00a0%"),
        (lambda numbers: numbers.percent(-0.0512), "\u22125,1\u00a0%"),
    ],
)
def test_numbers_in_french(told, said):
    assert told(language("fr").numbers) == said


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        language("en").say("overview.nonsense")
    with pytest.raises(KeyError):
        language("en").say("overview")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_is_written_in_the_language_of_the_link(code):
    session = Session(State.opening("g8_2001").with_package("punitive").looking(language=code))
    for page in ("overview", "outcomes", "compare", "why", "evidence"):
        session._at_bridge({"page": page})
        assert session.notices == []
    assert isinstance(session.language.numbers, Numbers)
    assert session.headlines.shown["rows"][0][0] == language(code).say("overview.people_row")
    assert State.from_link(session.state.link).view.language == code
