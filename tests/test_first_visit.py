"""What a first visit shows: questions to open, how far to trust the corridor, and the meaning of words."""

import re

import numpy as np
import pytest
from markupsafe import escape

from pushpull import run
from pushpull.dashboard.compute import trust
from pushpull.dashboard.compute.trust import trust_in
from pushpull.dashboard.html import chart_places
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages.guide import first_visit, glossary, trust_lines
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.shipped import shipped
from pushpull.dashboard.state.examples import EXAMPLES
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.messages import read
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.update import CHANGES, update
from pushpull.evaluation.judgement import judgement, main_measure
from pushpull.evaluation.stored import stored_evaluations
from pushpull.evidence.stored_scores import stored_scores
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.wording.typography import typeset
from tests.test_glossary import ON_SCREEN

REAL = ("us_southwest_border", "eu_external_border")
ILLUSTRATIVE = "g8_2001"


def example(state, name):
    return update(state, read({"example": name}, CHANGES))


# Questions to begin with ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("corridor", [*REAL, ILLUSTRATIVE])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_question_opens_a_setting_that_runs_and_changes_its_outcome(corridor, name):
    before = State.opening(corridor).with_value("asylum_access", 0.9)
    state = example(before, name)
    wanted = EXAMPLES[name]
    assert {key: getattr(state.view, key) for key in wanted.view} == dict(wanted.view)
    assert state.package == wanted.package and not state.is_own or not wanted.package
    assert "asylum_access" not in state.scenario.policies, "what was set before is gone"
    for lever, times in wanted.times_today.items():
        assert state.value(lever) == pytest.approx(
            {key: times * each for key, each in before.today[lever].items()}
            if isinstance(before.today[lever], dict)
            else times * before.today[lever]
        )
    yours, baseline = run(state.scenario), run(state.scenario.baseline())
    assert not np.array_equal(yours.total(state.view.focus)[0], baseline.total(state.view.focus)[0])
    assert open_link(state.link).state == state


def test_the_texts_say_how_many_times_today_as_the_settings_do():
    english = language("en").section("guide.examples")
    assert list(english) == list(EXAMPLES)
    assert english["work_permits"].startswith("Twice")
    assert EXAMPLES["work_permits"].times_today == {"legal_labour_slots": 2}
    (more,) = re.findall(r"(\d+)\s%", english["border_staff"])
    assert EXAMPLES["border_staff"].times_today == {"border_control": 1 + int(more) / 100}


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_question_stands_in_the_panel_and_in_help(code):
    found = first_visit.fragments(language(code), trust_in(shipped(REAL[0])))
    for part in found.values():
        assert re.findall(r'data-example="(\w+)"', part) == list(EXAMPLES)
    assert escape(language(code).say("guide.lead")) in found["guide"]


# How far to trust it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("corridor", REAL)
def test_the_line_of_what_was_tried_says_what_is_stored(corridor, code):
    base, words = shipped(corridor), language(code)
    latest = stored_evaluations(base.corridor.folder)[-1]
    found = judgement(latest, main_measure(latest))
    line = trust_lines.checked(words, trust_in(base))
    scores = [each["verdict"] for each in stored_scores().scores.values()]
    share = words.numbers.share
    assert share(found.in_nine_tenths) in line and share(found.worst["mape"]) in line
    told = re.findall(r"\d+", line.split(share(found.worst["mape"]))[1])
    counts = [len(scores), scores.count("within range"), scores.count("wrong sign")]
    assert [int(each) for each in told] == counts
    assert words.say("guide.of_before") not in line


