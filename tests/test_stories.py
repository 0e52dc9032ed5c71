"""Stories that come with the package: complete in both languages, every number recomputed, every answer clear."""

import inspect
import json
import re
import statistics
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import referencing
from ruamel.yaml import YAML

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.commands import tell_story
from pushpull.dashboard.i18n import texts
from pushpull.dashboard.shipped import shipped
from pushpull.dashboard.state import view
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.scenario import corridor_names, scenario_schema
from pushpull.stories import StoryRuns, read_story, story_from_text, story_names, story_runs, tell
from pushpull.stories import story as stories
from pushpull.stories.stored_answers import clarity, digest_of, stored_answers
from pushpull.stories.story_numbers import of_twenty
from pushpull.stories.story_reader import story_folder
from pushpull.stories.story_schema import story_schema, story_schema_text
from pushpull.stories.story_writing import mapping_of, yaml_of
from pushpull.wording.numbers import numbers_of
from pushpull.wording.typography import typeset
from tests.test_words import BANNED

NAMES = story_names()
LANGUAGES = ("en", "fr")
HARM = ("deaths_in_transit", "people_exploited", "protection_gap")
FEW = 5  # simulations of each setting; the recomputation is as exact with few as with many
SCHEMA = Path(__file__).parent.parent / "scenarios" / "schema" / "story.schema.json"
REAL = {"us_southwest_border", "eu_external_border"}


@cache
def read(name):
    return read_story(name)


