"""Every page and every view in it, in each language and both themes: access for all, quiet, and in one language."""

import re
from collections import Counter

import pytest

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.view import LANGUAGES
from pushpull.evidence.experiment_files import read_experiments
from tests.browser import walking
from tests.browser.access import THEMES
from tests.conftest import local_page

KNOWN = catalogue()
WALKED = "fr"  # in every run of the tests, each view in one theme in turn; make audit: another language, both themes
ENGLISH_WORD = re.compile(r"\b(the|of|and|with|from|their|which|by|are|who|for|that|this)\b", re.IGNORECASE)
NOT_FRENCH = (
    (re.compile(r"\d\.\d"), "a point for the decimal comma"),
    (re.compile(r"\d,\d{3},\d{3}"), "commas between thousands"),
    (re.compile(r"(?<![\d\u202f,])(?!(?:19|20|21)\d\d(?!\d))\d{4,}"), "thousands without a gap"),
    (re.compile(r"\d[ \u00a0]\d{3}(?!\d)"), "another gap than the narrow one that does not break"),
    (re.compile(r"\d ?%"), "a percent sign that is not held by its number"),
    (re.compile(r"\S [;:!?»]|« "), "a sign that is not held by its word"),
)


TICKS_TOLD = {
    "en": ("0.25", "1.23k", "56.8k", "1.25m", "3.4bn", "25\u00a0%"),
    "fr": ("0,25", "1,23\u00a0k", "56,8\u00a0k", "1,25\u00a0M", "3,4\u00a0Md", "25\u00a0%"),
}


def french_faults(texts):
    return [(fault, text) for text in texts for pattern, fault in NOT_FRENCH if pattern.search(text)]


@pytest.fixture(
    scope="module",
    params=[pytest.param(code, marks=[] if code == WALKED else pytest.mark.audit) for code in LANGUAGES],
)
def walked(request, chromium, dashboard_server):
    """What a walk through every view shows in one language; on the way, nothing may be asked of the internet."""
    with local_page(chromium) as page:
        seen = walking.walk(page, dashboard_server, request.param, in_turn=request.param == WALKED)
    return request.param, seen


@pytest.mark.slow
def test_no_view_has_a_serious_fault_of_access(walked):
    """The rules of axe-core for WCAG 2.1 A and AA, in every view, with menus, tables, controls and notices open."""
    code, seen = walked
    views = len(walking.VIEWS) + 6
    assert len({name for name, _ in seen.faults}) == views
    by_theme = Counter(theme for _, theme in seen.faults)
    assert set(by_theme) == set(THEMES)
    assert sorted(by_theme.values()) == ([views // 2, views - views // 2] if code == WALKED else [views, views])
    assert {where: faults for where, faults in seen.faults.items() if faults} == {}


@pytest.mark.slow
def test_no_view_says_an_error_or_a_warning_on_the_console(walked):
    _, seen = walked
    assert seen.said == []


@pytest.mark.slow
def test_charts_write_numbers_as_the_language_does(walked):
    """On their axes and where one points at them."""
    assert_charts_speak(*walked)


@pytest.mark.slow
def test_charts_and_texts_of_the_first_page_are_english_in_english(chromium, dashboard_server):
    with local_page(chromium) as page:
        seen = walking.Walked()
        walking.begin(page, dashboard_server, "en", seen)
        walking.look_at_charts(page, seen)
    assert_charts_speak("en", seen)
    assert {lang for lang, _ in seen.texts} == {"en"} and seen.said == []


def assert_charts_speak(code, seen):
    assert set(TICKS_TOLD[code]) <= set(seen.axes)
    assert len(seen.hovered) == 2
    assert not (code == "fr" and french_faults(seen.axes))
    words = language(code)
    for told in seen.hovered:
        assert words.say("yours") in told and words.say("baseline") in told, told
    assert not (code == "fr" and french_faults(seen.hovered))


@pytest.mark.slow
def test_what_stays_english_on_a_french_page_says_so(walked):
    """Screen readers change their voice by the attribute `lang`."""
    code, seen = walked
    if code == "en":
        assert {lang for lang, _ in seen.texts} <= {"en"}
        return
    french = [re.sub("\u00ab.*?\u00bb", "", text) for lang, text in seen.texts if lang == "fr"]
    assert [text for text in french if ENGLISH_WORD.search(text)] == []
    words = language("fr")
    known = {*KNOWN.model.variables, *KNOWN.model.cards}
    left = {language("en").title(name) for name in known if words.stays("titles", name)}
    assert [text for text in french if any(name in text for name in left if " " in name)] == []
    english = {text for lang, text in seen.texts if lang == "en"}
    assert {each.published["source"] for each in read_experiments()} <= english
    assert not any(each.claim in text for each in read_experiments() for _, text in seen.texts)


@pytest.mark.slow
def test_every_number_on_a_french_page_is_written_in_french(walked):
    code, seen = walked
    assert french_faults(text for lang, text in seen.texts if lang == "fr" and code == "fr") == []


@pytest.mark.slow
@pytest.mark.parametrize("in_turn", [True, pytest.param(False, marks=pytest.mark.audit)])
def test_a_phone_shows_no_serious_fault_of_access_and_all_can_be_read_and_hit(chromium, dashboard_server, in_turn):
    """There, at 200 % and at 320 pixels nothing lies beyond the edge or under something, is cut or too small to hit."""
    with local_page(chromium, width=390, color_scheme="dark") as page:
        seen = walking.walk_on_a_phone(page, dashboard_server, "fr", in_turn)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.said == []
    assert {theme for _, theme in seen.faults} == {"dark"} and len(seen.faults) == len(walking.ON_A_PHONE)
    views = len(walking.ON_A_PHONE) + 1  # the overview with its sheet open is one
    assert len(seen.measured) == (3 * 2 + views - 2 if in_turn else 3 * views)
    assert {where: faults for where, faults in seen.measured.items() if faults} == {}
    assert {where: faults for where, faults in seen.faults.items() if faults} == {}
