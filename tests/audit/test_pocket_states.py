"""The pocket page beside the page, state by state, and at the ends of all ranges."""

import numpy as np
import pytest

from pushpull import run
from pushpull.analysis import paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import changes
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pocket.packed_numbers import MEMBERS
from pushpull.dashboard.pocket.pocket_file import CORRIDORS, pocket_page
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from tests.cases import failing
from tests.conftest import local_page
from tests.pocket_cases import SETTLED, open_in, said_of, settle

STATES, CORNERS = 200, 50
LEFT_OUT = ("fewer_asking",)  # advisories that the pocket page has not


@pytest.fixture(params=CORRIDORS)
def opened(request, chromium, tmp_path):
    """A corridor's state as it opens, and the pocket page of it, settled."""
    path = tmp_path / "pushpull.html"
    path.write_text(pocket_page([request.param]), encoding="utf-8")
    with local_page(chromium, 1280, offline=True, locale="en-GB") as page:
        page.goto(path.as_uri())
        settle(page)
        yield State.opening(request.param), page


@pytest.mark.audit
@pytest.mark.timeout(3600)
def test_two_hundred_states_say_what_the_page_says(opened):
    """Levers by chance within their ranges, one to five of them: outcomes, verdicts and sentences of both pages."""
    (opening, page), dice = opened, np.random.default_rng(19)
    today = run(opening.scenario)

    def holds(number):
        state = opening
        for name in dice.choice(list(catalogue().levers), dice.integers(1, 6), replace=False):
            low, high = catalogue().levers[name].range
            state = state.with_value(str(name), round(float(dice.uniform(low, high)), 3))
        state = open_link(state.link).state  # in the order in which a link tells levers
        open_in(page, state)
        settle(page)
        ensemble = paired(state.scenario, state.scenario.baseline(), members=MEMBERS)
        found = verdicts(changes(run(state.scenario), today, state.year), ensemble, state.year)
        warned = [each for each in advisories_of(state, found, runs_of(state.scenario)) if each.key not in LEFT_OUT]
        words = language("en", state.scenario.corridor.currency)
        wanted = said_of(overview_page.headlines(words, state, found, warned))
        assert said_of(page.evaluate("pushpull.page.cards.shown")) == wanted

    assert failing(holds, range(STATES)) == []


@pytest.mark.audit
@pytest.mark.timeout(3600)
def test_extremes_neither_break_the_page_nor_hang_it(opened):
    """Every lever at one end of its range or the other: cards and ranges, or a word that there are none."""
    (opening, page), dice = opened, np.random.default_rng(23)
    for _ in range(CORNERS):
        state = opening
        for name, card in catalogue().levers.items():
            state = state.with_value(name, float(dice.choice(card.range)))
        open_in(page, state)
        page.wait_for_function(f"() => ({SETTLED})() || document.querySelector('#notices [role=alert]')")
        if page.evaluate("pushpull.page.broke") is None:
            cards = page.evaluate("JSON.stringify(pushpull.page.cards.shown.rows)")
            assert cards != "[]" and not any(sign in cards for sign in ("NaN", "\u221e", "Infinity", "undefined"))
