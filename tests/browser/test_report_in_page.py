"""The validation report where it is read: inside the Evidence page, on a screen of either theme, by everyone."""

import pytest

from pushpull.dashboard.html.page_shell import STYLE
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import evidence_page
from pushpull.dashboard.state.state import State
from pushpull.wording.palette import style_sheet
from tests.browser.access import grave_faults_in
from tests.browser.test_dashboard import quiet
from tests.conftest import local_page
from tests.test_report import SECTIONS, findings, text

__all__ = ["findings", "text"]  # fixtures: a report on a made-up fit


def test_the_report_is_read_in_the_page_and_runs_no_script(chromium, text):  # noqa: F811
    state = State.opening().looking(page="evidence", subject="report")
    fragment = evidence_page.fragment(language("en"), state, None, {"report": text})
    with local_page(chromium) as page, quiet(page):
        page.set_content(f"<html lang=en><style>{style_sheet()}{STYLE}</style><main>{fragment}</main></html>")
        report = page.frame_locator("iframe.report")
        for name in SECTIONS:
            assert report.locator(f"section#{name} h2").inner_text()
        assert page.locator("iframe.report").get_attribute("sandbox") == ""
        assert page.locator("iframe.report").bounding_box()["height"] > 500


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.audit)])
def test_the_report_has_no_serious_fault_of_access(chromium, text, scheme):  # noqa: F811
    with local_page(chromium, color_scheme=scheme) as page, quiet(page):
        page.set_content(text)
        assert grave_faults_in(page, "body", [scheme]) == {scheme: []}
