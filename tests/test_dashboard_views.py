"""What the dashboard shows: numbers, sentences and words, without a browser."""

import numpy as np
import pytest

from dashboard import controls, formatting, text, theme, views
from dashboard.app import Session
from dashboard.charts import Charts, Sources
from dashboard.state import PEOPLE, State
from model import run
from model.catalogue import catalogue

KNOWN = catalogue()


@pytest.fixture(scope="module")
def punitive():
    state = State.opening().with_package("punitive")
    return run(state.scenario), run(state.scenario.baseline())


@pytest.mark.parametrize(
    "value, told",
    [
        (0, "0"),
        (14_312, "14,300"),
        (1_234_567, "1.23 million"),
        (999_700, "1 million"),
        (3.4e9, "3.4 billion"),
        (-12.34, "\u221212.3"),
        (0.00012, "0.00012"),
        (float("nan"), "not known"),
    ],
)
def test_numbers_are_told_as_people_read_them(value, told):
    assert formatting.number(value) == told


@pytest.mark.parametrize(
    "value, unit, told",
    [(0.456, "1", "45.6\u00a0%"), (3.4e9, "USD/year", "USD 3.4 bn"), (2655, "USD/person", "USD 2,660")],
)
def test_amounts_carry_their_unit(value, unit, told):
    assert formatting.amount(value, unit) == told


def test_differences_carry_a_sign():
    assert formatting.difference(-213_000, "person/year") == "\u2212213,000"
    assert formatting.difference(0.011, "1") == "+1.1 points"
    assert formatting.percent(-0.26) == "\u221226\u00a0%"
    assert formatting.percent(0) == ""


def test_a_state_without_a_change_differs_by_exactly_nothing():
    session = Session(State.opening())
    found = views.changes(session.runs.yours, session.runs.baseline, 2045)
    assert all(change.difference == 0 for change in found.values())
    assert session.headlines.shown["verdict"] == text.NOTHING_MOVED
    cards = [card for _, row in session.headlines.shown["rows"] for card in row]
    assert {card["difference"] for card in cards} == {text.NO_DIFFERENCE}


def test_people_come_first_and_cannot_be_left_out():
    session = Session(State.opening())
    session._at_headlines({"chosen": ["public_cost", "protection_gap", "nonsense", 7]})
    rows = session.headlines.shown["rows"]
    assert [card["id"] for card in rows[0][1]] == list(PEOPLE)
    assert [card["id"] for card in rows[1][1]] == ["public_cost"]


def change(name, baseline, value):
    return views.Change(KNOWN.outcomes[name], value, baseline)


def changes(**ratios):
    return {name: change(name, 100.0, 100.0 * (1 + ratios.get(name, 0))) for name in KNOWN.outcomes}


def test_a_falling_count_is_not_called_better_while_harm_rises():
    found = changes(smuggled_migrants=-0.3, deaths_in_transit=0.2)
    card = views.card(found["smuggled_migrants"], bool(views.harms_that_rise(found)))
    assert card["tone"] == "neither" and "harm rises" in card["verdict"]
    told = views.caution(found, 2045)
    assert "deaths in transit (+20\u00a0%)" in told and "\u221230\u00a0%" in told


def test_there_is_no_caution_where_no_harm_rises():
    assert views.caution(changes(smuggled_migrants=-0.3), 2045) == ""
    assert views.caution(changes(smuggled_migrants=0.3, deaths_in_transit=0.2), 2045) == ""
    card = views.card(change("smuggled_migrants", 100, 70), False)
    assert (card["tone"], card["arrow"]) == ("better", "\u25bc")


def test_the_sign_of_better_follows_the_outcome():
    assert change("victims_identified", 10, 20).is_better is True
    assert change("deaths_in_transit", 10, 20).is_better is False
    assert change("irregular_residents", 10, 20).is_better is None


