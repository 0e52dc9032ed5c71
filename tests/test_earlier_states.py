"""What changed since a state of the model, or since a link was made: from what is stored, and from what links keep."""

from datetime import date

import pytest

from pushpull import run
from pushpull.dashboard.compute.made_with import made_now, moved_since, read_made
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages.guide import versions_page
from pushpull.dashboard.session.opening import opening_of
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.evidence.earlier_states import OUTCOMES, YEARS, earlier_states, states_of
from tests.baseline import pinned


def test_the_latest_state_holds_the_pinned_results_and_every_state_says_what_was_new():
    latest = earlier_states()[-1]
    rows = {tuple(row[:3]): [float(each) for each in row[4:]] for row in pinned.of_history(pinned.pinned())}
    assert len(rows) == len(pinned.REAL) * len(pinned.PACKAGES) * len(OUTCOMES)
    for key, values in rows.items():
        assert latest.values[key] == pytest.approx(values, rel=pinned.TOLERANCE), key
    assert all(set(each.notes) == set(LANGUAGES) and each.values for each in earlier_states())


def test_what_moved_since_a_state_is_what_is_stored_beside_a_run_of_today():
    state, since = State.opening("us_southwest_border").with_package("punitive"), states_of("us_southwest_border")[0]
    moved = versions_page.moved_since(state, since)
    assert list(moved) == ["punitive"], "the package that is set, alone"
    now = run(state.base.with_policy("punitive"))
    for name, change in moved["punitive"].items():
        assert change.value == pytest.approx(now.total(name)[0][now.moment(2045)])
        assert change.baseline == since.values["us_southwest_border", "punitive", name][YEARS.index(2045)]
    own = state.with_value("asylum_access", 0.9)
    assert set(versions_page.moved_since(own, since)) == set(pinned.PACKAGES)
    told = versions_page.fragment(language("en"), own.looking(since=since.made))
    assert since.notes["en"] in told and states_of("us_southwest_border")[-1].notes["en"] in told
    assert "No earlier results" in versions_page.fragment(language("en"), State.opening("g8_2001"))


def test_a_link_says_what_its_settings_came_to_and_tells_where_that_has_moved():
    state = State.opening("us_southwest_border").with_value("asylum_access", 0.9)
    runs = runs_of(state.scenario)
    made = made_now(state, runs, date(2026, 3, 1))
    opened = open_link(state.link_with(made))
    assert opened.state == state and opened.left_out == []
    assert moved_since(read_made(opened.made), state, runs) is None
    assert opening_of(state.link_with(made), "en").notices == ()
    other = [made[0], "another", made[2], 2 * made[3], *made[4:]]
    (change,) = moved_since(read_made(other), state, runs)
    assert change.outcome.id == OUTCOMES[0] and change.ratio == pytest.approx(-0.5, abs=0.01)
    (notice,) = opening_of(state.link_with(other), "en").notices
    assert "1 March 2026" in notice.summary and len(notice.lines) == 1 and "\u2192" in notice.lines[0]
    (same,) = opening_of(state.link_with([made[0], "another", *made[2:]]), "en").notices
    assert "none of the main outcomes" in same.summary and same.lines == ()


@pytest.mark.parametrize(
    "given",
    [
        *(None, 7, [], ["2026-03-01", "a", "b"], ["soon", "a", "b", *range(6)], ["2026-03-01", "a", "b", *"123456"]),
        ["2026-03-01", "a", "b", 10**400, *range(5)],
    ],
    ids=lambda given: repr(given)[:40],
)
def test_what_a_link_says_of_its_making_is_left_alone_where_it_makes_no_sense(given):
    assert read_made(given) is None
    assert opening_of(State.opening("g8_2001").link_with(given), "en").notices == ()
