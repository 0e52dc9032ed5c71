"""What the use of a lever is paid by, as the page shows it: amount and source, or that it is an assumption."""

from __future__ import annotations

import html
import re

import pytest

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import entry
from pushpull.dashboard.state.state import State
from tests.cases import failing

KNOWN = catalogue()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_of_a_lever_shows_what_its_use_is_paid_by(code):
    words = language(code)
    assert failing(lambda lever: shows_what_it_is_paid_by(words, lever), KNOWN.levers) == []


def shows_what_it_is_paid_by(words, lever):
    state = State.opening("us_southwest_border")
    sheet = html.unescape("".join(map(str, entry.card_sheet(words, state, lever))))
    shown = re.search(r'<ul class="unit-costs">(.*?)</ul>', sheet, re.DOTALL)[1]
    rows = re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)
    cards = [KNOWN.parameters[name] for name in KNOWN.levers[lever].unit_costs]
    assert len(rows) == len(cards)
    for row, card in zip(rows, cards, strict=True):
        own = state.scenario.today(card.id)
        assert words.title(card.id) in row and words.numbers.full(own, card.unit) in row
        source = words.say("entry.assumed") if card.grade == "assumption" else card.source.replace("+", ", ")
        assert own != card.value or row.endswith(source)


def test_a_corridors_own_unit_cost_is_shown_with_its_own_source():
    sheet = "".join(map(str, entry.card_sheet(language("en"), State.opening("g8_2001"), "enforced_return")))
    assert "3,4" in sheet and "Source: eprs2021" in html.unescape(sheet)
