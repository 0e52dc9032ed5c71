"""What is typed, opened and linked in a real Chromium is what was meant, and words without end stay on the page."""

import re

import pytest

from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from tests.browser.test_dashboard import alerts, change, held, open_group, quiet, visit, wide_in

ENDLESS = "Q" * 200
CONTROL = "[data-control=asylum_access]"


ADDRESS = "() => new URL(window.location.href).searchParams.get('state')"


def typed(page, text, control="court_capacity"):
    entry = page.locator(f"[data-entry={control}]").first
    entry.fill(text)
    entry.press("Enter")
    return entry


def test_a_decimal_comma_is_one_in_both_languages_and_thousands_are_thousands(page, dashboard_server):
    with quiet(page):
        for code, shown in (("en", "0.1"), ("fr", "0,1")):
            visit(page, f"{dashboard_server}/?language={code}")
            open_group(page, language(code).section("levers.groups.punitive")["title"])
            change(page, lambda: typed(page, "0,125"), "smuggler_convictions")
            assert page.locator("[data-entry=court_capacity]").first.input_value() == shown
            assert held(page, "smuggler_convictions")[1][-1] < 1
            change(page, lambda: typed(page, "12\u202f500"), "smuggler_convictions")
            assert page.locator("[data-entry=court_capacity]").first.input_value() == "12500"


def test_a_number_of_two_meanings_is_handed_back_with_both(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?language=fr")
        open_group(page, language("fr").section("levers.groups.punitive")["title"])
        before = page.locator("[data-entry=court_capacity]").first.input_value()
        entry = typed(page, "9.000")
        told = page.locator("[data-control=court_capacity] p.fault").first
        told.wait_for()
        said = re.sub("[\u00a0\u202f]", " ", told.inner_text())
        assert "« 9.000 »" in said and "9000" in said
        assert entry.input_value() == before


@pytest.mark.shared_page
def test_a_table_of_years_is_read_in_its_order_and_says_which_line_is_wrong(page):
    with quiet(page):
        open_group(page, "Remedial")
        box = page.locator(f"{CONTROL} .schedule")
        box.locator("summary").click()
        box.locator("select").first.select_option("table")
        box.locator("textarea").fill("2030: 60\n2031,5: seventy\n")
        box.get_by_role("button", name="Set").click()
        box.locator("p.fault").wait_for()
        assert "Line 2" in box.locator("p.fault").inner_text() and "seventy" in box.locator("p.fault").inner_text()
        box.locator("textarea").fill("2035: 80 %\n2030: 60\n2031,5\t62,5\n")
        before = page.evaluate(ADDRESS)
        change(page, box.get_by_role("button", name="Set").click, "protection_gap")
        page.get_by_text(language("en").say("schedule.table_note")).first.wait_for()
        page.wait_for_function(f"(before) => ({ADDRESS})() !== before", arg=before)
        (form,) = open_link(page.evaluate(ADDRESS)).state.scenario.policies.values()
        assert form.years == (2030, 2031.5, 2035)
        assert [each.value for each in form.values] == [0.6, 0.625, 0.8]


@pytest.mark.shared_page
def test_a_year_that_is_none_is_told_beside_its_field(page):
    with quiet(page):
        field = page.locator("input[data-year=end]").first
        field.fill("soon")
        field.press("Enter")
        page.locator(".years p.fault", has_text="soon").wait_for()
        assert field.input_value() == "2045"
        field.press("ArrowDown")
        page.wait_for_function("() => window.Bokeh.documents[0].get_model_by_name('yours').data.time.at(-1) === 2044")


@pytest.mark.parametrize(
    "code, order", [pytest.param("en", "later year", marks=pytest.mark.audit), ("fr", "année postérieure")]
)
def test_a_year_outside_the_run_is_told_beside_its_field_in_its_language(page, dashboard_server, code, order):
    words = language(code)
    with quiet(page):
        visit(page, f"{dashboard_server}/?language={code}")
        for key, text in (("policy_start", "1961"), ("policy_start", "2071"), ("end", "1997"), ("end", "2261")):
            field = page.locator(f"input[data-year={key}]").first
            before = field.input_value()
            field.fill(text)
            field.press("Enter")
            page.locator(".years p.fault:visible").first.wait_for()
            assert field.input_value() == before
            field.fill(before)
            assert page.locator(".years p.fault:visible").count() == 0
        open_group(page, words.section("levers.groups.remedial")["title"])
        box = page.locator(f"{CONTROL} .schedule")
        box.locator("summary").click()
        for kind, years, told in (
            ("step", ("1991",), "2027"),
            ("step", ("2077",), "2045"),
            ("ramp", ("2031", "2029"), order),
            ("pulse", ("2033", "2033"), order),
        ):
            box.locator("select").first.select_option(kind)
            for name, text in zip(("start", "end"), years, strict=False):
                box.locator(f"[data-field={name}]").fill(text)
            box.get_by_role("button").click()
            box.locator("p.fault:visible").wait_for()
            assert told in box.locator("p.fault").inner_text(), kind
        box.locator("[data-field=value]").fill("")
        box.locator("[data-field=end]").fill("2037")
        box.get_by_role("button").click()
        told = box.locator("p.fault").inner_text().replace("\xa0", " ")
        assert told == words.say("levers.out_of_range").format(0, "100 %")
        assert page.locator("#notices").inner_text() == ""


@pytest.mark.parametrize("code", ["en", pytest.param("fr", marks=pytest.mark.audit)])
def test_a_link_with_something_unknown_opens_the_rest_and_says_so_in_the_language_of_the_page(
    page, dashboard_server, code
):
    content = {
        "of": "us_southwest_border",
        "scenario": {"policies": {"asylum_access": 0.7, "moat": 2}},
        "kept": [{"title": "A kept one"}],
        "view": {"language": code, "page": "compare"},
    }
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={permalink.encode(content)}.)&utm_source=mail")
        page.locator("#name-0").wait_for()
        assert page.locator("#name-0").input_value() == "A kept one"
        (told,) = alerts(page)
        assert language(code).say("not_in_link.lever", name="moat") in told and "pushpull" not in told
        assert page.locator("[role=alert]").first.evaluate("(notice) => !notice.querySelector('[lang]')")


def test_words_without_end_leave_the_page_as_wide_as_the_window(page, dashboard_server):
    page.set_viewport_size({"width": 390, "height": 800})
    state = State.opening().with_value("asylum_access", 0.8)
    state = state.with_scenario(state.scenario.with_changes(title=ENDLESS, question=ENDLESS))
    state = state.keeping(state.scenario)
    for name in ("overview", "compare"):
        for way in ("multiples", "table") if name == "compare" else ("multiples",):
            visit(page, f"{dashboard_server}/?state={state.looking(page=name, way=way).link}")
            for width in (1280, 390):
                assert wide_in(page, width) <= width, (name, way, width)