@pytest.mark.parametrize("corridor", REAL)
def test_the_present_is_the_record_beside_the_mean_of_the_model_in_that_year(corridor):
    base = shipped(corridor)
    result = run(base.baseline())
    present = trust_in(base).present
    assert len(present) >= 3
    for each in present:
        outcome = base.catalogue.outcomes[each.outcome]
        series = base.corridor.recorded[each.outcome]
        values = [one.values[one.times == each.time].tolist() for one in series]
        assert each.recorded == pytest.approx(sum(sum(some) for some in values))
        assert each.time == max(one.times[-1] for one in series)
        fine = np.linspace(each.time - 0.5, each.time + 0.5, 4001) if each.is_yearly else np.array([each.time])
        level = np.interp(fine, result.time, result.total(outcome.observed_as or each.outcome)[0]).mean()
        assert each.model == pytest.approx(level, rel=2e-3)
        assert each.ratio == pytest.approx(each.model / each.recorded - 1)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_line_of_the_present_says_its_first_figures(code):
    words, found = language(code), trust_in(shipped(REAL[0]))
    line = trust_lines.today(words, found)
    for each in found.present[: trust_lines.MOST_NAMED]:
        unit = words.numbers.amount(each.recorded, "person/year")
        assert unit in line and words.numbers.percent(each.ratio) in line
    rows = str(trust_lines.record_table(words, found.present)).count("<tr>") - 1
    assert rows == len(found.present)


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_illustrative_corridor_says_that_it_has_no_record(code):
    words, found = language(code), trust_in(shipped(ILLUSTRATIVE))
    assert trust_lines.checked(words, found) == words.say("guide.illustrative")
    assert trust_lines.today(words, found) == "" and trust_lines.record_table(words, found.present) == ""


def test_the_evidence_page_tells_the_latest_record_of_a_corridor_that_has_one():
    for corridor in (*REAL, ILLUSTRATIVE):
        base = shipped(corridor)
        found = str(trust_lines.record_section(language("en"), base))
        assert found.count("<tr>") == (1 + len(trust_in(base).present) if corridor in REAL else 0)


def test_what_cannot_be_read_is_said(monkeypatch):
    def broken(*_):
        raise ScenarioFaults([Fault("evaluation.json", None, "this is no JSON")])

    monkeypatch.setattr(trust, "evaluations_of", broken)
    found = trust_lines.trust_lines(language("en"), trust_in(shipped(REAL[0])))
    assert "evaluation.json: this is no JSON" in found and "held against what came" in found


# The session --------------------------------------------------------------------------------------------------------


def test_nothing_of_it_is_worked_out_before_it_is_asked_for():
    session = Session(State.opening())
    assert not {"guide", "help"} & session.screen.shell.fragments.keys()
    session.computation.learn("trust", trust_in(session.state.base))
    assert {"guide", "help"} <= session.screen.shell.fragments.keys()
    session.receive({"corridor": ILLUSTRATIVE})
    assert "guide" not in session.screen.shell.fragments, "it was of another corridor"


# Words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_that_is_marked_has_a_meaning_that_is_there(code):
    words = language(code)
    marked = set(re.findall(r'class="term" aria-describedby="term-(\w+)"', chart_places.legend(words)))
    there = dict(re.findall(r'<span id="term-(\w+)">([^<]+)</span>', glossary.meanings(words)))
    assert {"baseline", "range", "recorded", "on_record", "as_things_stand"} <= marked <= there.keys()
    assert there.keys() == glossary.terms(words).keys() and len(there) >= 15
    assert all(meaning.endswith(".") for meaning in there.values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_help_lists_every_term_in_the_order_of_the_alphabet(code):
    titles = re.findall(r"<dt>([^<]+)</dt>", glossary.glossary(language(code)))
    plain = [title.replace("É", "E").lower() for title in titles]
    assert plain == sorted(plain) and len(titles) == len(glossary.terms(language(code)))


def test_terms_are_called_as_the_glossary_of_builders_calls_them():
    french = dict(each for each in ON_SCREEN if len(each) == 2)
    terms = {name: (language("en").say(key), language("fr").say(key)) for name, key in (
        (name, f"glossary_terms.{name}.title") for name in language("en").section("glossary_terms"))}  # fmt: skip
    shared = {name: titles for name, titles in terms.items() if titles[0] in french and name != "range"}
    assert len(shared) >= 7
    for english, other in shared.values():
        assert other.lower() == typeset(french[english], "fr").lower()
    assert terms["range"] == ("Range", "Fourchette"), "a card's is another word in French"
