"""A question that is put to a room without a story is about what the page shows, in both languages."""

import pytest

from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.compute.stories.quick_question import MOST_LEVERS, QUICK, quick_question
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.state.state import State
from pushpull.stories import story as parts
from pushpull.stories.story_writing import KINDS
from tests.cases import failing


def asked(state, kind):
    return quick_question(state, runs_of(state.scenario), kind, 7)


@pytest.fixture(scope="module")
def state():
    """A package beside another, with deaths in transit looked at."""
    opened = State.opening("g8_2001").with_package("punitive").looking(focus="deaths_in_transit")
    return opened.keeping(opened.base.baseline().with_policy("balanced"))


def test_every_kind_asks_about_the_outcome_year_and_settings_of_the_page(state):
    def holds(kind):
        story = asked(state, kind)
        (step,) = story.steps
        wanted = "direction" if kind == "why" else kind
        assert story.id == "quick-7" and KINDS[type(step.question)] == wanted
        assert (story.year, step.shows.outcome) == (state.year, "deaths_in_transit")
        assert story.scenario(step.setting).policies == state.scenario.policies
        year = str(int(state.year))
        assert all(year in step.question.text.into(code) for code in parts.LANGUAGES)
        assert set(step.hides) == {"chart", "cards", "words"}

    assert not failing(holds, QUICK)


def test_settings_to_choose_among_are_options_or_levers_each_alone(state):
    ranked, pulled = (asked(state, kind) for kind in ("rank", "lever"))
    assert {ranked.setting_title(each, "en") for each in ranked.steps[0].question.choices} == {"Punitive", "Balanced"}
    choices = pulled.steps[0].question.choices
    moved = [list(pulled.scenario(each).policies) for each in choices]
    assert moved == [[name] for name in list(state.scenario.policies)[:MOST_LEVERS]]


def test_a_slider_of_a_change_holds_what_the_model_answers(state):
    question = asked(state, "amount").steps[0].question
    runs = runs_of(state.scenario)
    yours, plain = (each.total("deaths_in_transit")[0][-1] for each in (runs.yours, runs.baseline))
    assert question.low < yours / plain - 1 < question.high


def test_without_a_change_there_is_nothing_to_ask_of_it_but_how_it_goes_on():
    plain = State.opening("g8_2001")
    for kind, key in (("direction", "quick_nothing"), ("rank", "quick_rank"), ("lever", "quick_lever")):
        with pytest.raises(Refusal) as refused:
            asked(plain, kind)
        assert refused.value.key == key
    assert all(isinstance(asked(plain, kind).steps[0].question, parts.LineQuestion) for kind in ("line", "why"))
