"""Slips of a room: what is asked gives no answer away, and what is revealed is what the model answers, as read."""

import json
import math
import threading

import numpy as np
import pytest

from pushpull.dashboard.compute import stories
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.stories import StoryRuns, read_story, story_from_text, story_names, tell
from pushpull.stories.question_slips import MOVES, slip_of
from pushpull.stories.room_steps import room_step, room_steps, stored_room_steps
from pushpull.stories.story_writing import KINDS, yaml_of

NAMES = story_names()
ASKED = "weak_link"  # asks for a direction, a count, an order and an amount, and is soon run
STEPS = {name: stored_room_steps(read_story(name)) for name in NAMES}


@pytest.fixture(scope="module")
def recomputed():
    """A story with 20 simulations: each step as it is told, and in the words of English."""
    story = read_story(ASKED)
    runs = StoryRuns(story, 20)
    return story, runs, list(tell(story, runs)), list(room_steps(story, runs))


@pytest.mark.parametrize("name", NAMES)
def test_each_shipped_story_is_stored_as_it_is_told_today(name):
    assert STEPS[name] is not None, "the model or a story has changed: pushpull story --store"
    assert [step["place"] for step in STEPS[name]] == list(range(1, len(read_story(name).steps) + 1))


def test_words_make_what_is_told_old():
    text = yaml_of(read_story("better_data"))
    assert stored_room_steps(story_from_text(text, "better_data.yaml")) is not None
    assert (
        stored_room_steps(story_from_text(text.replace("Count together", "Count as one"), "better_data.yaml")) is None
    )
    assert stored_room_steps(story_from_text(text, "another.yaml")) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_a_slip_in_both_languages_that_gives_nothing_away(name):
    story = read_story(name)
    for step, told in zip(story.steps, STEPS[name], strict=True):
        assert ("slip" in told) == ("reveal" in told) == (step.question is not None)
        if step.question is None:
            continue
        slip = told["slip"]
        assert slip["kind"] == KINDS[type(step.question)] and slip["id"] == f"{name}/{told['place']}"
        assert set(slip) <= {"id", "kind", "title", "text", "choices", "low", "high", "step", "unit", "time", "known"}
        assert all(set(slip[key]) == {"en", "fr"} and all(slip[key].values()) for key in ("title", "text"))
        if slip["kind"] in ("rank", "lever"):
            assert [each["name"] for each in slip["choices"]] == list(step.question.choices)  # not the model's order
        if slip["kind"] == "direction":
            assert tuple(each["name"] for each in slip["choices"]) == MOVES
        assert len(json.dumps(slip)) < 20_000


@pytest.mark.parametrize("name", NAMES)
def test_what_is_revealed_can_be_answered_on_the_slip(name):
    for step in STEPS[name]:
        if "slip" not in step:
            continue
        slip, reveal = step["slip"], step["reveal"]
        assert all(reveal["text"].values()) and set(reveal["after"]) == {"en", "fr"}
        match slip["kind"]:
            case "direction":
                assert reveal["choice"] in MOVES and sum(reveal["moves"].values()) == 20
                assert reveal["moves"][reveal["choice"]] >= 18, "nine simulations of ten"
            case "amount":
                assert slip["low"] <= reveal["value"] <= slip["high"], "no slider reaches the answer"
                assert reveal["low"] <= reveal["value"] <= reveal["high"] and len(reveal["dots"]) == 20
                assert (slip["high"] - slip["low"]) / slip["step"] >= 100
            case "count":
                assert 0 <= reveal["count"] <= 20
            case "line":
                lines = np.array([reveal[each] for each in ("line_low", "line", "line_high")])
                assert reveal["time"] == slip["time"] and np.all(np.diff(lines, axis=0) >= 0)
                assert slip["low"] <= lines.min() and lines.max() <= slip["high"]
                assert slip["known"][-1][0] == slip["time"][0] and len(slip["known"]) >= 5
                start = slip["known"][-1][1]
                assert lines[0, 0] <= start <= lines[2, 0], "the line goes on from what is known"
            case "rank" | "lever":
                names = [each["name"] for each in slip["choices"]]
                assert sorted(reveal["order"]) == sorted(names) and reveal["choice"] == reveal["order"][0]


