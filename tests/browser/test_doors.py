"""Who comes in: signing in with the password file, and a server that is full, in a real Chromium."""

import re

import pytest

from pushpull.dashboard.auth.passwords import set_password
from tests.browser.access import grave_faults
from tests.browser.sheet import close_sheet
from tests.browser.test_dashboard import press, quiet
from tests.conftest import local_page, serving


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The address of a server that knows one user and takes one tab."""
    folder = tmp_path_factory.mktemp("guarded")
    set_password(folder / "users.json", "ana", "a long secret")
    options = ("--password-file", str(folder / "users.json"), "--sessions", "1")
    environment = {"PUSHPULL_STATE": str(folder / "state")}
    with serving("-m", "pushpull", "dashboard", *options, log=folder / "log.txt", environment=environment) as address:
        yield address


def sign_in(page, password):
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_refused_the_right_one_lets_in_and_the_next_tab_finds_the_server_full(chromium, guarded):
    with local_page(chromium) as first, local_page(chromium) as second, quiet(first):
        first.goto(guarded)
        assert grave_faults(first) == []
        sign_in(first, "a wrong secret")
        first.get_by_role("alert").wait_for()
        assert first.get_by_role("alert").inner_text() == "Incorrect user name or password."
        assert first.locator("[data-root-id]").count() == 0
        assert grave_faults(first) == []
        sign_in(first, "a long secret")
        first.wait_for_selector("html[data-ready=true]")
        press(first, "Remedial", "Access to asylum", "End", "protection_gap")

        second.goto(f"{guarded}/?language=en")
        sign_in(second, "a long secret")
        second.get_by_text(re.compile("The server is full")).wait_for()
        assert second.get_by_role("link", name="Try again").is_visible()
        assert grave_faults(second) == []
        assert second.request.get(f"{guarded}/health").status == 503
        second.goto(f"{guarded}/?language=fr")
        second.get_by_text("Le serveur a atteint le nombre maximal").wait_for()
        assert second.evaluate("document.documentElement.lang") == "fr"
        press(first, "Remedial", "Access to asylum", "Home", "protection_gap")
        first.goto("about:blank")
        second.wait_for_selector("html[data-ready=true]")
        assert second.evaluate("document.documentElement.lang") == "fr"


def test_the_page_for_signing_in_speaks_the_browsers_language(chromium, guarded):
    with local_page(chromium, locale="fr-FR") as page, quiet(page):
        page.goto(guarded)
        assert page.evaluate("document.documentElement.lang") == "fr"
        assert page.get_by_role("button", name="Se connecter").is_visible()
        assert not page.get_by_role("button", name="Sign in").is_visible()
        page.goto(f"{guarded}/logout")
        assert page.get_by_text("La session est fermée.").is_visible()


@pytest.fixture(scope="module")
def roomy(tmp_path_factory):
    """The address of a server that knows a user and has room for several tabs."""
    folder = tmp_path_factory.mktemp("roomy")
    set_password(folder / "users.json", "ana", "a long secret")
    environment = {"PUSHPULL_STATE": str(folder / "state"), "PUSHPULL_SCENARIOS": str(folder / "scenarios")}
    options = ("--password-file", str(folder / "users.json"))
    with serving("-m", "pushpull", "dashboard", *options, log=folder / "log.txt", environment=environment) as address:
        yield address


LEVER = {
    "en": ("Remedial", "Access to asylum", "End", "protection_gap"),
    "fr": ("Remédier", "Accès à l’asile", "End", "protection_gap"),
}


TOURED = "fr"  # one policy holds for each language


def tour(page):
    """Use what a policy could forbid: styles, charts, sheets, a download."""
    close_sheet(page)
    page.locator("[data-choice=package]").select_option("balanced")
    page.locator("[data-do=whole]").click()
    page.locator("[data-do=theme]").click()
    page.wait_for_selector("html[data-theme=dark]")
    page.locator("[data-do=whole]").click()
    for tab in ("outcomes", "compare", "why", "evidence"):
        page.locator(f"#tab-{tab}").click()
        page.locator(f"#panel-{tab}:not([hidden])").wait_for()
    page.locator("[data-do=whole]").click()
    page.locator("[data-menu=files] summary").click()
    with page.expect_download():
        page.locator("[data-do=save]").click()
    page.locator("[data-do=whole]").click()


@pytest.mark.parametrize(
    "code, ask, leave, gone",
    [
        # The same way in and out without the tour; the tests around it sign in in English.
        pytest.param("en", "Sign in to open", "Sign out", "You have signed out.", marks=pytest.mark.audit),
        (TOURED, "Connectez-vous", "Se déconnecter", "La session est fermée."),
    ],
)
def test_from_signing_in_to_signing_out_the_page_works_under_its_policy_in_one_language(
    chromium, roomy, code, ask, leave, gone
):
    """Whatever the content security policy forbids would be told on the console; the browser's own is English."""
    with local_page(chromium, width=390, locale="en-GB") as page, quiet(page):
        other = page.context.new_page()
        page.goto(f"{roomy}/?language={code}")
        assert page.get_by_text(ask).is_visible()
        box = page.locator("main:not([hidden])").bounding_box()
        assert box["x"] >= 8 and box["x"] + box["width"] <= 382
        page.locator("main:not([hidden]) input[name=username]").fill("ana")
        page.locator("main:not([hidden]) input[name=password]").fill("a long secret")
        page.locator("main:not([hidden]) button").click()
        page.wait_for_selector("html[data-ready=true]")
        assert page.evaluate("document.documentElement.lang") == code  # the link survives
        assert page.evaluate("document.cookie").count("pushpull_user") == 0  # no script reads who is signed in
        press(page, *LEVER[code])
        if code == TOURED:
            tour(page)
        other.goto(roomy)
        other.wait_for_selector("html[data-ready=true]")
        page.locator("[data-do=whole]").click()
        page.get_by_role("link", name=leave).click()
        page.get_by_text(gone).wait_for()
        # Her other tab keeps what it shows, says what happened, and is back once she is.
        lost = other.locator("#connection").get_by_role("link")
        lost.wait_for()
        assert other.locator("#corridor-title").is_visible() and lost.get_attribute("href") == "login"
        page.goto(roomy)
        page.locator("main:not([hidden]) input[name=password]").wait_for()


