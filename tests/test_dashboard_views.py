"""What the dashboard shows: numbers, sentences and words, without a browser."""

from itertools import product
from threading import Event

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource, Glyph, Line

from pushpull import run
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.charts import Charts
from pushpull.dashboard.charts.sources import Sources
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.ensembles import STAGES, refining
from pushpull.dashboard.compute.judging.advisories import Settings, advisories_of
from pushpull.dashboard.compute.judging.advisory_rules import RULES
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pages.outcomes import factors, gallery, routes
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE
from pushpull.dashboard.view_model import controls
from pushpull.engine.runs.result import nearest_time
from pushpull.wording import palette
from tests.verdict_fakes import judged

KNOWN = catalogue()
ENGLISH = language("en")
NUMBERS = ENGLISH.numbers


@pytest.fixture(scope="module")
def punitive():
    state = State.opening().with_package("punitive")
    return run(state.scenario), run(state.scenario.baseline())


@pytest.mark.parametrize(
    "value, told",
    [
        (0, "0"),
        (14_312, "14,300"),
        (1_234_567, "1.23\u00a0million"),
        (999_700, "1\u00a0million"),
        (3.4e9, "3.4\u00a0billion"),
        (-12.34, "\u221212.3"),
        (0.00012, "0.00012"),
        (float("nan"), "not known"),
    ],
)
def test_numbers_are_told_as_people_read_them(value, told):
    assert NUMBERS.number(value) == told


@pytest.mark.parametrize(
    "value, unit, told",
    [(0.456, "1", "45.6\u00a0%"), (3.4e9, "USD/year", "USD\u00a03.4\u00a0bn"), (2655, "USD/person", "USD\u00a02,660")],
)
def test_amounts_carry_their_unit(value, unit, told):
    assert NUMBERS.amount(value, unit) == told


def test_differences_carry_a_sign():
    assert NUMBERS.difference(-213_000, "person/year") == "\u2212213,000"
    assert NUMBERS.difference(0.011, "1") == "+1.1 percentage points"
    assert NUMBERS.percent(-0.26) == "\u221226\u00a0%"
    assert NUMBERS.percent(0) == ""


def test_a_state_without_a_change_differs_by_exactly_nothing():
    session = Session(State.opening())
    found = indicators.changes(session.computation.runs.yours, session.computation.runs.baseline, 2045)
    assert all(change.difference == 0 for change in found.values())
    assert session.screen.headlines.shown["moved"] == ENGLISH.say("overview.nothing_moved")
    cards = [card for _, row in session.screen.headlines.shown["rows"] for card in row]
    assert {card["difference"] for card in cards} == {ENGLISH.say("overview.no_difference")}


def test_people_come_first_and_cannot_be_left_out():
    session = Session(State.opening())
    session.receive({"chosen": ["public_cost", "protection_gap", "nonsense", 7]})
    rows = session.screen.headlines.shown["rows"]
    assert [card["id"] for card in rows[0][1]] == list(PEOPLE)
    assert [card["id"] for card in rows[1][1]] == ["public_cost"]