@cache
def raw(name):
    """The file as anybody's reader of YAML has it."""
    return YAML(typ="safe", pure=True).load((story_folder() / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def told(name, language):
    return tuple(tell(read(name), runs(name), language))


@cache
def runs(name):
    return StoryRuns(read(name), FEW)


def texts_of(content):
    """Every text of a story's file in both languages: wherever a mapping has `en` or `fr`."""
    if isinstance(content, dict):
        if {"en", "fr"} & set(content):
            yield content
        else:
            for each in content.values():
                yield from texts_of(each)
    elif isinstance(content, list):
        for each in content:
            yield from texts_of(each)


# The same numbers, worked out anew -----------------------------------------------------------------------------


@cache
def results(name, setting):
    """The simulations of a setting, made of its file without the reader of stories."""
    content = raw(name)
    scenario = Scenario.load(content["corridor"])
    given = content["settings"].get(setting, {})
    for package in given.get("packages", ()):
        scenario = scenario.with_policy(package)
    scenario = scenario.with_changes(policies=given.get("policies", {}), context=given.get("context", {}))
    keep = {each["of"] for each in content["numbers"].values() if "of" in each}
    keep |= {step["question"]["of"] for step in content["steps"] if "of" in step.get("question", {})}
    return run(scenario, members=FEW, seed=1, keep=sorted(keep))


def recomputed(name, number):
    """The values of a number over the simulations, and its kind."""
    given, year = raw(name)["numbers"][number], raw(name)["year"]
    if "chance_that" in given:
        values, _ = recomputed(name, given["chance_that"])
        signed = values if given["direction"] == "rises" else -values
        return np.array([np.count_nonzero(signed > given.get("beyond", 0)) / len(values)]), "chance"
    if "is" in given:
        others = {each: recomputed(name, each)[0] for each in re.findall(r"[a-z_]{4,}", given["is"])}
        expression = given["is"].replace("min(", "np.minimum(")
        return eval(expression, {"np": np}, others), given.get("as", "relative")  # of a shipped file, in a test

    def at(setting):
        assert "over" not in given, "no shipped story takes a stretch of years; work it out here once one does"
        return results(name, setting).at(given["of"], given.get("at", year), route=given.get("route"))

    after = at(given.get("in", "today"))
    if "than" not in given:
        return after, "level"
    before = at(given["than"])
    ways = {"difference": after - before, "relative": after / before - 1, "ratio": after / before}
    return ways[given["as"]], given["as"]


def as_written(name, number, way, language):
    """A recomputed number as the house writes it."""
    values, kind = recomputed(name, number)
    numbers = numbers_of(language, currency=read(name).base.corridor.currency)
    given = raw(name)["numbers"][number]
    unit = catalogue().model.variables[given["of"]].unit if "of" in given and kind != "ratio" else "1"
    value = statistics.median(values.tolist())
    match kind, way:
        case "level", "amount":
            return numbers.amount(value, unit)
        case "level", _:
            return numbers.full(value, unit)
        case "difference", _:
            points = f"{numbers.difference(value, unit)} {numbers.amount_words(abs(value), unit)}".strip()
            return points.lstrip("+\u2212") if way == "size" else points
        case "relative", _:
            sign = "" if way == "size" or value == 0 else "+" if value > 0 else "\u2212"
            size = abs(value)
            digits = numbers.percent(size).lstrip("+") if size >= 0.001 else f"{numbers.figures(100 * size, 1)}\u00a0%"
            return sign + digits
        case "ratio", _:
            figures = numbers.figures(value, 2)
            return figures if way == "amount" else f"{figures} {'times' if language == 'en' else 'fois'}"
        case "share", _:
            return numbers.share(value)
        case "chance", "twenty":
            count = round(20 * value)
            singular = count < 2 and language == "fr"
            words = {
                "en": "{} of 20 simulations",
                "fr": "{} simulation sur 20" if singular else "{} simulations sur 20",
            }
            return words[language].format(count)
        case "chance", _:
            return numbers.chance(value)
    raise AssertionError(f"no way to write {kind} as {way!r}")


def expected(name, text, language):
    """A text of the file with the recomputed numbers in it."""

    def put(match):
        number, _, way = match.group(1).partition(":")
        return as_written(name, number, way, language)

    folded = re.sub(r"[ \n]+", " ", text).strip()
    return typeset(re.sub(r"\{([^{}]+)\}", put, folded), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_every_sentence_is_what_a_recomputation_gives(name, language):
    for step, given in zip(told(name, language), raw(name)["steps"], strict=True):
        parts = {"text": step.text, "after": step.after, "notes": step.notes}
        assert parts == {key: expected(name, given[key][language], language) if key in given else "" for key in parts}
        asked = given.get("question", {}).get("text", {}).get(language, "")
        assert step.question == expected(name, asked, language)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_what_a_recomputation_gives(name):
    for step, given in zip(told(name, "en"), raw(name)["steps"], strict=True):
        question, answer = given.get("question"), step.answer
        if question is None:
            assert answer is None
            continue
        match question["kind"]:
            case "direction":
                values, _ = recomputed(name, question["number"])
                moves = np.where(np.abs(values) < question["margin"], 0, np.sign(values))
                middle = np.median(values)
                own = 0 if abs(middle) < question["margin"] else np.sign(middle)
                assert answer.choice == {1: "rises", -1: "falls", 0: "hardly"}[int(own)]
                assert answer.clear == np.mean(moves == own)
            case "amount":
                values, _ = recomputed(name, question["number"])
                assert answer.value == pytest.approx(np.median(values), rel=1e-9)
                assert (answer.low, answer.high) == pytest.approx(np.quantile(values, [0.05, 0.95]), rel=1e-9)
                assert answer.clear == np.mean(np.sign(np.median(values)) * values >= question["margin"])
                assert question["low"] < answer.value < question["high"], "the answer lies on the slider"
            case "count":
                ((share,), _) = recomputed(name, question["number"])
                assert answer.count == of_twenty(share) and answer.clear == max(share, 1 - share)
            case "line":
                result = results(name, question["in"])
                shown = (result.time >= 2027) & (result.time <= question["until"])
                assert answer.time == pytest.approx(result.time[shown])
                line = np.median(result.total(question["of"])[:, shown], axis=0)
                assert answer.line == pytest.approx(line) and answer.value == pytest.approx(line[-1])
                today = results(name, "today").total(question["of"])[:, shown]
                values = result.total(question["of"])[:, shown][:, -1]
                moved = values / (today[:, 0] if question["in"] == "today" else today[:, -1]) - 1
                assert answer.clear == np.mean(np.sign(np.median(moved)) * moved >= question["margin"])
            case "rank" | "lever":
                year = raw(name)["year"]
                values = {each: results(name, each).at(question["of"], year) for each in question["choices"]}
                order = tuple(sorted(values, key=lambda each: np.median(values[each])))
                assert answer.order == order and answer.choice == order[0]
                step_ = question["margin"] * results(name, "today").at(question["of"], year)
                rank = question["kind"] == "rank"
                pairs = zip(order, order[1:], strict=False) if rank else ((order[0], each) for each in order[1:])
                apart = [values[late] - values[early] >= step_ for early, late in pairs]
                assert answer.clear == np.mean(np.all(apart, axis=0))


# How clear the model is ----------------------------------------------------------------------------------------


def test_what_is_stored_is_of_today_and_of_200_simulations():
    stored = stored_answers()
    assert stored.members == 200 and sorted(stored.stories) == NAMES
    old = [name for name in NAMES if not stored.is_of_today(read(name))]
    assert old == [], "the model, a corridor or a story has changed: pushpull story --store"


@pytest.mark.parametrize("name", NAMES)
def test_nine_simulations_of_ten_agree_on_every_answer_and_every_direction_in_words(name):
    stored = stored_answers().stories[name]["clear"]
    asked = [f"step {place}" for place, step in enumerate(read(name).steps, 1) if step.question is not None]
    assert set(asked) <= set(stored) and set(stored) == set(clarity(told(name, "en")))
    assert stored_answers().unclear(name) == {}, "the sign and margin are to hold in 90 % of simulations"


@pytest.mark.audit
@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_is_what_200_simulations_give(name):
    now = clarity(tell(read(name), StoryRuns(read(name), 200)))
    assert now == pytest.approx(stored_answers().stories[name]["clear"], abs=0.011)  # two simulations of 200


def test_the_command_and_python_run_as_many_simulations_as_are_stored():
    defaults = inspect.signature(tell_story.story).parameters
    assert (defaults["members"].default, defaults["seed"].default) == (story_runs.MEMBERS, story_runs.SEED)
    assert (stored_answers().members, stored_answers().seed) == (story_runs.MEMBERS, story_runs.SEED)


def test_words_make_no_answer_old_and_settings_and_questions_do():
    text = yaml_of(read("better_data"))
    digests = [digest_of(story_from_text(each, "better_data.yaml")) for each in (
        text, text.replace("Count together", "Count as one"), text.replace("value: 1\n", "value: 0.9\n"),
        text.replace("margin: 0.1", "margin: 0.2"), text.replace("by_at_least: 0.2", "by_at_least: 0.3"),
    )]  # fmt: skip
    assert digests[0] == digests[1] == digest_of(read("better_data")) and len(set(digests)) == 4


def test_a_word_that_simulations_do_not_bear_out_is_remarked_on():
    least = "\n      by_at_least: 0.01"
    text = yaml_of(read("better_data"))
    story = story_from_text(text.replace(f"direction: falls{least}", f"direction: rises{least}"))

    def remark(language):
        steps = tell(story, StoryRuns(story, FEW), language)
        (found,) = {each for step in steps for each in step.remarks if each.startswith("true_less")}
        return found

    assert remark("en") == "true_less: the words say that it rises, which holds in 0\u00a0% of simulations"
    assert remark("fr").startswith("true_less : le texte annonce « hausse »")


# What a story holds --------------------------------------------------------------------------------------------


def test_there_are_six_over_the_two_real_corridors_and_the_illustrative_one():
    corridors = [read(name).corridor for name in NAMES]
    assert len(NAMES) == 6 and set(corridors) == set(corridor_names()) and set(corridors) > REAL
    assert all(any(step.question for step in read(name).steps) for name in NAMES)


def test_every_kind_of_question_is_asked():
    kinds = {type(step.question) for name in NAMES for step in read(name).steps} - {type(None)}
    assert kinds == {
        stories.DirectionQuestion, stories.AmountQuestion, stories.CountQuestion, stories.LineQuestion,
        stories.RankQuestion, stories.LeverQuestion,
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_are_complete_and_no_number_is_written_out(name):
    for text in texts_of(raw(name)):
        assert set(text) == set(LANGUAGES) and all(each.strip() for each in text.values())
        assert text["en"] != text["fr"] or len(text["en"].split()) < 2
        for each in text.values():
            plain = re.sub(r"\{[a-z_]+(:[a-z]+)?\}", "", each)
            assert [digits for digits in re.findall(r"\d+", plain) if not re.fullmatch(r"20[2-4]\d", digits)] == []


@pytest.mark.parametrize("name", NAMES)
def test_deaths_exploitation_and_protection_stand_beside_counts(name):
    story = read(name)
    of = {key: number.reading.variable for key, number in story.numbers.items() if number.reading}
    steps = [{key for _, text in step.texts for key in re.findall(r"\{([a-z_]+)", text.en)} for step in story.steps]
    resolved = [{of.get(story.numbers[key].chance_that or key) for key in used} for used in steps]
    assert set(HARM) <= resolved[0], "today's level of each, from the first step on"
    changed = {of[key] for used in steps for key in used if key in of and story.numbers[key].than}
    changed |= {of.get(story.numbers[key].chance_that) for used in steps for key in used}
    assert set(HARM) <= changed, "what policy does to each"


@pytest.mark.parametrize("name", [name for name in NAMES if read(name).base.corridor.illustrative])
def test_an_illustrative_corridor_is_called_so_first(name):
    first = read(name).steps[0].text
    assert "illustrative" in first.en and "exemple fictif" in first.fr


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_story_says_what_people_of_the_field_do_not_say(language):
    pattern = re.compile(r"\b(" + "|".join(BANNED[language]) + r")\b", re.IGNORECASE)
    said = [text[language] for name in NAMES for text in texts_of(raw(name))]
    assert [(text[:60], pattern.search(text).group()) for text in said if pattern.search(text)] == []


# Files and pages -----------------------------------------------------------------------------------------------


def test_the_published_schema_is_up_to_date():
    stale = "stale: pushpull export story-schema -o scenarios/schema/story.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == story_schema_text(catalogue()), stale


@cache
def validator():
    beside = referencing.Resource.from_contents(scenario_schema(catalogue()))
    registry = referencing.Registry().with_resource("scenario.schema.json", beside)
    return jsonschema.Draft202012Validator(story_schema(catalogue()), registry=registry)


@pytest.mark.parametrize("name", NAMES)
def test_every_story_fits_the_schema_as_it_stands_and_as_it_is_written(name):
    for content in (raw(name), mapping_of(read(name))):
        faults = validator().iter_errors(json.loads(json.dumps(content)))
        assert [f"{list(fault.path)}: {fault.message[:200]}" for fault in faults] == []


def test_the_schema_refuses_what_the_reader_refuses():
    for spoil in (
        lambda content: content["steps"][1]["question"].pop("margin"),
        lambda content: content["settings"]["data"].update(title={"de": "in keiner der beiden"}),
        lambda content: content["settings"]["data"]["policies"].update(data_harmonisation=3),
        lambda content: content["numbers"]["deaths"].update(of="deaths"),
    ):
        content = json.loads(json.dumps(raw("better_data")))
        spoil(content)
        assert list(validator().iter_errors(content))


@pytest.mark.parametrize("name", NAMES)
def test_a_story_that_is_written_reads_back_the_same(name):
    story = read(name)
    again = story_from_text(yaml_of(story), f"{name}.yaml")
    assert again == story and yaml_of(again) == yaml_of(story)
    assert [again.scenario(each).digest for each in story.settings] == [
        story.scenario(each).digest for each in story.settings
    ]


def test_what_a_page_may_show_is_what_pages_have():
    assert (stories.PAGES, stories.PARTS, stories.DRAWN, stories.WAYS) == (
        view.PAGES,
        view.PARTS,
        view.CHARTS,
        view.WAYS,
    )
    assert stories.LANGUAGES == texts.LANGUAGES and stories.SHARES == view.SHARES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_step_opens_as_a_page_and_goes_through_a_link(name, language):
    for step in told(name, language):
        page = step.page
        assert list(view.unknown(page.view, page.scenario)) == []
        seen = view.changed(view.View(), page.view, page.scenario)
        assert {key: getattr(seen, key) for key in page.view} == dict(page.view)
        state = State(page.corridor, page.scenario, page.package, seen, page.options)
        opened = open_link(state.link)
        assert opened.state == state and opened.left_out == [] and opened.migrated == []
        assert page.view.get("compared", ()) == (), "options stand beside it, and no other package"
        assert opened.state.base == shipped(page.corridor)
        assert [each.title for each in state.kept] == [
            read(name).setting_title(each, language) for each in step.step.options
        ]
