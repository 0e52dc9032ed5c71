"""On settings at random, nothing the page says of an outcome contradicts anything else it says, and nothing is said of
a change below the thresholds: cards, sentences, advisories, the table of Compare and the brief."""

import re
import threading
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pushpull.analysis import Members, paired
from pushpull.analysis.engine_calls import Line
from pushpull.analysis.stated_change import COUNTS_OF_MOVEMENT
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import ensembles
from pushpull.dashboard.compute.compared import entries
from pushpull.dashboard.compute.ensembles import ScenarioEnsemble, members_of
from pushpull.dashboard.compute.indicators import HARMS, changes
from pushpull.dashboard.compute.judging.advisories import advisories_of, makes_a_claim
from pushpull.dashboard.compute.judging.advisory_rules import CLAIMS
from pushpull.dashboard.compute.judging.lever_effects import effects_of
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.export import brief_content
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import compare_page, overview_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import JUDGED_BY_CHOICE, outcomes_for_cards
from pushpull.engine.runs.task import RunBroke
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario import policy_names

KNOWN = catalogue()
ENGLISH = language("en")
REAL = ("us_southwest_border", "eu_external_border")
FEW = 8  # simulations: few, so that many settings are near a threshold
NO_CHANGE = {ENGLISH.say("overview.no_clear_change"), ENGLISH.say("overview.no_difference")}


def drawn(corridors):
    """A corridor, a package or none, levers with how far each is moved towards an end of its range, a little or a lot,
    a choice of what is judged, and a year."""
    levers = st.dictionaries(
        st.sampled_from(list(KNOWN.levers)), st.sampled_from([-1.0, -0.1, -0.01, 0.001, 0.01, 0.1, 0.5, 1.0]),
        min_size=1, max_size=5,
    )  # fmt: skip
    package = st.none() | st.sampled_from(policy_names())
    valued = st.sampled_from([JUDGED_BY_CHOICE, (), ("public_cost",)])
    return st.tuples(st.sampled_from(corridors), package, levers, valued, st.sampled_from([2030.0, 2040.0]))


def state_of(corridor, package, levers, valued, year):
    """The state that is drawn."""
    state = State.opening(corridor)
    if package is not None:
        state = state.with_package(package)
    for name, size in levers.items():
        card, today = KNOWN.levers[name], state.today[name]
        today = float(np.mean(list(today.values()))) if isinstance(today, dict) else today
        state = state.with_value(name, today + abs(size) * ((card.high if size > 0 else card.low) - today))
    return state.looking(valued=valued, chosen=outcomes_for_cards()).in_year(year)


def material_and_clear(name, before, after):
    """The direction of a change from the values in each simulation, worked out anew; 0 below a threshold."""
    moves, middle = after - before, np.median(after - before)
    spread = np.subtract(*np.quantile(before, [0.75, 0.25]))
    least = 1.0 if re.match("person|case|job", KNOWN.outcomes[name].unit.removesuffix("/person")) else 0.0
    least = 0.0 if KNOWN.outcomes[name].unit.startswith("USD") else least
    if abs(middle) < max(0.01 * abs(np.median(before)), 0.01 * spread, least) or middle == 0:
        return 0
    if np.mean(np.sign(moves) == np.sign(middle)) < 0.8:
        return 0
    return int(np.sign(middle))


def check(state):
    """Everything that the page says of the outcomes of a state."""
    scenario, year = state.scenario, state.year
    try:
        runs, reference = runs_of(scenario), members_of(scenario.baseline())
        policy = Members(scenario) if scenario.policies else reference
        ensemble = paired(policy, reference, members=FEW)
        effects = effects_of(scenario, threading.Event()) if makes_a_claim(state) else None
    except RunBroke:
        return
    one_run = verdicts(changes(runs.yours, runs.baseline, year), None, year, state.view.valued)
    found = verdicts(changes(runs.yours, runs.baseline, year), ensemble, year, state.view.valued)
    place = int(np.abs(ensemble.time - year).argmin())
    directions = {
        name: material_and_clear(name, *(each.values(Line(name, ""), FEW)[place] for each in (reference, policy)))
        for name in outcomes_for_cards()
    }
    check_cards(state, one_run, found, directions)
    check_advisories(state, runs, one_run, found, directions, effects)
    check_tables(state, runs, ensemble, found, directions)


