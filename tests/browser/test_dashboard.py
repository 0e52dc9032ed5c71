"""The dashboard in a real Chromium: levers, charts, files, links, layouts and keyboard."""

import json
import re
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import TimeoutError  # noqa: A004

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from tests.browser.sheet import close_sheet, open_sheet
from tests.few_simulations import FEW

GROUPS = {
    "Preventive": ("Work permits on offer", "Match of permits to labour demand"),
    "Punitive": ("Border control",),
    "Remedial": ("Access to asylum",),
    "Enabling": ("Common definitions and data",),
}
ADDRESS_SAYS_IT = "() => window.pushpull.address() === window.location.href"
SPOKEN = """() => ["summary-0", "summary-focus"].some((id) => document.getElementById(id)?.textContent)
  || document.querySelector("[data-fragment] .chart, [data-fragment] .sheet")"""
HELD = """([source, name]) => {
  const held = window.Bokeh.documents[0].get_model_by_name(source).data;
  return {time: Array.from(held.time), values: Array.from(held[name])};
}"""
DIFFERS = """([source, name, before]) => {
  const held = window.Bokeh.documents[0].get_model_by_name(source).data[name];
  return held.length !== before.length || Array.from(held).some((value, place) => value !== before[place]);
}"""


@contextmanager
def quiet(page):
    """No error or warning on the console while this lasts."""
    said = []

    def hear(message):
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    yield
    page.remove_listener("console", hear)
    assert said == []


