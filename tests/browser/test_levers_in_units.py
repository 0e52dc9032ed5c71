"""Levers in the unit of the question, in a real Chromium: more agents, marks by name, and why a lever moves nothing."""

import re

import pytest

from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.scenario.counted_levers import count_of
from tests.browser.test_dashboard import change, open_group, quiet, visit

ADDRESS = "() => new URL(window.location.href).searchParams.get('state')"
HEIGHT = "(box) => box.getBoundingClientRect().height"
NARROW = 280  # pixels that a scale has at the least


def state_of(page):
    return open_link(page.evaluate(ADDRESS)).state


@pytest.mark.parametrize(
    ("code", "typed"), [pytest.param("en", "+5,000", marks=pytest.mark.audit), ("fr", "+5\u202f000")]
)
def test_five_thousand_more_agents_are_asked_for_in_agents(page, dashboard_server, code, typed):
    opening = State.opening()
    one = sum(count_of(opening.scenario, "border_control"))
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={opening.looking(language=code).link}")
        open_group(page, language(code).section("levers.groups.punitive")["title"])
        box = page.locator("[data-control=border_control]")
        field = box.locator("[data-count=border_control]").first
        assert field.input_value() == str(round(one))
        height = box.evaluate(HEIGHT)

        def ask():
            field.fill(typed)
            field.press("Enter")

        change(page, ask, "deaths_in_transit")
        assert field.input_value() == str(round(one) + 5000)
        page.wait_for_function(f"({ADDRESS})() !== null")
        values = state_of(page).value("border_control").values()
        assert [value * one for value in values] == pytest.approx([round(one) + 5000] * len(values), abs=0.01)
        assert box.evaluate(HEIGHT) == height
        assert str(round(one) + 5000)[:2] in box.locator("input[type=range]").first.get_attribute("aria-valuetext")


@pytest.mark.shared_page
def test_a_mark_is_reached_with_the_keyboard_and_moves_the_lever_there(page):
    with quiet(page):
        open_group(page, "Punitive")
        box = page.locator("[data-control=border_control]")
        box.locator("details.facts > summary").click()
        marks = box.locator("ul.marks").first.get_by_role("button")
        assert re.match(r"Lowest of the past, 1993: .*, 3,444 agents$", marks.first.inner_text())
        punitive = marks.filter(has_text="Punitive")
        punitive.focus()
        change(page, lambda: page.keyboard.press("Enter"), "deaths_in_transit")
        assert box.locator("[data-entry=border_control]").first.input_value() == "1.5"
        valuetext = box.locator("input[type=range]").first.get_attribute("aria-valuetext")
        assert valuetext.endswith("Punitive") and "agents" in valuetext
        assert "Published effects cover" in box.locator("details.facts").inner_text()


def test_marks_of_a_scale_do_not_run_into_each_other_in_a_narrow_panel(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        open_group(page, "Preventive")
        box = page.locator("[data-control=legal_labour_slots]")
        box.evaluate(f"(box) => {{ box.style.width = '{NARROW}px'; }}")
        lefts = box.locator(".tick").evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().left)")
        assert len(lefts) > 2 and min(after - before for before, after in zip(lefts, lefts[1:], strict=False)) > 5
        box.locator(".tick").last.hover()
        said = box.locator(".idle")
        assert said.inner_text().startswith("Work permits without more enforcement: 1,221,285")


@pytest.mark.shared_page
def test_a_lever_that_is_no_bottleneck_says_so_and_its_box_keeps_its_height(page):
    with quiet(page):
        open_group(page, "Punitive")
        box = page.locator("[data-control=court_capacity]")
        height, entry = box.evaluate(HEIGHT), box.locator("[data-entry=court_capacity]")

        def ask():
            entry.fill("20000")
            entry.press("Enter")

        change(page, ask, "smuggler_convictions")
        said = box.locator(".idle", has_text="Courts are not the bottleneck. Cases a year: capacity 20,000")
        said.wait_for()
        assert box.evaluate(HEIGHT) == height
        assert said.evaluate("(box) => box.scrollHeight <= box.clientHeight + 1")