def check_cards(state, one_run, found, directions):
    harm_rises = any(directions[name] > 0 for name in HARMS)
    before = overview_page.headlines(ENGLISH, state, one_run, [])
    assert {card["tone"] for _, row in before["rows"] for card in row} == {"same"}
    shown = overview_page.headlines(ENGLISH, state, found, [])
    cards = {card["id"]: card for _, row in shown["rows"] for card in row}
    for name, card in cards.items():
        direction, better = directions[name], KNOWN.outcomes[name].better
        is_judged = better != "neither" and (name not in JUDGED_BY_CHOICE or name in state.view.valued)
        assert card["arrow"] == {1: "\u25b2", 0: "", -1: "\u25bc"}[direction], name
        assert (card["difference"] in NO_CHANGE) == (direction == 0), name
        if not direction or not is_judged:
            assert (card["tone"], card["verdict"]) == ("same", ""), name
            continue
        is_good = (direction > 0) == (better == "higher")
        if is_good and harm_rises and name in COUNTS_OF_MOVEMENT:
            assert card["tone"] == "neither" and "harm to people rises" in card["verdict"]
        else:
            assert card["tone"] == ("better" if is_good else "worse"), name
        assert ("lower" if direction < 0 else "higher") in card["chance"]
        assert re.search(r"in (each|(8|9)\d\u00a0%|100\u00a0%) of", card["chance"]), card["chance"]
    if state.scenario.policies:
        check_sentence(shown["verdict"], directions)


def check_sentence(said, directions):
    """What is not clear stands after the words for it, without a number; what is clear stands before."""
    if ENGLISH.say("overview.without_effect") == said:
        assert not any(directions.values())
        return
    clear, _, unclear = said.partition(ENGLISH.say("overview.no_clear_change"))
    for name in (*HARMS, "smuggled_migrants", "irregular_residents", "public_cost"):
        title = ENGLISH.inside(ENGLISH.title(name))
        place = clear if directions[name] else unclear
        assert title in place, (name, said)
        if directions[name]:
            sign = clear[clear.index(title) + len(title) + 1]
            assert sign == ("+" if directions[name] > 0 else "\u2212"), (name, said)
    assert "%" not in unclear


def check_advisories(state, runs, one_run, found, directions, effects):
    assert not {"fewer_smuggled_more_harmed", "fewer_asking"} & {
        each.key for each in advisories_of(state, one_run, runs)
    }
    told = {each.key: each for each in advisories_of(state, found, runs, effects)}
    harms = tuple(name for name in HARMS if directions[name] > 0)
    warned = told.get("fewer_smuggled_more_harmed")
    assert (warned is not None) == (bool(harms) and directions["smuggled_migrants"] < 0)
    assert warned is None or warned.outcomes == harms
    assert "fewer_asking" not in told or directions["protection_gap"] < 0
    for key in CLAIMS.keys() & told.keys():
        claim, why = told[key].claim, overview_page.advisory_in_words(ENGLISH, told[key])["why"]
        assert claim.direction == directions[claim.outcome]
        said = {-1: "is still lower", 0: "shows no clear change", 1: "is higher"}
        assert [direction for direction, words in said.items() if words in why] == [claim.direction]
        for lever, ratio in claim.left_out:
            assert lever in state.scenario.policies
            assert ratio == effects.left_out(claim.outcome, state.year)[lever]


def check_tables(state, runs, ensemble, found, directions):
    """The table of Compare shows the same words and colours, and the brief the same cards."""
    compared = state.looking(page="compare", way="table", compared=[])
    held = Bounded[ScenarioEnsemble]("simulations of a test", MEGABYTE, ensembles.size_of_ensemble)
    with patch.object(ensembles, "_ENSEMBLES", held):  # so few simulations are for no other test
        ensembles.keep(state.scenario, ScenarioEnsemble(ensemble, (state.year,), {}))
        shown = compare_page.outcome_table(ENGLISH, compared, entries(ENGLISH, compared))
    if not state.scenario.policies:
        return
    rows = re.findall(r"<tr>(.*?)</tr>", shown)[1:]
    assert len(rows) == len(outcomes_for_cards())
    for name, row in zip(outcomes_for_cards(), rows, strict=True):
        cell = row.split("<td")[-1]
        tone, told = re.search(r'<small class="(\w+)">(.*?)</small>', cell).groups()
        told, _, word = told.partition(" \u00b7 ")
        assert tone == found[name].tone and told == overview_page.relative(ENGLISH, found[name]), (name, cell)
        assert word == (tone if tone in ("better", "worse") else ""), (name, cell)
        assert (told in {*NO_CHANGE, ENGLISH.say("overview.unchanged")}) == (directions[name] == 0)
    for name in outcomes_for_cards():
        card, made = overview_page.card(ENGLISH, state, found[name]), brief_content.cell(ENGLISH, found[name])
        assert (made.value, made.tone) == (card["value"], card["tone"]), name
        assert made.change == overview_page.relative(ENGLISH, found[name]), name


# A setting that fails says enough as it is: to look for a smaller one takes minutes.
QUIET = dict(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))


@given(drawn(["g8_2001", "us_southwest_border"]))
@settings(max_examples=20, **QUIET)
def test_no_word_on_an_outcome_contradicts_another(plain):
    check(state_of(*plain))


@pytest.mark.audit
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("corridor", REAL)
def test_no_word_contradicts_another_on_many_settings(corridor):
    @given(drawn([corridor]))
    @settings(max_examples=500, **QUIET)
    def many(plain):
        check(state_of(*plain))

    many()
