"""Verdicts: better or worse is said only of a change that is material and clear in the simulations."""

from math import isnan
from pathlib import Path

import numpy as np
import pytest

from pushpull.analysis import stated_change
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.lever_effects import LeverEffects
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import JUDGED_BY_CHOICE, LANGUAGES
from pushpull.wording.numbers import numbers_of
from tests.verdict_fakes import KNOWN, LEVEL, YEAR, ensemble_of, judged, one_run

ENGLISH = language("en")
STILL = np.full(10, LEVEL)


def word(name="deaths_in_transit", **values):
    return judged(**values)[name].word


def test_a_change_below_a_hundredth_of_the_outcome_is_no_change():
    assert word(deaths_in_transit=-0.0099) == word(deaths_in_transit=0.0099) == "unclear"
    assert word(deaths_in_transit=-0.0101) == "better" and word(deaths_in_transit=0.0101) == "worse"


def test_a_change_below_a_hundredth_of_the_spread_is_no_change():
    """Ten futures that lie 4,500 apart in their middle half: 40 is no change there, though 4 percent of the median."""
    wide = LEVEL * np.array([0.1, 0.2, 0.3, 0.4, 1, 1, 5, 5, 9, 9])
    spread = np.subtract(*np.quantile(wide, [0.75, 0.25]))
    for size, expected in ((0.009, "unclear"), (0.011, "worse")):
        move = size * spread
        assert move > 0.01 * np.median(wide)
        assert word(deaths_in_transit=(wide, wide + move)) == expected


@pytest.mark.parametrize("agree, expected", [(7, "unclear"), (8, "better"), (10, "better")])
def test_four_simulations_in_five_agree_or_nothing_is_clear(agree, expected):
    moves = np.where(np.arange(10) < agree, -100.0, 100.0)
    found = judged(deaths_in_transit=(STILL, STILL + moves))["deaths_in_transit"]
    assert found.word == expected and found.chance == agree / 10


def test_simulations_in_which_nothing_moves_do_not_agree():
    moves = np.where(np.arange(10) < 7, -100.0, 0.0)
    found = judged(deaths_in_transit=(STILL, STILL + moves))["deaths_in_transit"]
    assert found.word == "unclear" and found.chance == 0.7


def test_less_than_one_person_is_no_change():
    few = np.full(10, 2.0)
    assert word(deaths_in_transit=(few, few - 0.9)) == "unclear"
    assert word(deaths_in_transit=(few, few - 1.1)) == "better"
    shares = np.full(10, 0.4)
    assert word("public_concern", public_concern=(shares, shares - 0.1)) == "better"


def test_a_card_shows_what_the_policy_changes_where_futures_part():
    """Nine simulations of ten fall, and yet the median of all rises by a jump that no simulation makes."""
    before, after = np.array([0.0] * 5 + [1000.0] * 4 + [1001]), np.array([990.0] + [-20.0] * 4 + [980.0] * 5)
    assert np.median(after) - np.median(before) > 400
    found = judged(deaths_in_transit=(before, after))["deaths_in_transit"]
    assert found.chance == 0.9 and found.difference == -20 and found.word == "better"
    assert found.value == found.baseline - 20 == 480
    least = judged(deaths_in_transit=(np.full(10, 5.0), np.full(10, -20.0)))["deaths_in_transit"]
    assert least.value == 0, "no outcome is below zero"


def test_one_run_says_neither_better_nor_worse_and_names_no_chance():
    found = verdicts(one_run(deaths_in_transit=0.2, public_cost=-0.3, protection_gap=0.002), None, YEAR)
    assert {each.tone for each in found.values()} == {"same"}
    assert [found[name].word for name in ("deaths_in_transit", "public_cost", "protection_gap")] == [
        *("higher", "lower", "unclear")
    ]
    assert found["deaths_in_transit"].is_provisional and isnan(found["deaths_in_transit"].chance)
    card = overview_page.card(ENGLISH, State.opening(), found["deaths_in_transit"])
    assert (card["arrow"], card["verdict"], card["range"], card["chance"]) == ("\u25b2", "so far, one run", "", "")
    assert card["short"] == "provisional"
    without = State.opening().looking(ranges=False)
    assert overview_page.card(ENGLISH, without, found["deaths_in_transit"])["verdict"] == "one run"