def test_numbers_are_in_the_units_in_which_they_are_read(recomputed):
    story, _, in_words, told = recomputed
    kinds = {each["slip"]["kind"]: (step, each) for step, each in zip(in_words, told, strict=True) if "slip" in each}
    step, each = kinds["amount"]
    assert each["slip"]["unit"] == {"en": "%", "fr": "%"}
    assert each["slip"]["high"] == pytest.approx(100 * step.step.question.high)
    assert each["reveal"]["value"] == pytest.approx(100 * step.answer.value, rel=1e-5)
    values = np.sort(np.array(each["reveal"]["dots"])) / 100
    assert values == pytest.approx(
        np.quantile(step.numbers[step.step.question.number].values, (np.arange(20) + 0.5) / 20), rel=1e-4
    )
    step, each = kinds["direction"]
    moves = np.array(step.answer.twenty)
    beyond = step.step.question.margin
    assert each["reveal"]["moves"]["rises"] == int(((moves >= beyond) & (moves > 0)).sum())


def test_a_single_run_is_asked_about_too():
    story = read_story(ASKED)
    runs = StoryRuns(story, 1)
    for step in tell(story, runs):
        told = room_step(story, {"en": step, "fr": step}, runs)
        assert (slip_of(story, {"en": step, "fr": step}, runs) is None) == ("slip" not in told)
        if "slip" in told and told["slip"]["kind"] == "amount":
            assert math.isfinite(told["reveal"]["value"])


# On the page -----------------------------------------------------------------------------------------------------


def test_the_list_and_a_story_open_in_both_languages():
    known = stories.heads()
    assert [each["id"] for each in known] == NAMES
    assert all(each["title"].keys() == {"en", "fr"} and each["questions"] >= 3 for each in known)
    opened = stories.opened(stories.shipped_story(ASKED))
    for step, written in zip(opened["steps"], read_story(ASKED).steps, strict=True):
        states = {code: open_link(link).state for code, link in step["links"].items()}
        assert {code: state.view.language for code, state in states.items()} == {"en": "en", "fr": "fr"}
        assert states["en"].view.page == step["page"] and states["en"].year == (written.shows.year or 2037)
    assert list(stories.steps_of(stories.shipped_story(ASKED), threading.Event())) == list(STEPS[ASKED])


def test_a_story_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match="no story called 'weak_lin'"):
        stories.shipped_story("weak_lin")


@pytest.mark.parametrize("name", NAMES)
def test_a_step_whose_page_holds_more_than_one_chart_has_a_picture(name):
    for step, told in zip(read_story(name).steps, STEPS[name], strict=True):
        assert ("picture" in told) == (step.shows.page != "overview")
        assert len(json.dumps(told.get("picture", {}))) < 20_000


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("name", "place"),
    [("better_data", 1), ("certainty", 2), ("credible_return", 5), ("matched_permits", 2), ("matched_permits", 5)]
    + [("weak_link", 1), ("weak_link", 4), ("weak_link", 5)],
)
def test_the_numbers_of_a_picture_are_those_of_the_words_beside_it(name, place, language):
    told = STEPS[name][place - 1]
    picture = told["picture"]
    words = " ".join(told[key][language] for key in ("text", "after") if key in told)
    words += told["reveal"]["text"][language] if "reveal" in told else ""
    match picture["kind"]:
        case "lines":
            said = [line["said"] for line in picture["lines"]]
        case "shares":
            said = [row["said"] for row in picture["rows"] if row["note"]]
        case "table":
            said = [picture["rows"][-1]["cells"][0]["said"]]
    assert said and all(each[language].lstrip("+\u2212") in words for each in said)


def test_a_change_of_which_simulations_disagree_is_not_called_clear():
    cells = [cell for row in STEPS["weak_link"][4]["picture"]["rows"] for cell in row["cells"]]
    crosses = [cell["range"]["en"].startswith("\u2212") and "to +" in cell["range"]["en"] for cell in cells]
    assert len({cell["is_clear"] for cell in cells}) == 2
    assert all(crosses[place] for place, cell in enumerate(cells) if not cell["is_clear"])