def test_every_outcome_has_a_chart_and_a_sentence():
    session = Session(State.opening())
    assert {f"outcome:{name}" for name in KNOWN.outcomes} <= set(session.charts.figures)
    assert set(session.bridge.summaries) == {f"outcome:{name}" for name in KNOWN.outcomes}
    assert all(session.bridge.summaries.values())


def test_the_weak_link_is_the_least_strict_gateway(punitive):
    state = State.opening().with_package("punitive")
    yours, baseline = punitive
    table = views.route_table(state.scenario.corridor, yours, baseline, 2026, 2045)
    for place, (result, year) in enumerate(((baseline, 2026), (baseline, 2045), (yours, 2045))):
        moment = int(np.abs(result.time - year).argmin())
        least = int(result.by_route("strictness")[0][moment].argmin())
        assert [row["cells"][place]["weak"] for row in table["rows"]].index(True) == least
        assert table["rows"][least]["title"] in table["sentence"]


def test_every_lever_and_driver_has_a_control_with_its_card():
    state = State.opening()
    groups = [*controls.lever_groups(state), *controls.context_groups(state)]
    shown = {control["id"]: control for group in groups for control in group["controls"]}
    assert list(shown) == [*KNOWN.levers, *KNOWN.context] or set(shown) == {*KNOWN.levers, *KNOWN.context}
    for control in shown.values():
        assert control["title"] and control["meaning"] and control["low"] < control["high"]
        assert 40 <= (control["high"] - control["low"]) / control["step"] <= 260


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_words_can_be_read_in_both_themes(colours):
    """Contrast of at least 4.5 to 1, as WCAG 2 asks of text."""
    for name in ("text", "muted", "yours", "better", "worse"):
        for ground in (colours.surface, colours.ground, colours.raised):
            assert contrast(getattr(colours, name), ground) >= 4.5, (name, ground)
    for line in (colours.baseline, *colours.routes):
        assert contrast(line, colours.surface) >= 3, line


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_one_meaning_has_one_colour_in_every_chart():
    for colours in (theme.LIGHT, theme.DARK):
        charts = Charts(Sources(), theme.LIGHT)
        charts.dress(colours)
        for chart in charts.figures.values():
            for renderer in chart.renderers:
                if "yours" in renderer.glyph.tags:
                    assert renderer.glyph.line_color == colours.yours
                if "baseline" in renderer.glyph.tags:
                    assert renderer.glyph.line_color == colours.baseline


def test_only_the_charts_that_are_looked_at_are_updated():
    session = Session(State.opening())
    move = {"moves": [{"id": "border_control", "value": 2.0, "route": None}], "turn": 1, "panel": "levers"}
    session._at_panel(move)
    assert len(session.sources.recorded_yours.data["time"]) == 0
    session._at_bridge({"tab": "recorded"})
    shown = session.sources.recorded_yours.data["deaths_recorded"]
    assert np.array_equal(shown, session.runs.yours.total("deaths_recorded")[0])


def test_a_refused_move_leaves_the_last_good_state():
    session = Session(State.opening())
    before = session.state
    session._at_panel({"moves": [{"id": "border_control", "value": 99}], "turn": 1, "panel": "levers"})
    assert session.state == before and len(session.notices) == 1
    assert session.levers.shown["turn"] == 1
    for years in ({"policy_start": 1700}, {"end": 2010}):
        session._at_panel({"years": years, "panel": "context"})
        assert session.state == before and len(session.notices) == 1


def test_a_changed_context_shows_things_as_they_stand_beside():
    session = Session(State.opening())
    session._at_panel({"moves": [{"id": "labour_demand", "value": 0.06}], "turn": 1, "panel": "context"})
    plain = run(State.opening().scenario)
    assert np.array_equal(session.sources.untouched.data["smuggled_migrants"], plain.total("smuggled_migrants")[0])
    assert session.headlines.shown["verdict"] == text.ONLY_CONTEXT
    assert session.bridge.shown["untouched"]
    session._at_panel({"unset": True, "panel": "context"})
    assert len(session.sources.untouched.data["time"]) == 0
