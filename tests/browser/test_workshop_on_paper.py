"""Cards, forms and result sheets of a workshop on paper: each a page, on A4 and on letter, in both languages."""

import re

import pytest

from pushpull import Scenario
from pushpull.scenario import corridor_names
from pushpull.workshop import read_workshop, teams_on
from pushpull.workshop.sheets import sheets
from pushpull.workshop.workshop_words import LANGUAGES

pytestmark = pytest.mark.browser


FITS = [("fr", 2, "us_southwest_border"), ("fr", 8, "us_southwest_border"), ("en", 8, "eu_external_border")]
OTHERS = [
    pytest.param(code, seats, corridor, marks=pytest.mark.audit)
    for code in LANGUAGES
    for seats in (2, 3, 5, 8, 200)
    for corridor in corridor_names()
    if (code, seats, corridor) not in FITS
]


@pytest.mark.parametrize("code, seats, corridor", [*FITS, *OTHERS])
def test_every_sheet_is_one_page_on_either_paper(page, code, seats, corridor):
    teams = teams_on(read_workshop(), Scenario.load(corridor), 2037, seats)
    page.set_content(sheets(teams, code))
    pages = page.locator(".page").count()
    assert pages == 1 + 9 + len(teams.roles) + 1 + 2
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == pages, paper
