"""The pages beside the overview in a real Chromium: why, compare, evidence, packs, languages, the keyboard."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from pushpull import Scenario
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.view import outcomes_for_cards
from tests.browser.test_dashboard import change, press, quiet, visit

ACTIVE = """() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return [found?.id ?? "", found?.dataset?.do ?? "", found?.dataset?.choice ?? "", found?.textContent ?? ""];
}"""


def choose(page, package):
    packages = page.locator("[data-choice=package]")
    change(page, lambda: packages.select_option(package), "smuggled_migrants")


def take(page, act):
    with page.expect_download() as caught:
        act()
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()


@pytest.mark.shared_page
def test_why_leads_from_the_levers_over_paths_to_the_loops(page):
    with quiet(page):
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.get_by_role("tab", name="Why").click()
        page.locator("#why-sentence").wait_for()
        assert "access to asylum" in page.locator("#why-sentence").inner_text()
        page.locator("ol.path").first.wait_for()
        steps = page.locator("ol.path").first.locator("li").all_inner_texts()
        assert steps[0].startswith("Access to asylum") and steps[-1].startswith("Protection wrongly denied")
        assert page.locator("#loop-sentence").inner_text()
        page.locator("ol.path button").last.click()
        page.locator("#figure-diagram").wait_for()
        assert page.get_by_role("tab", name="Outcomes").get_attribute("aria-selected") == "true"


@pytest.mark.shared_page
def test_scenarios_are_kept_and_compared(page):
    with quiet(page):
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.locator("[data-menu=files] summary").click()
        page.locator("[data-do=keep]").click()
        page.get_by_text("is an option on the Compare page").wait_for()
        page.get_by_role("tab", name="Compare").click()
        page.locator("#figure-multiple-kept-0").wait_for()
        page.get_by_role("checkbox", name="Remedial").click()
        page.locator("#figure-multiple-package-remedial").wait_for()
        page.get_by_role("button", name="Table", exact=True).click()
        page.locator("#figure-table").wait_for()
        heads = page.locator("#figure-table thead th").all_inner_texts()
        assert (
            heads[1:3] == ["Baseline", "A: Access to asylum\nas set now"]
            and "Remedial" in heads
            and "Your scenario" not in heads
        )
        page.get_by_text(" to ").first.wait_for()


def test_the_diagram_is_walked_and_a_loop_is_switched_off(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        page.get_by_role("tab", name="Outcomes").click()
        page.get_by_role("button", name="Diagram").click()
        page.locator("#node-wrong_refusals").press("Enter")
        page.get_by_role("heading", name="Wrong refusals", exact=True).wait_for()
        page.locator("#figure-loop").wait_for()
        page.locator("#choose-loop_shown").select_option("fee")
        page.get_by_text("Fee: balancing").wait_for()
        change(page, page.locator("#loop-shown").uncheck, "smuggled_migrants")


@pytest.mark.shared_page
def test_every_lever_leads_to_what_is_known_of_it(page):
    with quiet(page):
        page.locator("[data-control=origin_job_creation] .facts summary").click()
        page.locator("[data-control=origin_job_creation]").get_by_role("button", name="What is known about it").click()
        page.get_by_role("heading", name="Job creation at origin").wait_for()
        for heading in ("What low and high mean", "Rights and equity", "Cost", "What to watch", "Evidence"):
            assert page.get_by_role("heading", name=heading).is_visible()
        page.get_by_role("button", name="Model against published studies").click()
        page.locator("table.evidence tbody tr").nth(60).wait_for()
        page.get_by_role("button", name="Contested assumptions").click()
        change(page, page.locator("#page-formula-decline_berthiaume2021").check, "smuggled_migrants")
        assert page.locator("#formula-decline_berthiaume2021").is_checked()


@pytest.mark.shared_page
def test_the_pack_and_single_charts_are_taken_along(page):
    with quiet(page):
        choose(page, "remedial")
        name, content = take(page, page.get_by_role("button", name="Evidence pack").click)
        pack = zipfile.ZipFile(io.BytesIO(content))
        assert name.endswith("_evidence.zip") and pack.testzip() is None
        for outcome in outcomes_for_cards():
            assert pack.read(f"charts/{outcome}.png")[:8] == b"\x89PNG\r\n\x1a\n"
        scenario = Scenario.from_text(pack.read("scenario.yaml").decode())
        told = json.loads(pack.read("data/metadata.json"))
        assert scenario.digest == told["scenario_hash"] and told["link"] == page.url
        starts = {"svg": b"<svg", "png": b"\x89PNG", "csv": "\ufeffYear,".encode(), "xlsx": b"PK"}
        for place in ("#figure-0", "#figure-multiple-yours"):
            if place != "#figure-0":
                page.get_by_role("tab", name="Compare").click()
            for kind, start in starts.items():
                page.locator(f"{place} .take summary").click()
                name, content = take(page, page.locator(f"{place} [data-take={kind}]").click)
                assert name.endswith(f".{kind}") and content.startswith(start), (place, kind, content[:40])
                if kind == "png":
                    assert int.from_bytes(content[16:20]) >= 1920, "wide enough for a slide"


def test_a_chart_is_copied_as_a_picture_and_as_a_table_or_it_is_said_why_not(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        entry = page.locator("#figure-0 .take summary")
        entry.click()
        page.locator("#figure-0 [data-take=copy_picture]").click()
        page.get_by_text("The picture is copied.").wait_for()
        read = """async () => Object.fromEntries(await Promise.all((await navigator.clipboard.read())
          .flatMap((item) => item.types.map(async (type) => {
            const blob = await item.getType(type);
            return [type, type.startsWith("image") ? blob.size : await blob.text()];
          }))))"""
        assert page.evaluate(read)["image/png"] > 20_000
        entry.click()
        page.locator("#figure-0 [data-take=copy_table]").click()
        page.get_by_text("The table is copied.").wait_for()
        copied = page.evaluate(read)
        assert copied["text/plain"].startswith("Year\tBaseline") and "<table" in copied["text/html"]
        # A browser without the clipboard of safe connections still copies tables, and says that it copies no pictures.
        page.evaluate("() => { delete window.ClipboardItem; window.ClipboardItem = undefined; }")
        entry.click()
        page.locator("#figure-0 [data-take=copy_picture]").click()
        page.get_by_text("does not let the page copy pictures").wait_for()
        page.evaluate("() => navigator.clipboard.writeText('')")
        entry.click()
        page.locator("#figure-0 [data-take=copy_table]").click()
        page.get_by_text("The table is copied.").wait_for()
        assert page.evaluate("() => navigator.clipboard.readText()").startswith("Year\tBaseline")
        page.locator("#figure-0 details.data summary").click()
        page.locator("#figure-0 details.data tbody th").nth(55).wait_for()
        years = page.locator("#figure-0 details.data tbody th").all_inner_texts()
        assert len(years) >= 56 and any("policy starts" in year for year in years)


def test_what_is_saved_in_the_folder_is_watched(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        press(page, "Remedial", "Access to asylum", "Home", "protection_gap")
        page.locator("[data-menu=files] summary").click()
        page.get_by_role("button", name="Save in my folder").click()
        page.get_by_text("Saved as").wait_for()
        folder, name = page.locator("#notices").inner_text().split(" in ", 1)[1].split(". Changes")[0], "own"
        path = next(each for each in Path(folder).glob(f"*{name}*.yaml"))
        text = path.read_text(encoding="utf-8")
        change(page, lambda: path.write_text(text.replace("asylum_access: 0", "asylum_access: 1")), "protection_gap")
        path.write_text(text.replace("asylum_access", "asylum_acess"))
        page.get_by_role("alert").wait_for()
        assert "asylum_access" in page.get_by_role("alert").inner_text()


def test_the_language_is_chosen_and_stays_in_the_link(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        choose(page, "punitive")
        page.locator("[data-choice=language]").select_option("fr")
        page.get_by_role("tab", name="Vue d’ensemble").wait_for()
        page.wait_for_selector("html[data-ready=true][lang=fr]")
        assert page.locator("[data-choice=package]").input_value() == "punitive"
        words = language("fr")
        assert words.title("protection_gap") in page.locator("article.card h3").all_inner_texts()
        visit(page, page.url)
        assert page.evaluate("document.documentElement.lang") == "fr"


def test_the_keyboard_alone_goes_through_a_whole_session(page, dashboard_server):
    """Choose a corridor, apply a package, move a lever, undo it, read why, take the pack along."""

    def tab_to(wanted, most=300):
        for _ in range(most):
            page.keyboard.press("Tab")
            if wanted(page.evaluate(ACTIVE)):
                return
        raise AssertionError(f"the keyboard does not get there; it stands at {page.evaluate(ACTIVE)}")

    with quiet(page):
        visit(page, dashboard_server)
        tab_to(lambda at: at[2] == "corridor")
        change(page, lambda: page.keyboard.press("ArrowDown"), "smuggled_migrants")
        tab_to(lambda at: at[2] == "package")
        change(page, lambda: page.keyboard.press("ArrowDown"), "smuggled_migrants")
        tab_to(lambda at: at[0] == "origin_job_creation")
        change(page, lambda: page.keyboard.press("PageUp"), "origin_livelihoods")
        page.keyboard.press("Home")
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        tab_to(lambda at: at[1] == "undo")
        page.keyboard.press("Enter")
        tab_to(lambda at: at[0] == "tab-overview")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.locator("#loop-sentence").wait_for()
        assert page.locator("#panel-why").is_visible()
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        tab_to(lambda at: at[1] == "pack")
        _, content = take(page, lambda: page.keyboard.press("Enter"))
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_health_page_answers(page, dashboard_server):
    answer = page.request.get(f"{dashboard_server}/health")
    assert answer.status == 200 and answer.json()["status"] == "ok"


@pytest.mark.shared_page
def test_an_upload_of_50_megabytes_is_refused_and_the_session_goes_on(page):
    page.evaluate(
        """() => {
          const find = (root) => root.querySelector(".actions > input[type=file]")
            ?? [...root.querySelectorAll("*")].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean);
          const input = find(document), held = new DataTransfer();
          held.items.add(new File([new Uint8Array(50_000_000)], "large.yaml"));
          input.files = held.files;
          input.dispatchEvent(new Event("change"));
        }"""
    )
    page.get_by_role("alert").wait_for()
    assert "larger than 100 kB" in page.get_by_role("alert").inner_text()
    press(page, "Remedial", "Access to asylum", "End", "protection_gap")


REFRESH = """(wanted) => {
  const shell = window.Bokeh.documents[0].roots().find((root) => root.name === "shell");
  const data = (name) => shell.data[name + "_text"];
  const changed = {...JSON.parse(data("fragments"))};
  for (const [name, html] of Object.entries(changed)) changed[name] = html.replaceAll("</h3>", "<i>*</i></h3>");
  shell.data.setv({fragments_text: JSON.stringify(changed)});
}"""


def test_what_is_open_and_in_use_stays_while_the_page_is_drawn_anew(page, dashboard_server):
    """The menu of a chart stays the same element, open and in focus, however often what stands around it changes."""
    with quiet(page):
        visit(page, dashboard_server)
        choose(page, "remedial")
        page.get_by_role("tab", name="Compare").click()
        menu = page.locator("#figure-multiple-yours .take")
        menu.locator("summary").click()
        entry = menu.locator("[data-take=csv]").element_handle()
        entry.focus()
        for _ in range(3):
            page.evaluate(REFRESH, None)
        assert page.locator("#figure-multiple-yours h3 i").count() == 3, "the page was drawn anew"
        assert entry.evaluate("(button) => button.isConnected && document.activeElement === button")
        assert menu.get_attribute("open") is not None
        name, content = take(page, entry.click)
        assert name.endswith(".csv") and content.startswith("\ufeffYear".encode())


@pytest.mark.shared_page
def test_the_title_of_a_card_keeps_the_focus_while_its_numbers_change(page):
    with quiet(page):
        title = page.locator("[data-card=smuggled_migrants] button").element_handle()
        title.focus()
        value = page.locator("[data-card=smuggled_migrants]").inner_text()
        page.evaluate("""() => { const box = document.querySelector("[data-choice=package]")
          ?? [...document.querySelectorAll("*")].map((each) => each.shadowRoot?.querySelector("[data-choice=package]"))
            .find(Boolean);
          box.value = "punitive"; box.dispatchEvent(new Event("change")); }""")
        page.wait_for_function(
            """([before]) => [...document.querySelectorAll("*")]
              .map((each) => each.shadowRoot?.querySelector("[data-card=smuggled_migrants]")).find(Boolean)
              ?.innerText !== before""",
            arg=[value],
        )
        assert title.evaluate("(button) => button.isConnected && button.getRootNode().activeElement === button")
        title.click()
        page.locator(".main-chart h3", has_text="Smuggled migrants").first.wait_for()
        page.locator("[data-why]").click()
        page.locator("#why-sentence").wait_for()


@pytest.mark.shared_page
def test_on_a_narrow_page_a_comparison_comes_before_the_options(page):
    """It begins in the upper part of a phone; the options open there, and close where a page becomes narrow."""
    with quiet(page):
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_role("tab", name="Compare").click()
        page.locator("#choose-way").select_option("sum")
        page.locator("#sum-sentence").wait_for()
        assert page.locator("#sum-sentence").bounding_box()["y"] < 500
        page.locator(".compared > summary").click()
        page.locator("#option-of-balanced").click()
        page.locator("#name-0").wait_for()
        page.set_viewport_size({"width": 1440, "height": 900})
        assert page.locator("#option-of-punitive").is_visible()
        page.locator("#way-table").click()
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator("#option-of-punitive").wait_for(state="hidden")
        page.set_viewport_size({"width": 1440, "height": 900})
