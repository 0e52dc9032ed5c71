"""Back and Forward of the browser, the keys for undo, and short links: they lead through settings and views."""

from playwright.sync_api import expect

from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import change, open_group, press, quiet, slider, visit
from tests.conftest import local_page

LINK = "() => new URLSearchParams(window.location.search).get('state')"


def exact(page, title):
    return page.get_by_role("textbox", name=f"{title}, exact value")


def opened(page):
    return open_link(page.evaluate(LINK)).state


def entries(page):
    return page.evaluate("window.history.length")


def test_back_and_forward_go_through_settings_and_views_and_stay_on_the_page(page, dashboard_server):
    page.goto("about:blank")
    package = page.locator("[data-choice=package]")
    with quiet(page):
        visit(page, dashboard_server)
        before = entries(page)
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.wait_for_function("before => window.history.length === before + 1", arg=before)
        page.locator("[data-page=compare]").click()
        page.wait_for_function("before => window.history.length === before + 2", arg=before)
        package.select_option("balanced")
        page.wait_for_function("before => window.history.length === before + 3", arg=before)

        page.go_back()
        expect(package).to_have_value("own")
        assert page.locator("#panel-compare").is_visible() and page.locator("[data-do=redo]").is_enabled()
        page.go_back()
        page.locator("#panel-overview").wait_for()
        assert opened(page).value("asylum_access") == 1
        change(page, page.go_back, "protection_gap")
        assert page.url.startswith(dashboard_server) and opened(page).scenario == State.opening().scenario
        assert exact(page, "Access to asylum").input_value() != "100" and page.locator("[data-do=undo]").is_disabled()

        change(page, page.go_forward, "protection_gap")
        assert exact(page, "Access to asylum").input_value() == "100"
        page.go_forward()
        page.locator("#panel-compare").wait_for()
        page.go_forward()
        expect(package).to_have_value("balanced")
        assert page.locator("[data-do=redo]").is_disabled() and entries(page) == before + 3
        page.reload()
        page.wait_for_selector("html[data-ready=true]")
        page.go_back()
        expect(package).to_have_value("own")
        assert opened(page).value("asylum_access") == 1


def test_a_drag_is_one_step_back_whose_entry_holds_where_it_ended(page, dashboard_server):
    visit(page, dashboard_server)
    before, handle = entries(page), slider(page, "Remedial", "Access to asylum")
    handle.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # until the panel stands still
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.4, 0.5, 0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        page.wait_for_timeout(120)
    page.mouse.up()
    page.wait_for_function("() => !window.pushpull.unanswered.levers().length")
    page.wait_for_function("() => window.pushpull.address() === window.location.href")
    dragged = opened(page)
    assert dragged.is_changed("asylum_access") and entries(page) == before + 1
    change(page, page.go_back, "protection_gap")
    assert not opened(page).is_changed("asylum_access")
    change(page, page.go_forward, "protection_gap")
    assert opened(page) == dragged


def test_keys_undo_the_settings_and_within_a_text_the_text(page, dashboard_server):
    visit(page, dashboard_server)
    press(page, "Remedial", "Access to asylum", "End", "protection_gap")
    change(page, lambda: page.keyboard.press("Control+z"), "protection_gap")
    open_group(page, "Remedial")
    field = exact(page, "Access to asylum")
    assert field.input_value() != "100"
    change(page, lambda: page.keyboard.press("Meta+Shift+z"), "protection_gap")
    assert field.input_value() == "100"
    field.focus()
    page.keyboard.type("7")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    assert opened(page).value("asylum_access") == 1 and page.locator("[data-do=undo]").is_enabled()


def test_a_short_link_is_copied_and_opens_the_page_as_it_was_and_an_unknown_one_says_so(chromium, dashboard_server):
    with local_page(chromium, locale="fr-FR") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visit(page, dashboard_server + "/?language=en")
        press(page, "Remedial", "Access to asylum", "End", "protection_gap")
        page.locator("[data-menu=links] summary").click()
        page.get_by_role("button", name="Copy short link").click()
        page.locator("[data-menu=links] summary", has_text="Link copied").wait_for()
        link = page.evaluate("navigator.clipboard.readText()")
        assert link.startswith(f"{dashboard_server}/s/") and len(link) < len(dashboard_server) + 15
        before = opened(page)
        visit(page, link)
        assert opened(page) == before
        fresh = page.context.new_page()
        fresh.goto(link[:-1] + ("2" if link[-1] != "2" else "3"))
        fresh.get_by_text("Ce lien court n’existe pas").wait_for()
        assert fresh.get_by_text("There is no such short link").is_hidden() and grave_faults(fresh) == []
        fresh.get_by_role("link", name="Ouvrir le simulateur").click()
        fresh.wait_for_selector("html[data-ready=true]")


def test_a_browser_that_lets_nothing_be_copied_is_shown_the_link(page, dashboard_server):
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    visit(page, dashboard_server)
    page.locator("[data-menu=links] summary").click()
    page.get_by_role("button", name="Copy short link").click()
    page.get_by_text("here it is").wait_for()
    assert f"{dashboard_server}/s/" in page.get_by_text("here it is").inner_text()
