"""Options and the brief in a real Chromium: two clicks to an option, a table that fits, one page on paper."""

import re
import threading
from datetime import date
from pathlib import Path

import pytest

from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.export.brief import SMALLEST
from pushpull.dashboard.export.evidence_pack import packing
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state import policy_options
from pushpull.dashboard.state.state import State
from tests.browser.test_dashboard import change, quiet, slider, visit

LONG = "Une option dont le nom prend toute la place qu'un ministère peut lui donner, no "
QUESTION = "What would happen to those who leave, to those who arrive and to those who stay if we did it? " * 4


def briefed(code, corridor, is_long):
    state = State.opening(corridor).looking(language=code)
    for name in ("punitive", "balanced", "one_gateway_crackdown"):
        state = policy_options.with_package(state, name)
    if is_long:
        for place in range(3):
            state = policy_options.renamed(state, place, f"{LONG}{place}")
        state = state.with_scenario(state.scenario.with_changes(question=QUESTION))
    words = language(code, state.scenario.corridor.currency)
    made = packing(words, state, runs_of(state.scenario), None, threading.Event(), "brief", "https://a.example/", None,
                   date(2026, 11, 1))  # fmt: skip
    return next(made)


def sheets(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    "code, is_long",
    [("en", False), ("fr", True), *(pytest.param(code, code == "en", marks=pytest.mark.audit) for code in LANGUAGES)],
)
def test_the_brief_is_one_page_on_either_paper_and_its_annex_begins_on_another(page, code, is_long):
    text = briefed(code, "us_southwest_border", is_long).text
    for paper in ("A4", "Letter"):
        page.set_content(text)
        whole = sheets(page.pdf(format=paper))
        page.evaluate("document.querySelector('main').remove()")
        annex = sheets(page.pdf(format=paper))
        page.set_content(text)
        page.evaluate("document.querySelector('.annex').remove()")
        assert sheets(page.pdf(format=paper)) == 1, paper
        assert whole == 1 + annex, paper
        assert f"font: {SMALLEST}pt" not in text, "letters as small as they get leave no room for more"


def test_the_brief_is_read_on_a_phone_without_scrolling_sideways_and_no_number_is_broken(page):
    lines_of = """(cells) => cells.map((cell) => {
      const range = document.createRange();
      range.selectNode(cell.firstChild);
      return range.getClientRects().length;
    })"""
    page.set_content(briefed("fr", "us_southwest_border", True).text)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert set(page.locator(".outcomes td").evaluate_all(lines_of)) == {1}
        said = page.locator(".outcomes td").nth(1).evaluate("(cell) => getComputedStyle(cell, '::before').content")
        assert LONG.strip() in said


def test_two_clicks_lead_from_a_package_to_an_option_that_is_named_edited_and_removed(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        page.get_by_role("tab", name="Compare").click()
        page.locator("#option-of-punitive").click()
        page.locator("#name-0").wait_for()
        page.locator("#option-of-balanced").click()
        page.locator("#name-1").fill("Visas & visits <5")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="B: Visas & visits <5").wait_for()
        page.locator("#option-back-1").click()
        page.get_by_role("heading", name="A: Visas & visits <5").wait_for()
        change(page, lambda: page.locator("#option-edit-0").click(), "smuggled_migrants")
        handle = slider(page, "Remedial", "Access to asylum")
        handle.focus()
        change(page, lambda: page.keyboard.press("Home"), "protection_gap")
        page.locator("#option-done-0").click()
        page.locator("#option-edit-0").wait_for()
        assert page.locator("#name-0").input_value() == "Visas & visits <5"
        page.locator("#unkeep-1").click()
        page.locator("#name-1").wait_for(state="detached")
    assert "Visas & visits <5" in page.evaluate("document.title")


def test_no_option_lies_outside_the_table_on_a_small_screen(page, dashboard_server):
    state = State.opening()
    for name in ("punitive", "balanced", "remedial"):
        state = policy_options.with_package(state, name)
    state = state.looking(page="compare", way="table", compared=())
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{dashboard_server}/?state={state.link}")
    page.locator("#figure-table thead th", has_text="C: Remedial").wait_for()
    box = page.locator("#figure-table .scroll")
    assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0
    edge = page.evaluate("document.documentElement.clientWidth")
    for head in page.locator("#figure-table thead th").all():
        found = head.bounding_box()
        assert found["x"] >= 0 and found["x"] + found["width"] <= edge
    assert page.evaluate("document.documentElement.scrollWidth") <= edge
    # Nothing of a cell is cut off or lies over its neighbour.
    spilt = page.locator("#figure-table td, #figure-table th").evaluate_all(
        "(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"
    )
    assert spilt == []


def test_the_brief_is_taken_along_by_name_in_both_forms(page, dashboard_server):
    state = policy_options.renamed(State.opening("g8_2001").with_value("asylum_access", 0.9), -1, "Double visas")
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={state.link}")
        for button, name, begins in (
            ("brief", "Double visas brief.html", b"<!doctype html>"),
            ("word", "Double visas brief.docx", b"PK"),
        ):
            page.locator("[data-menu=files] summary").click()
            with page.expect_download() as caught:
                page.locator(f"[data-do={button}]").click()
            assert caught.value.suggested_filename == name
            content = Path(caught.value.path()).read_bytes()
            assert content.startswith(begins)
            if button == "brief":
                assert re.search(rf'href="{dashboard_server}/s/[a-z0-9]{{10}}"', content.decode())
                assert "Double visas" in content.decode()