def test_the_number_of_a_card_is_that_of_the_simulations():
    before, after = np.array([10.0, 20, 30, 40, 500]), np.array([8.0, 14, 21, 36, 900])
    found = verdicts(one_run(), ensemble_of(5, deaths_in_transit=(before, after)), YEAR)["deaths_in_transit"]
    assert (found.value, found.baseline, found.difference, found.chance) == (26, 30, -4, 0.8)
    card = overview_page.card(ENGLISH, State.opening(), found)
    assert (card["value"], card["baseline"]) == ("26", "baseline 30")
    assert (card["difference"], card["ratio"]) == ("\u22124", "(\u221213\u00a0%)")
    assert card["chance"] == "lower in 80\u00a0% of 5 simulations"


def test_a_falling_count_is_not_called_better_while_harm_rises():
    found = judged(smuggled_migrants=-0.3, deaths_in_transit=0.2)
    assert (found["smuggled_migrants"].word, found["smuggled_migrants"].tone) == ("neither", "neither")
    state = State.opening().with_package("punitive")
    card = overview_page.card(ENGLISH, state, found["smuggled_migrants"])
    assert card["tone"] == "neither" and "harm to people rises" in card["verdict"] and card["short"] == "harm rises"
    warned = {each.key: each for each in advisories_of(state, found)}
    assert warned["fewer_smuggled_more_harmed"].outcomes == ("deaths_in_transit",)


def test_a_harm_that_rises_by_a_hair_takes_nothing_from_a_fall_and_warns_of_nothing():
    found = judged(smuggled_migrants=-0.3, protection_gap=0.0008)
    assert found["smuggled_migrants"].word == "fewer" and found["protection_gap"].word == "unclear"
    keys = [each.key for each in advisories_of(State.opening(), found)]
    assert "fewer_smuggled_more_harmed" not in keys


def test_one_run_warns_of_no_outcome():
    found = verdicts(one_run(smuggled_migrants=-0.3, deaths_in_transit=0.2), None, YEAR)
    assert advisories_of(State.opening(), found) == []


def test_what_counts_as_better_is_chosen_but_for_harm():
    moves = {name: 0.2 for name in KNOWN.outcomes}
    plain, free = judged(**moves), judged(valued=(), **moves)
    for name, verdict in free.items():
        if name in JUDGED_BY_CHOICE:
            assert (plain[name].word, verdict.word, verdict.tone) == ("worse", "higher", "same")
        else:
            assert verdict == plain[name]
    card = overview_page.card(ENGLISH, State.opening(), free["public_cost"])
    assert card["verdict"] == "" and card["arrow"] == "\u25b2" and card["short"] == ""


def test_the_choice_goes_into_the_link_and_comes_back():
    session = Session(State.opening())
    assert session.screen.headlines.shown["valued"] == list(JUDGED_BY_CHOICE)
    session.receive({"valued": ["public_cost", "deaths_in_transit", 7]})
    assert session.state.view.valued == ("public_cost",)
    assert open_link(session.state.link).state.view.valued == ("public_cost",)
    session.receive({"valued": []})
    assert open_link(session.state.link).state.view.valued == () == tuple(session.screen.headlines.shown["valued"])