def visit(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_function(SPOKEN)


def held(page, name, source="yours"):
    found = page.evaluate(HELD, [source, name])
    return np.array(found["time"]), np.array(found["values"])


def at(page, name, year, source="yours"):
    time, values = held(page, name, source)
    return values[np.abs(time - year).argmin()]


def change(page, act, name, source="yours"):
    """Do something and wait until a series differs from what it was."""
    before = held(page, name, source)[1].tolist()
    act()
    page.wait_for_function(DIFFERS, arg=[source, name, before])


def open_group(page, group):
    open_sheet(page)
    box = page.locator("details.group", has=page.locator("summary", has_text=group)).first
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()


def slider(page, group, title):
    open_group(page, group)
    return page.get_by_role("slider", name=title, exact=True)


def press(page, group, title, key, watched, source="yours"):
    handle = slider(page, group, title)
    handle.focus()
    change(page, lambda: page.keyboard.press(key), watched, source)


def is_the_scenario(page, scenario):
    """Whether the charts hold, bit for bit, what Python gives for a scenario."""
    result = run(scenario)
    for name in catalogue().outcomes:
        if not np.array_equal(held(page, name)[1], result.total(name)[0]):
            return False
    return True


def alerts(page):
    return page.get_by_role("alert").all_inner_texts()


def reset(page):
    page.locator("[data-menu=reset] summary").click()
    page.get_by_role("button", name="Policies and context").click()


def saved(page):
    page.locator("[data-menu=files] summary").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save file").click()
    return Path(caught.value.path()).read_text(encoding="utf-8")


def load(page, text, name="mine.yaml"):
    content = text if isinstance(text, bytes) else text.encode()
    file = {"name": name, "mimeType": "application/yaml", "buffer": content}
    page.locator(".actions > input[type=file]").set_input_files(file)


def test_the_first_page_shows_today(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        assert page.get_by_role("heading", level=1).inner_text() == State.opening().scenario.corridor.title
        assert not page.locator("#illustrative").is_visible()
        assert is_the_scenario(page, Scenario.load("us_southwest_border"))
        assert page.locator("article.card").count() == 9
        assert page.locator("#panel-overview .grid figure.chart:not([hidden])").count() == 9
        assert page.locator("#figure-main").is_visible() and not page.locator("#figure-difference").is_visible()
        assert page.get_by_text("no difference").count() == 9


@pytest.mark.shared_page
def test_legal_slots_that_match_demand_fill_vacancies(page):
    with quiet(page):
        for title in GROUPS["Preventive"]:
            press(page, "Preventive", title, "End", "unfilled_vacancies")
        assert at(page, "unfilled_vacancies", 2045) < at(page, "unfilled_vacancies", 2045, "baseline")
        assert "\u25bc" in page.locator("[data-card=unfilled_vacancies] .change").inner_text()


@pytest.mark.shared_page
def test_border_control_raises_apprehensions_first_and_the_fee(page):
    with quiet(page):
        for _ in range(3):
            press(page, "Punitive", "Border control", "PageUp", "apprehensions_recorded")
        for name, year in (("apprehensions_recorded", 2027.5), ("smuggler_fee", 2028)):
            assert at(page, name, year) > at(page, name, year, "baseline"), name


@pytest.mark.shared_page
def test_access_to_asylum_lowers_the_protection_gap_until_others_follow(page):
    with quiet(page):
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        assert at(page, "protection_gap", 2030) < at(page, "protection_gap", 2030, "baseline")
        change_of = page.locator("[data-card=protection_gap] .change")
        change_of.filter(has_text=re.compile("better|worse|no clear change")).wait_for()
        card = change_of.inner_text()
        assert ("better" in card) == ("\u25bc" in card) and ("worse" in card) == ("\u25b2" in card)


@pytest.mark.shared_page
def test_common_definitions_raise_recorded_smuggling(page):
    with quiet(page):
        press(page, "Enabling", "Common definitions and data", "End", "smuggling_recorded")
        assert at(page, "smuggling_recorded", 2040) > at(page, "smuggling_recorded", 2040, "baseline")
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Official and actual figures").click()
        page.locator("#figure-recorded-smuggled_migrants svg").wait_for()


@pytest.mark.shared_page
def test_an_exact_value_can_be_typed(page):
    with quiet(page):
        open_group(page, "Remedial")
        entry = page.get_by_role("textbox", name="Access to asylum, exact value")
        change(page, lambda: (entry.fill("62.5"), entry.press("Enter")), "protection_gap")
        scenario = Scenario.load("us_southwest_border").with_changes(policies={"asylum_access": 0.625})
        assert is_the_scenario(page, scenario)
        entry.fill("190")
        entry.press("Enter")
        page.get_by_text("from 0 to 100 %").wait_for()
        assert is_the_scenario(page, scenario)


@pytest.mark.shared_page
def test_one_gateway_can_be_set_alone_and_its_traffic_moves_on(page):
    with quiet(page):
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Routes and weak link").click()
        page.locator("#gateways table").wait_for()
        open_group(page, "Punitive")
        page.locator("[data-control=border_control] .gateways summary").click()
        one = page.get_by_role("slider", name="Border control, California", exact=True)
        one.focus()
        before = page.locator("#gateways").inner_text()
        page.keyboard.press("End")
        page.wait_for_function("(before) => document.getElementById('gateways').innerText !== before", arg=before)
        expected = Scenario.load("us_southwest_border").with_settings(["border_control@california=4"])
        share = run(expected).by_route("route_share")[0][-1, 0]
        assert f"{100 * share:.3g}" in page.locator("#gateways tbody tr").first.inner_text()
        assert page.locator("#gateways td.weak").count() == 3


@pytest.mark.shared_page
def test_a_package_and_reset(page):
    with quiet(page):
        packages = page.get_by_role("combobox", name="Policy package")
        change(page, lambda: packages.select_option("punitive"), "smuggled_migrants")
        assert is_the_scenario(page, Scenario.load("us_southwest_border").with_policy("punitive"))
        open_group(page, "Remedial")
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        assert packages.evaluate("(each) => each.selectedOptions[0].text") == "Punitive, changed"
        change(page, page.get_by_role("button", name="Undo").click, "protection_gap")
        assert packages.input_value() == "punitive"
        change(page, lambda: reset(page), "smuggled_migrants")
        assert is_the_scenario(page, Scenario.load("us_southwest_border"))
        assert packages.input_value() == ""
        for name in catalogue().outcomes:
            assert np.array_equal(held(page, name)[1], held(page, name, "baseline")[1])


@pytest.mark.shared_page
def test_a_warning_stands_where_control_rises_and_asylum_does_not(page):
    assert not page.locator("section.advisories").is_visible()
    choose = page.get_by_role("combobox", name="Policy package")
    change(page, lambda: choose.select_option("punitive"), "smuggled_migrants")
    page.locator("section.advisories").wait_for()
    assert "access to asylum does not" in page.locator("section.advisories").inner_text()


def test_ranges_and_chances_follow_and_sharpen(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        choose = page.get_by_role("combobox", name="Policy package")
        change(page, lambda: choose.select_option("balanced"), "smuggled_migrants")
        page.get_by_text(re.compile(rf"of ({'|'.join(map(str, FEW))}) simulations")).first.wait_for()
        page.get_by_text(f"of {FEW[-1]} simulations").first.wait_for()
        time, low = held(page, "0_p5", "ranges")
        high = held(page, "0_p95", "ranges")[1]
        assert len(time) == len(low) and (low <= high).all()
        press(page, "Remedial", "Access to asylum", "Home", "protection_gap")
        followed = f"(given) => ({DIFFERS})(given) && ({HELD})(given).values.length === given[2].length"
        page.wait_for_function(followed, arg=["ranges", "0_p5", low.tolist()])


def test_ranges_sharpen_on_a_page_that_nobody_touches(page, dashboard_server):
    """What is found while the browser still builds the page must come to it too."""
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={State.opening().with_package('balanced').link}")
        page.get_by_text(f"of {FEW[-1]} simulations").first.wait_for()


def test_ranges_can_be_switched_off_and_on_again(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={State.opening().looking(ranges=False).link}")
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.wait_for_timeout(2000)
        assert not page.get_by_text(re.compile(r"of \d+ simulations")).count()
        switch = page.get_by_label("Run a set of simulations").first
        assert not switch.is_checked()
        switch.click()
        page.get_by_text(re.compile(r"of \d+ simulations")).first.wait_for()
        switch.click()
        page.get_by_text(re.compile(r"of \d+ simulations")).first.wait_for(state="detached")


@pytest.mark.shared_page
def test_replay_flips_between_before_and_after_and_ends_on_after(page):
    with quiet(page):
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        after = held(page, "protection_gap")[1].tolist()
        replay = page.get_by_role("button", name="Replay")
        change(page, replay.click, "protection_gap")
        assert held(page, "protection_gap")[1].tolist() == held(page, "protection_gap", "baseline")[1].tolist()
        page.wait_for_function("document.body.dataset.replaying === 'after'")
        page.wait_for_function("document.body.dataset.replaying === ''")
        assert held(page, "protection_gap")[1].tolist() == after
        change(page, page.get_by_role("button", name="Undo").click, "protection_gap")


@pytest.mark.shared_page
def test_a_schedule_can_be_set(page):
    with quiet(page):
        open_group(page, "Remedial")
        box = page.locator("[data-control=asylum_access] .schedule")
        box.locator("summary").click()
        box.locator("select").first.select_option("ramp")
        for name, value in (("start", "2028"), ("end", "2034"), ("value", "90")):
            box.locator(f"[data-field={name}]").fill(value)
        change(page, box.get_by_role("button", name="Set").click, "protection_gap")
        form = {"ramp": {"from": 2028, "to": 2034, "value": 0.9}}
        scenario = Scenario.load("us_southwest_border").with_changes(policies={"asylum_access": form})
        assert is_the_scenario(page, scenario)
        page.get_by_text("Phased in from 2028 to 2034").wait_for()


@pytest.mark.shared_page
def test_the_gallery_shows_an_outcome_large(page):
    with quiet(page):
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Smuggler fee").click()
        page.locator("#figure-focus[data-outcome=smuggler_fee]").wait_for()
        assert "in 2045" in page.locator("#summary-focus").inner_text()
        assert len(page.locator("[data-spark=smuggler_fee] polyline").last.get_attribute("points")) > 500


@pytest.mark.shared_page
def test_the_illustrative_corridor_says_so(page):
    with quiet(page):
        choose = page.get_by_role("combobox", name="Corridor")
        change(page, lambda: choose.select_option("g8_2001"), "smuggled_migrants")
        page.locator("#illustrative").wait_for(state="visible")
        assert page.locator("#illustrative").inner_text().lower() == "fictional example"
        assert is_the_scenario(page, Scenario.load("g8_2001"))
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Routes and weak link").click()
        page.locator("#gateways table").wait_for()
        assert page.locator("#gateways tbody tr").count() == 3
        assert "Weak link: Southern gateway" in page.locator("#gateways .told").inner_text()


@pytest.mark.shared_page
def test_a_refused_year_does_not_stay_in_its_field_nor_its_message_on_the_page(page):
    with quiet(page):
        field = page.locator("input[data-year=end]").first
        field.fill("2300")
        field.press("Enter")
        page.get_by_role("alert").first.wait_for()
        assert field.input_value() == "2045"
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.get_by_role("alert").first.wait_for(state="detached")


@pytest.mark.shared_page
def test_corridors_can_be_changed_there_and_back(page):
    """They differ in gateways, and each page of one follows a page of the other."""
    with quiet(page):
        choose = page.get_by_role("combobox", name="Corridor")
        for name in ("g8_2001", "us_southwest_border", "eu_external_border", "us_southwest_border"):
            change(page, lambda name=name: choose.select_option(name), "smuggled_migrants", "baseline")
            scenario = Scenario.load(name)
            assert is_the_scenario(page, scenario)
            assert page.get_by_role("heading", level=1).inner_text() == scenario.corridor.title
            today = page.locator("[data-lever=legal_labour_slots]").first.get_attribute("aria-valuetext")
            assert f"{scenario.today('legal_labour_slots'):,.0f}"[:3] in today
            page.locator("[data-card=public_cost] .value", has_text=scenario.corridor.currency).wait_for()


@pytest.mark.shared_page
def test_a_saved_file_gives_python_the_very_numbers_of_the_page(page):
    with quiet(page):
        packages = page.get_by_role("combobox", name="Policy package")
        change(page, lambda: packages.select_option("balanced"), "smuggled_migrants")
        press(page, "Punitive", "Sentence severity", "ArrowRight", "smuggler_convictions")
        text = saved(page)
        scenario = Scenario.from_text(text)
        assert scenario.policies and is_the_scenario(page, scenario)
        change(page, lambda: reset(page), "smuggled_migrants")
        change(page, lambda: load(page, text), "smuggled_migrants")
        assert is_the_scenario(page, scenario)
        page.get_by_text("mine.yaml is loaded.").wait_for()


ALL_RUN = f"[data-card=people_exploited] .chance:has-text('of {FEW[-1]}')"  # the numbers of cards stay from then on


def test_a_link_restores_everything(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        change(
            page,
            lambda: page.get_by_role("combobox", name="Policy package").select_option("remedial"),
            "smuggled_migrants",
        )
        press(page, "Preventive", "Work permits on offer", "PageUp", "unfilled_vacancies")
        page.get_by_text("Choose outcomes").click()
        page.get_by_role("checkbox", name="Smuggler fee").click()
        page.locator("[data-card=smuggler_fee]").wait_for()
        page.get_by_role("checkbox", name="Public cost").first.click()
        page.locator("[data-card=public_cost]").wait_for(state="detached")
        page.get_by_text("Choose outcomes").click()
        page.get_by_role("combobox", name="Outcomes in").select_option("2035")
        page.get_by_text("in 2035").first.wait_for()
        page.locator(ALL_RUN).wait_for()
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Official and actual figures").click()
        page.locator("[data-fragment=recorded] svg").first.wait_for()
        page.wait_for_function("location.search.startsWith('?state=')")
        page.wait_for_function(ADDRESS_SAYS_IT)
        text, address = saved(page), page.url
        cards = page.locator("article.card .value").all_text_contents()

        visit(page, address)
        assert page.get_by_role("button", name="Official and actual figures").get_attribute("aria-pressed") == "true"
        page.locator(ALL_RUN).wait_for(state="attached")
        assert page.locator("article.card .value").all_text_contents() == cards
        assert saved(page) == text
        assert is_the_scenario(page, Scenario.from_text(text))
        chosen = page.get_by_role("combobox", name="Policy package")
        assert chosen.evaluate("(each) => each.selectedOptions[0].text") == "Remedial, changed"


@pytest.mark.shared_page
def test_the_copied_link_is_the_address(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Remedial", "Access to asylum", "ArrowRight", "protection_gap")
    page.locator("[data-menu=links] summary").click()
    page.get_by_role("button", name="Copy link").click()
    page.locator("[data-menu=links] summary", has_text="Link copied").wait_for()
    page.wait_for_function(ADDRESS_SAYS_IT)
    copied = open_link(page.evaluate("navigator.clipboard.readText()").split("state=")[1])
    assert copied.state == open_link(page.url.split("state=")[1]).state and copied.made, "and what it comes to now"


def test_a_garbage_link_is_refused_with_one_message(page, dashboard_server):
    """Tests without a browser try every sort of garbage; here, what is long and could become markup."""
    visit(page, f"{dashboard_server}/?state=1.{'A' * 5000}%3Cscript%3E")
    assert len(alerts(page)) == 1 and "The link cannot be opened" in alerts(page)[0]
    assert is_the_scenario(page, Scenario.load("us_southwest_border"))
    press(page, "Remedial", "Access to asylum", "End", "protection_gap")


BAD_FILES = {
    "truncated": State.opening().with_package("balanced").to_yaml()[:700],
    "script in a title": State.opening().to_yaml().replace('title: "', 'title: "<script>window.taken = 1</script>'),
    "another schema": State.opening().to_yaml().replace("schema_version: 4", "schema_version: 5"),
    "unknown names": State.opening().to_yaml() + "policies: {border_controll: 2, asylum_access: 7}\n",
    "binary": bytes(range(256)),
    "empty": "",
    "too large": b"#" * 1_100_000,
}


@pytest.mark.shared_page
def test_bad_files_are_refused_each_with_one_message_and_the_session_goes_on(page):
    """One after the other in one session, so that none leaves anything behind for the next."""
    for number, (kind, content) in enumerate(BAD_FILES.items()):
        before = held(page, "protection_gap")[1]
        load(page, content)
        page.get_by_role("alert").first.wait_for()
        assert len(alerts(page)) == 1 and "mine.yaml was not loaded" in alerts(page)[0], kind
        assert np.array_equal(held(page, "protection_gap")[1], before), kind
        assert page.evaluate("window.taken") is None, kind
        press(page, "Remedial", "Access to asylum", ("End", "Home")[number % 2], "protection_gap")
        page.get_by_role("alert").first.wait_for(state="detached")


@pytest.mark.shared_page
def test_a_name_that_leaves_the_folder_is_refused_with_one_message(page):
    with quiet(page):
        load(page, State.opening("g8_2001").to_yaml(), name="..\\..\\secret.yaml")
        page.get_by_role("alert").first.wait_for()
        assert len(alerts(page)) == 1 and "its name is not valid" in alerts(page)[0]
        assert is_the_scenario(page, Scenario.load("us_southwest_border"))
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")


WIDTHS = (1920, 1280, 390)
WIDE = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"


def wide_in(page, width):
    """How wide a page is in a window of a width, once its charts have followed the window."""
    page.set_viewport_size({"width": width, "height": 900})
    with suppress(TimeoutError):  # what is returned tells
        page.wait_for_function(f"(width) => ({WIDE})() <= width", arg=width, timeout=30_000)
    return page.evaluate(WIDE)


@pytest.mark.parametrize("in_turn", [True, pytest.param(False, marks=pytest.mark.audit)])
def test_nothing_scrolls_sideways(page, dashboard_server, in_turn):
    """Each page at each width, or at one of them in turn."""
    turns = cycle(WIDTHS)
    page.set_viewport_size({"width": 390, "height": 900})
    with quiet(page):
        visit(page, dashboard_server)
        for group in GROUPS:
            open_group(page, group)
        close_sheet(page)
        for tab in ("Outcomes", "Compare", "Why", "Evidence", "Overview"):
            page.get_by_role("tab", name=tab).click()
            parts = ("Routes and weak link", "Factors", "Official and actual figures", "Diagram", "All outcomes")
            for part in parts if tab == "Outcomes" else ("",):
                if part:
                    page.get_by_role("button", name=part).click()
                page.wait_for_timeout(300)
                for width in [next(turns)] if in_turn else WIDTHS:
                    assert wide_in(page, width) <= width, (tab, part, width)


def test_the_keyboard_alone_reaches_the_levers_and_moves_them(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        active = """() => {
          let found = document.activeElement;
          while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
          return {type: found?.type ?? "", visible: Boolean(found?.matches(":focus-visible"))};
        }"""
        seen = []
        for _ in range(80):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(active))
            if seen[-1]["type"] == "range":
                break
        assert seen[-1]["type"] == "range" and seen[-1]["visible"], json.dumps(seen)
        change(page, lambda: page.keyboard.press("ArrowRight"), "smuggled_migrants")


def test_the_skip_link_leads_to_the_levers(page, dashboard_server):
    visit(page, dashboard_server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "levers"


@pytest.mark.shared_page
def test_every_control_has_a_name(page):
    for group in GROUPS:
        open_group(page, group)
    for role in ("slider", "textbox", "combobox", "button", "tab", "checkbox"):
        for each in page.get_by_role(role).all():
            name = each.evaluate("(one) => one.ariaLabel || one.labels?.[0]?.textContent || one.textContent")
            assert name and re.search(r"\w", name), (role, each)


@pytest.mark.shared_page
def test_the_table_of_a_chart_tells_its_numbers(page):
    with quiet(page):
        figure = page.get_by_role("figure", name="Deaths in transit", exact=True)
        figure.locator("details.data summary").click()
        figure.locator("thead").wait_for()
        heads = figure.locator("thead th").all_inner_texts()
        assert heads[:2] == ["Year", "Baseline"] and "Your scenario" in heads
        last = figure.locator("tbody tr").last.locator("th, td").all_inner_texts()
        assert last[0] == "2045"
        assert float(last[1].replace(",", "")) == pytest.approx(at(page, "deaths_in_transit", 2045), rel=1e-3)


@pytest.mark.shared_page
def test_charts_out_of_sight_are_painted_once_all_is_quiet(page):
    picture = """(id) => {
      const find = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
        [...(each.tagName === "CANVAS" ? [each] : []), ...(each.shadowRoot ? find(each.shadowRoot) : [])]);
      return find(document.getElementById(id)).map((each) => each.toDataURL()).join();
    }"""
    with quiet(page):
        page.wait_for_timeout(1500)
        last = "figure-8"
        assert not page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top < 900", last)
        before = page.evaluate(picture, last)
        press(page, "Punitive", "Border control", "End", "public_cost")
        page.wait_for_function(f"([id, before]) => ({picture})(id) !== before", arg=[last, before])


def test_dark_and_light(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        shade = "() => getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(shade)
        page.get_by_role("button", name="Dark").click()
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        assert page.evaluate(shade) != light
        assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
        visit(page, dashboard_server)
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.shared_page
def test_a_fast_hand_ends_where_it_stops(page):
    with quiet(page):
        slider(page, "Remedial", "Protection of victims").focus()
        for _ in range(37):
            page.keyboard.press("ArrowRight")
        expected = Scenario.load("us_southwest_border").with_changes(policies={"victim_protection": 0.52})
        final = run(expected).total("people_exploited")[0]
        page.wait_for_function(
            "(last) => window.Bokeh.documents[0].get_model_by_name('yours').data.people_exploited.at(-1) === last",
            arg=float(final[-1]),
        )
        assert is_the_scenario(page, expected)


def test_a_file_of_an_earlier_version_opens_and_says_what_is_read_otherwise(page, dashboard_server):
    old = "schema_version: 1\ntitle: Old\ncorridor: g8_2001\nparameters: {generation_time: 28}\n"
    with quiet(page):
        visit(page, f"{dashboard_server}/?language=fr")
        load(page, old, "old.yaml")
        lines = page.locator(".notice.good li")
        lines.nth(1).wait_for()
        assert ["version 1" in lines.nth(0).inner_text(), "generation_time" in lines.nth(1).inner_text()] == [True] * 2
        assert is_the_scenario(page, Scenario.load("g8_2001"))
