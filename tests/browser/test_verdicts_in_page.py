"""Verdicts in a real Chromium: neutral while there is one run, then one verdict on card, table and warning."""

import re

from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from tests.browser.test_dashboard import change, quiet, visit
from tests.few_simulations import FEW

ALL = f"of {FEW[-1]} simulations"
TONE = "(card) => ['better', 'worse', 'neither', 'same'].find((each) => card.classList.contains(each))"


def tone(page, name):
    return page.locator(f"[data-card={name}]").evaluate(TONE)


def test_one_run_has_no_colour_and_the_simulations_have_one_verdict_everywhere(page, dashboard_server):
    with quiet(page):
        without = State.opening().looking(ranges=False)
        visit(page, f"{dashboard_server}/?state={without.link}")
        choose = page.get_by_role("combobox", name="Policy package")
        change(page, lambda: choose.select_option("punitive"), "smuggled_migrants")
        cards = page.locator("article.card")
        page.locator("[data-card=deaths_in_transit] .judged", has_text="one run").wait_for()
        assert {tone(page, each) for each in cards.evaluate_all("(all) => all.map((each) => each.dataset.card)")} == {
            "same"
        }
        assert "in one run so far" in page.locator("p.verdict").inner_text()
        visit(page, f"{dashboard_server}/?state={State.opening().with_package('punitive').link}")
        page.get_by_text(ALL).first.wait_for()
        page.locator("[data-card=public_cost] .chance", has_text=ALL.removesuffix(" simulations")).wait_for(
            state="attached"
        )
        assert "one run" not in page.locator("p.verdict").inner_text()
        cost = page.locator("[data-card=public_cost] .change").inner_text()
        assert tone(page, "public_cost") == "worse" and "worse" in cost
        assert re.search(
            rf"higher in (each|(more than )?\d+\s%) {ALL.removesuffix(' simulations')}",
            page.locator("[data-card=public_cost] .chance").inner_text(),
        )
        page.get_by_role("button", name="More").click()
        warning = page.locator(".full", has_text="In single runs of the package")
        warning.wait_for()
        said = {"better": "is still lower", "worse": "is higher", "same": "shows no clear change"}
        assert said[tone(page, "protection_gap")] in warning.inner_text()
        page.get_by_role("button", name="Close", exact=True).click()
        page.locator("#tab-compare").click()
        page.locator("#way-table").click()
        cell = (
            page.locator("#figure-table tr", has_text="Public cost").locator("td").nth(2).locator("small.worse").first
        )
        cell.wait_for()
        ratio, word = cell.inner_text().split(" \u00b7 ")
        assert ratio in cost and word == "worse"


def test_what_counts_as_better_is_ticked_and_stands_in_the_address(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={State.opening().with_package('punitive').link}")
        page.locator("[data-card=public_cost].worse").wait_for()
        page.locator("details.choose > summary").click()
        page.locator("fieldset.judged").get_by_role("checkbox", name="Public cost").uncheck()
        page.locator("[data-card=public_cost].same").wait_for()
        assert "worse" not in page.locator("[data-card=public_cost] .change").inner_text()
        assert page.locator("[data-card=deaths_in_transit]").is_visible()
        address = page.evaluate("() => new URL(window.location.href).searchParams.get('state')")
        assert open_link(address).state.view.valued == ("unfilled_vacancies", "public_concern")