# Words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_chance_is_that_of_what_most_simulations_do(code):
    """Never below one half for a change of either way, and one hundred percent is told as each of them."""
    words = language(code)
    for share, direction in ((0.6, -1), (0.9, 1), (1.0, -1)):
        moves = np.where(np.arange(10) < 10 * share, 100.0 * direction, -100.0 * direction)
        found = judged(deaths_in_transit=(STILL, STILL + moves))["deaths_in_transit"]
        said = overview_page.card(words, State.opening(), found)["chance"]
        way = "higher" if direction > 0 else "lower"
        key = f"in_each_{way}" if share == 1 else f"chance_{way}"
        assert said == words.say(f"overview.{key}", chance=words.numbers.chance(share), members=10)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sentence_puts_what_is_not_clear_at_its_end(code):
    words, state = language(code), State.opening().with_package("punitive")
    found = judged(deaths_in_transit=-0.2, protection_gap=0.001)
    said = overview_page.verdict_sentence(words, state, found)
    title = {name: words.inside(words.title(name)) for name in ("deaths_in_transit", "protection_gap")}
    assert f"{title['deaths_in_transit']} \u221220\u00a0%" in said
    rest = said[said.index(words.say("overview.no_clear_change")) :]
    assert title["protection_gap"] in rest and "0.1" not in rest and title["deaths_in_transit"] not in rest


def test_people_are_counted_whole_and_a_tiny_share_has_a_sign():
    numbers = numbers_of("en")
    assert numbers.amount(33.5, "person/year") == "34" and numbers.difference(8.07, "person/year") == "+8"
    assert numbers.difference(-0.3, "person/year") == "0" and numbers.amount(33.5, "1/year") == "33.5"
    assert numbers.percent(0.0004) == "up by less than 0.1\u00a0%"
    assert numbers.percent(-0.0004) == "down by less than 0.1\u00a0%"
    assert numbers_of("fr").percent(-0.0004) == "en baisse de moins de 0,1\u00a0%"


# Advisories -----------------------------------------------------------------------------------------------------


def effects(**without):
    """The effects of levers on denials: what they would be without each, of 1,000 with all."""
    time, whole = np.array([YEAR]), {"protection_gap": np.array([1000.0])}
    return LeverEffects(time, whole, {name: {"protection_gap": np.array([each])} for name, each in without.items()})


@pytest.mark.parametrize("change, direction, said", [(-0.1, -1, "is still lower"), (0.1, 1, "is higher")])
def test_a_warning_says_of_an_outcome_what_its_card_says_and_which_lever_does_which_half(change, direction, said):
    state = State.opening().with_value("border_control", 2.0).with_value("justice_training", 0.5)
    found = judged(protection_gap=change)
    known = effects(border_control=958.0, justice_training=1086.0)
    (warned,) = [each for each in advisories_of(state, found, None, known) if each.key == "control_without_asylum"]
    assert warned.claim.direction == direction == found["protection_gap"].direction
    assert [name for name, _ in warned.claim.left_out] == ["border_control", "justice_training"]
    assert [ratio for _, ratio in warned.claim.left_out] == pytest.approx([-0.042, 0.086])
    words = overview_page.advisory_in_words(ENGLISH, warned)["why"]
    assert said in words and "“Border control” \u22124.2\u00a0%" in words
    assert "“Training of officials” +8.6\u00a0%" in words


def test_a_warning_claims_nothing_of_an_outcome_before_the_simulations():
    state = State.opening().with_value("border_control", 2.0)
    found = verdicts(one_run(protection_gap=-0.3), None, YEAR)
    (warned,) = [each for each in advisories_of(state, found) if each.key == "control_without_asylum"]
    assert warned.claim is None
    for code in LANGUAGES:
        why = overview_page.advisory_in_words(language(code), warned)["why"]
        assert why == language(code).say("advisories.control_without_asylum.why")


def test_levers_that_do_little_are_not_named():
    state, found = State.opening().with_value("border_control", 2.0), judged(protection_gap=-0.1)
    for known in (None, effects(border_control=995.0, justice_training=1005.0), effects(justice_training=1100.0)):
        (warned,) = [each for each in advisories_of(state, found, None, known) if each.key == "control_without_asylum"]
        assert warned.claim.left_out == ()


def test_the_readme_states_the_thresholds():
    readme = " ".join((Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8").split())
    material, spread, clear = (
        f"{100 * share:g} %" for share in (stated_change.MATERIAL, stated_change.OF_SPREAD, stated_change.CLEAR)
    )
    assert f"at least {material} of the outcome, {spread} of the spread" in readme
    assert f"in at least {clear} of simulations" in readme and "These thresholds are assumptions" in readme