def test_the_chance_of_fewer_people_is_not_told_as_a_chance_of_better(punitive):
    state = State.opening().with_package("punitive")
    (ensemble,) = refining(state.scenario, Event(), STAGES[0])
    found = verdicts(indicators.changes(*punitive, 2045), ensemble, 2045)
    cards = {name: overview_page.card(ENGLISH, state, found[name]) for name in found if name != "route_share"}
    place = nearest_time(ensemble.time, 2045)
    for name, card in cards.items():
        way = "higher" if ensemble.of(name).difference.median[place] > 0 else "lower"
        assert not card["chance"] or card["chance"].startswith(f"{way} in"), name
    low, high = ensemble.of("deaths_in_transit").difference.most[:, place]
    for edge in (low, high):
        assert NUMBERS.difference(float(edge), "person/year") in cards["deaths_in_transit"]["range"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_warning_can_be_provoked_and_has_its_reason(rule):
    """Each rule applies to some setting of the levers it names, and says what and why in both languages."""

    def applies(state):
        return all(map(Settings(state).meets, rule.conditions))

    found = False
    for places in product((0.0, 0.3, 0.75, 1.0), repeat=len(rule.levers)):
        state = State.opening("g8_2001")
        for name, place in zip(rule.levers, places, strict=True):
            card = KNOWN.levers[name]
            state = state.with_value(name, card.low + place * (card.high - card.low))
        found = found or applies(state)
    assert found
    assert not applies(State.opening())
    assert {condition.lever for condition in rule.conditions} == set(rule.levers)
    for code in ("en", "fr"):
        assert set(language(code).section(f"advisories.{rule.key}")) == {"what", "why"}


def test_the_sign_of_better_follows_the_outcome():
    found = judged(victims_identified=1.0, deaths_in_transit=1.0, irregular_residents=1.0)
    assert found["victims_identified"].word == "better" and found["deaths_in_transit"].word == "worse"
    assert found["irregular_residents"].word == "higher"


def test_every_outcome_has_a_chart_and_a_sentence():
    session = Session(State.opening())
    session.receive({"page": "outcomes"})
    for names in gallery.by_theme().values():
        for name in names:
            session.receive({"focus": name})
            assert session.screen.charts.shown["focus"] == name
            assert session.screen.shell.summaries["focus"]
            assert f'id="miniature-{name}"' in session.screen.shell.fragments["gallery"]


def test_the_weak_link_is_the_least_strict_gateway(punitive):
    state = State.opening().with_package("punitive")
    yours, baseline = punitive
    weak = []
    for result, year in ((baseline, 2027), (baseline, 2045), (yours, 2045)):
        moment = result.moment(year)
        weak.append(result.routes[int(result.by_route("strictness")[0][moment].argmin())])
        assert indicators.weakest(result, year) == weak[-1]
    told = routes.weak_link(ENGLISH, state, weak)
    for name in set(weak):
        assert state.scenario.corridor.routes[name].title in told
    table = routes.gateways(ENGLISH, state, Runs(yours, baseline))
    assert table.count('<td class="weak">') == 3


def test_the_factors_multiply_to_the_stock_of_residents(punitive):
    for result in punitive:
        product_ = np.prod(list(factors.factors(result).values()), axis=0)
        assert np.allclose(product_, result.total("irregular_residents")[0], rtol=1e-12)


def test_every_lever_and_driver_has_a_control_with_its_card():
    state = State.opening()
    groups = [*controls.lever_groups(ENGLISH, state), *controls.context_groups(ENGLISH, state)]
    shown = {control["id"]: control for group in groups for control in group["controls"]}
    assert sorted(shown) == sorted((*KNOWN.levers, *KNOWN.context))
    assert len(shown) == sum(len(group["controls"]) for group in groups)
    for control in shown.values():
        assert control["title"] and control["meaning"] and control["low"] < control["high"]
        assert 40 <= (control["high"] - control["low"]) / control["step"] <= 260


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
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
    for colours in (palette.LIGHT, palette.DARK):
        charts = Charts(Sources(), palette.LIGHT, ENGLISH)
        charts.figures.make("0")
        charts.dress(colours)
        charts.figures.make("1")
        for chart in charts.figures.made.values():
            for renderer in chart.renderers:
                glyph = renderer.glyph
                if "yours" in glyph.tags:
                    assert {glyph.line_color if isinstance(glyph, Line) else glyph.fill_color} == {colours.yours}
                if "baseline" in glyph.tags:
                    assert glyph.line_color == colours.baseline


def test_a_browser_hears_of_data_before_the_glyphs_that_draw_them():
    session, document, heard = Session(State.opening()), Document(), []
    session.screen.charts.figures.make(*session.screen.charts.shown)
    for chart in session.screen.charts.made.values():
        document.add_root(chart)
    document.on_change(heard.append)
    session.receive({"visit": State.opening().with_package("punitive").looking(focus="deaths_in_transit").link})
    changed = [each for each in heard if hasattr(each, "model")]
    data = [place for place, each in enumerate(changed) if isinstance(each.model, ColumnDataSource)]
    drawn = [place for place, each in enumerate(changed) if isinstance(each.model, Glyph) or each.attr == "renderers"]
    assert data and drawn and max(data) < min(drawn)


def test_only_the_page_that_is_looked_at_is_written():
    session = Session(State.opening())
    move = {"moves": [{"id": "border_control", "value": 2.0, "route": None}], "turn": 1, "panel": "levers"}
    session.receive(move)
    assert set(session.screen.shell.fragments) == {"assumptions"}
    session.receive({"page": "outcomes", "part": "recorded"})
    assert "recorded" in session.screen.shell.fragments and "routes" not in session.screen.shell.fragments


def test_axes_stay_put_while_a_lever_moves_and_rescale_on_release():
    session = Session(State.opening())
    ends = {place: height.end for place, height in session.screen.charts.heights.items()}
    move = {"moves": [{"id": "border_control", "value": 4.0, "route": None}], "turn": 1, "panel": "levers"}
    session.receive(move)
    assert {place: height.end for place, height in session.screen.charts.heights.items()} == ends
    session.receive({"release": True, "panel": "levers"})
    assert {place: height.end for place, height in session.screen.charts.heights.items()} != ends


def test_a_replay_flips_four_times_and_leaves_the_history_untouched():
    session = Session(State.opening())
    session.receive({"moves": [{"id": "border_control", "value": 4.0}], "turn": 1, "panel": "levers"})
    before = session.history
    after = session.screen.sources.yours.data["smuggled_migrants"]
    plain = session.screen.sources.baseline.data["smuggled_migrants"]
    seen = []
    session.receive({"do": "replay"})
    while session.replay.is_on:
        shown = session.screen.sources.yours.data["smuggled_migrants"]
        assert np.array_equal(shown, plain if session.replay.side == "before" else after)
        seen.append(session.replay.side)
        session.replay.flip()
    assert seen == ["before", "after"] * 3 + ["before"]
    assert np.array_equal(session.screen.sources.yours.data["smuggled_migrants"], after)
    assert session.history is before


def test_resets_of_policies_and_of_context_leave_the_other():
    session = Session(State.opening())
    session.receive({"moves": [{"id": "asylum_access", "value": 0.9}], "turn": 1, "panel": "levers"})
    session.receive({"moves": [{"id": "labour_demand", "value": 0.06}], "turn": 1, "panel": "context"})
    both = session.state.scenario
    session.receive({"reset": "policies"})
    assert not session.state.scenario.policies and session.state.scenario.context == both.context
    session.receive({"do": "undo"})
    session.receive({"reset": "context"})
    assert session.state.scenario.policies == both.policies and not session.state.scenario.context
    session.receive({"reset": "both"})
    assert session.state.scenario == State.opening().scenario


def test_a_schedule_is_set_as_a_scenario_file_would_say_it():
    session = Session(State.opening())
    form = {"ramp": {"from": 2028, "to": 2034, "value": 0.9}}
    session.receive({"schedule": {"id": "asylum_access", "route": None, "form": form}, "panel": "levers"})
    expected = State.opening().scenario.with_changes(policies={"asylum_access": form})
    assert session.state.scenario == expected
    session.receive({"schedule": {"id": "asylum_access", "route": None, "form": {"ramp": {"from": "x"}}}})
    assert session.state.scenario == expected and len(session.notices) == 1
    form = {"table": {"2027": 1, "2030": 3}}
    session.receive({"schedule": {"id": "border_control", "route": "arizona", "form": form}, "panel": "levers"})
    assert list(session.state.scenario.policies["border_control"]) == ["arizona"]


def test_loops_and_contested_formulas_are_switches():
    session = Session(State.opening())
    session.receive({"loop": False, "name": "fee"})
    assert session.state.scenario.loops_off == ("fee",)
    setting, rivals = next(iter(KNOWN.formulas.items()))
    session.receive({"formula": rivals[1], "setting": setting})
    assert session.state.scenario.formulas == {setting: rivals[1]}
    session.receive({"formula": rivals[0], "setting": setting})
    session.receive({"loop": True, "name": "fee"})
    assert session.state.scenario == State.opening().scenario


def test_a_refused_move_leaves_the_last_good_state():
    session = Session(State.opening())
    before = session.state
    session.receive({"moves": [{"id": "border_control", "value": 99}], "turn": 1, "panel": "levers"})
    assert session.state == before and len(session.notices) == 1
    assert session.screen.levers.shown["turn"] == 1
    for years in ({"policy_start": 1700}, {"end": 2010}):
        session.receive({"years": years, "panel": "context"})
        assert session.state == before and len(session.notices) == 1


def test_a_changed_context_shows_things_as_they_stand_beside():
    session = Session(State.opening())
    session.receive({"moves": [{"id": "labour_demand", "value": 0.06}], "turn": 1, "panel": "context"})
    plain = run(State.opening().scenario)
    assert np.array_equal(
        session.screen.sources.untouched.data["smuggled_migrants"], plain.total("smuggled_migrants")[0]
    )
    assert session.screen.headlines.shown["moved"] == ENGLISH.say("overview.only_context")
    assert session.screen.shell.shown["untouched"]
    session.receive({"unset": True, "panel": "context"})
    assert len(session.screen.sources.untouched.data["time"]) == 0


@pytest.mark.parametrize("name", ["g8_2001", "us_southwest_border"])
def test_a_lever_is_raised_by_what_it_is_today_in_a_small_corridor_too(name):
    opened = State.opening(name)
    keys = {each.key for each in advisories_of(opened.with_package("punitive"), judged())}
    assert "severity_without_certainty" not in keys
    today = opened.today["enforced_return"]
    more = {each.key for each in advisories_of(opened.with_value("enforced_return", 1.5 * today), judged())}
    assert {"returns_without_screening", "returns_before_help"} <= more


def test_a_lever_that_stands_at_nought_is_not_raised_by_a_hair():
    opened = State.opening()
    name = next(name for name, today in opened.today.items() if today == 0 and name in KNOWN.levers)
    low, high = KNOWN.levers[name].low, KNOWN.levers[name].high
    assert not Settings(opened.with_value(name, low + 0.01 * (high - low))).raised(name)
    assert Settings(opened.with_value(name, low + 0.1 * (high - low))).raised(name)
