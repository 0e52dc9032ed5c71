"""Who comes in: signing in with the password file, and a server that is full, in a real Chromium."""

import re

import pytest

from dashboard.passwords import set_password
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import press, quiet
from tests.conftest import local_page, serving


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The address of a server that knows one user and takes one tab."""
    folder = tmp_path_factory.mktemp("guarded")
    set_password(folder / "users.json", "ana", "a long secret")
    options = ("--password-file", str(folder / "users.json"), "--sessions", "1")
    environment = {"PUSHPULL_STATE": str(folder / "state")}
    with serving("-m", "model", "dashboard", *options, log=folder / "log.txt", environment=environment) as address:
        yield address


def sign_in(page, password):
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_refused_the_right_one_lets_in_and_the_next_tab_finds_the_server_full(chromium, guarded):
    with local_page(chromium) as first, local_page(chromium) as second, quiet(first), quiet(second):
        first.goto(guarded)
        assert grave_faults(first) == []
        sign_in(first, "a wrong secret")
        first.get_by_role("alert").wait_for()
        assert first.get_by_role("alert").inner_text() == "Name or password is wrong."
        assert first.locator("[data-root-id]").count() == 0
        assert grave_faults(first) == []
        sign_in(first, "a long secret")
        first.wait_for_selector("html[data-ready=true]")
        press(first, "Remedial", "Access to asylum", "End", "protection_gap")

        second.goto(guarded)
        sign_in(second, "a long secret")
        second.get_by_text(re.compile("As many people as this server takes")).wait_for()
        assert second.get_by_role("link", name="Try again").is_visible()
        assert grave_faults(second) == []
        assert second.request.get(f"{guarded}/health").status == 503
        second.goto(f"{guarded}/?language=fr")
        second.get_by_text("Ce serveur accueille déjà").wait_for()
        assert second.evaluate("document.documentElement.lang") == "fr"
        press(first, "Remedial", "Access to asylum", "Home", "protection_gap")


def test_the_page_for_signing_in_speaks_the_browsers_language(chromium, guarded):
    with local_page(chromium, locale="fr-FR") as page, quiet(page):
        page.goto(guarded)
        assert page.evaluate("document.documentElement.lang") == "fr"
        assert page.get_by_role("button", name="Entrer").is_visible()
        assert not page.get_by_role("button", name="Sign in").is_visible()
        page.goto(f"{guarded}/logout")
        assert page.get_by_text("Vous êtes déconnecté.").is_visible()


def test_nobody_reads_a_page_without_signing_in(chromium, guarded):
    with local_page(chromium) as page:
        for path in ("/", "/?state=garbage"):
            page.goto(guarded + path)
            page.get_by_label("Password").wait_for()
        assert page.locator("[data-root-id]").count() == 0