def test_markup_that_came_in_runs_no_script(chromium, roomy):
    with local_page(chromium) as page:
        page.goto(roomy)
        sign_in(page, "a long secret")
        page.wait_for_selector("html[data-ready=true]")
        told = page.evaluate("""async () => {
          const told = [];
          document.addEventListener("securitypolicyviolation", (event) => told.push(event.effectiveDirective));
          const room = document.createElement("div");
          document.body.append(room);
          room.innerHTML = '<img src="nowhere" onerror="window.came_in = 1">'
            + '<iframe srcdoc="<script>parent.came_in = 2</' + 'script>"></iframe>';
          const script = document.createElement("script");
          script.textContent = "window.came_in = 3";
          room.append(script);
          const link = document.createElement("a");
          link.href = "javascript:window.came_in = 4";
          room.append(link);
          link.click();
          for (let turn = 0; told.length < 3 && turn < 600; turn += 1) await new Promise((go) => setTimeout(go, 50));
          return [told, window.came_in ?? null];
        }""")
        assert told[1] is None and len(told[0]) >= 3 and all(each.startswith("script-src") for each in told[0])


def test_nobody_reads_a_page_without_signing_in(chromium, guarded):
    with local_page(chromium) as page:
        for path in ("/", "/?state=garbage"):
            page.goto(guarded + path)
            page.get_by_label("Password").wait_for()
        assert page.locator("[data-root-id]").count() == 0
