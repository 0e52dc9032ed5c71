"""Story files of one's own: every fault with its line, every kind of question, and the command that tells them."""

import json
import re
import threading

import numpy as np
import pytest

from pushpull.__main__ import main
from pushpull.analysis.engine_calls import Stopped
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario import check
from pushpull.stories import StoryRuns, read_story, story_from_text, tell
from pushpull.stories.step_reader import QUESTIONS
from pushpull.stories.story_reader import story_folder
from pushpull.stories.story_writing import yaml_of
from tests import own_corridor

STORY = """schema_version: 1
title: {en: A story, fr: Un récit}
corridor: g8_2001
audience: {en: Somebody, fr: "Quelqu'un"}
minutes: 5
claim: {en: That it is so, fr: Qu'il en est ainsi}
year: 2037
settings:
  more:
    title: {en: More patrols, fr: Davantage de patrouilles}
    policies: {border_control: {times_today: 2}}
  less:
    title: {en: Fewer patrols, fr: Moins de patrouilles}
    policies: {border_control: 0.5}
    context: {conflict_intensity: {times_today: 0.5}}
numbers:
  deaths: {of: deaths_in_transit}
  over_years: {of: deaths_in_transit, over: [2027, 2037], how: sum, in: more}
  deaths_more: {of: deaths_in_transit, in: more, than: today, as: relative, holds: {direction: rises, by_at_least: 0}}
  fee_more: {of: smuggler_fee, route: east, in: more, than: today, as: difference}
  rise: {chance_that: deaths_more, direction: rises, beyond: 0.1}
  half: {is: "deaths_more / 2", as: share}
steps:
  - title: {en: Today, fr: Aujourd'hui}
    text: {en: "In 2037 {deaths} die, {over_years}.", fr: "En 2037 {deaths} ; {over_years}."}
  - title: {en: More, fr: Plus}
    setting: more
    options: [more, less]
    shows: {page: overview, outcome: deaths_in_transit, drawn: difference, year: 2035}
    hides: [chart]
    text: {en: Twice the patrols., fr: Deux fois plus.}
    question: {kind: direction, text: {en: Up?, fr: Plus ?}, number: deaths_more, margin: 0.01}
    after: {en: "Up {deaths_more:size} in {rise:twenty}.", fr: "Plus {deaths_more:size} ; {rise:twenty}."}
    notes: {en: "The fee: {fee_more}; {half}.", fr: "Le prix : {fee_more} ; {half}."}
"""


def changed(*pairs):
    text = STORY
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def faults_of(text):
    with pytest.raises(ScenarioFaults) as found:
        story_from_text(text, "own.yaml")
    return found.value.faults


def test_the_story_of_these_tests_has_no_fault():
    story = story_from_text(STORY)
    assert len(story.steps) == 2 and story.base.corridor.id == "g8_2001"
    assert story.scenario("less").policies and story.scenario("less").context


DEATHS = "deaths: {of: deaths_in_transit}"
DIRECTION = "{kind: direction, text: {en: Up?, fr: Plus ?}, number: deaths_more, margin: 0.01}"
AFTER = next(line for line in STORY.splitlines(keepends=True) if line.startswith("    after:"))

# Each case: what is changed, the line of the fault, and words that the fault must say.
CASES = {
    "a title in no language": (("{en: A story, fr: Un récit}", "{}"), 2, ["title has no text", "en, fr or both"]),
    "an empty text": (("fr: Un récit", 'fr: " "'), 2, ["title (fr) is the text"]),
    "a corridor there is not": (("g8_2001", "g8_2002"), 3, ['no corridor "g8_2002"', 'did you mean "g8_2001"?']),
    "minutes in words": (("minutes: 5", "minutes: five"), 5, ["minutes is the text", "a whole number from 1 to 480"]),
    "a number in a claim": (("en: That it is so", 'en: "{deaths}"'), 6, ["claim (en) holds the number"]),
    "a year before policy": (("year: 2037", "year: 2020"), 7, ["year is 2020", "a year from 2027 to 2045"]),
    "a lever there is not": (("border_control: {", "border_contrl: {"), 11, ['"border_contrl"', '"border_control"?']),
    "a lever out of range": (("border_control: 0.5", "border_control: 9"), 14, ["outside its range", "0 to 4"]),
    "a package there is not": (
        ("policies: {border_control: 0.5}", "packages: [punitiv]"), 14, ['"punitiv"', 'did you mean "punitive"?']),
    "more packages than a setting may have": (
        ("policies: {border_control: 0.5}", f"packages: [{', '.join(['punitive'] * 9)}]"),
        14, ["9 packages", "at most 8"]),
    "a setting that sets nothing": (
        ("    policies: {border_control: {times_today: 2}}\n", ""), 10, ["the setting more sets nothing"]),
    "a setting called today": (("  less:", "  today:"), 12, ['"today" is no name of settings']),
    "an outcome there is not": (
        (DEATHS, "deaths: {of: deaths_in_transi}"), 17, ['"deaths_in_transi"', "did you mean"]),
    "a route there is not": (("route: east", "route: west"), 20, ['route of the number fee_more is "west"', "north"]),
    "a route of what has none": (
        (DEATHS, "deaths: {of: people_exploited, route: east}"), 17, ["same on all routes"]),
    "years the wrong way round": (("[2027, 2037]", "[2037, 2027]"), 18, ["no stretch of years"]),
    "how without years": (("over: [2027, 2037], ", ""), 18, ["needs years"]),
    "a number of two kinds": (
        (DEATHS, "deaths: {of: deaths_in_transit, is: half}"), 17, ["one of them"]),
    "a form that needs another setting": (
        (DEATHS, "deaths: {of: deaths_in_transit, as: ratio}"), 17, ['as of the number deaths']),
    "a setting that is not there": (
        ("in: more, than: today, as: relative", "in: mor, than: today, as: relative"), 19, ['"mor"', '"more"?']),
    "a direction there is not": (("direction: rises, by", "direction: up, by"), 19, ["rises, falls"]),
    "a chance of a level": (("chance_that: deaths_more", "chance_that: deaths"), 21, ["can rise or fall"]),
    "a chance without direction": ((", direction: rises, beyond", ", beyond"), 21, ['lacks "direction"']),
    "arithmetic with what is no number": (('"deaths_more / 2"', '"death_more / 2"'), 22, ['"deaths_more"?']),
    "no arithmetic": (('"deaths_more / 2"', '"open(deaths_more)"'), 22, ["may be called"]),
    "arithmetic over arithmetic": (
        ("rise: {chance_that: deaths_more, direction: rises, beyond: 0.1}", 'rise: {is: "half * 2"}'),
        21, ["itself worked out"]),
    "a number written out": (("en: Twice the patrols.", "en: 2 times."), 31, ["holds the number 2", "{name}"]),
    "a place for no number": (("{rise:twenty}.\", fr", "{rises:twenty}.\", fr"), 33, ['"rises"', '"rise"?']),
    "a number in one language": (("{deaths} ; {over_years}.", "{deaths}."), 25, ["one language alone: over_years"]),
    "a way to write there is not": (("{rise:twenty}.\", fr", "{rise:twent}.\", fr"), 33, ['"twent"', '"twenty"?']),
    "no sign and nobody vouches": (("{fee_more}; {half}", "{fee_more:size}; {half}"), 34, ["without its sign"]),
    "a brace alone": (("en: Twice the patrols.", 'en: "Twice } patrols."'), 31, ["a brace stands alone"]),
    "a page there is not": (("page: overview", "page: overvew"), 29, ['"overvew"', 'did you mean "overview"?']),
    "a year after the end": (("year: 2035", "year: 2050"), 29, ["a year from 2027 to 2045"]),
    "what cannot be hidden": (("hides: [chart]", "hides: [charts]"), 30, ['"charts"', 'did you mean "chart"?']),
    "a question of no kind": (("kind: direction", "kind: directions"), 32, ['"directions"', '"direction"?']),
    "a question without margin": ((", margin: 0.01", ""), 32, ['lacks "margin"']),
    "a question about a level": (("number: deaths_more", "number: deaths"), 32, ["can rise or fall"]),
    "a slider the wrong way round": (
        ("kind: direction, ", "kind: amount, low: 1, high: 0, "), 32, ["goes from 1 to 0", "low below high"]),
    "a count of what is no chance": (
        (DIRECTION, "{kind: count, text: {en: Up?, fr: Plus ?}, number: deaths_more}"),
        32, ["asks for deaths_more", "a chance"]),
    "a choice of one": (
        (DIRECTION, "{kind: rank, text: {en: Up?, fr: Plus ?}, choices: [more], of: public_cost, margin: 0}"),
        32, ["two settings"]),
    "nothing said afterwards": (
        (AFTER, ""), 26, ["says nothing after it"]),
    "an answer given away": (
        ("{en: Twice the patrols., fr: Deux fois plus.}", '{en: "{deaths_more}", fr: "{deaths_more}"}'),
        31, ["gives its answer away"]),
    "an answer told before": (
        ('"In 2037 {deaths} die, {over_years}.", fr: "En 2037 {deaths} ; {over_years}."',
         '"In 2037 {deaths_more}.", fr: "En 2037 {deaths_more}."'), 32, ["an earlier step has told"]),
}  # fmt: skip


@pytest.mark.parametrize("pair, line, words", CASES.values(), ids=CASES)
def test_every_fault_names_its_line_and_what_is_allowed(pair, line, words):
    faults = faults_of(changed(pair))
    said = [str(fault) for fault in faults if fault.line == line]
    assert any(all(word in each for word in words) for each in said), "\n".join(map(str, faults))
    assert all(str(fault).startswith("own.yaml:") and "\n" not in str(fault) for fault in faults)
    for fault in faults:
        french = re.sub(r"«[^»]*»|`[^`]*`|\{[^}]*\}|[a-z]+_\w+", "", fault.told("fr"))
        assert not re.search(
            r"(?<![\w@-])(?:the|are|and|with|for|which|that|an|by|number|step|text)(?![\w=:,]| \()", french
        ), french


def test_a_text_in_one_language_is_told_to_everybody_with_its_numbers_in_that_language(file, capsys):
    text = changed(
        (', fr: "En 2037 {deaths} ; {over_years}."', ""), ("{en: Today, fr: Aujourd'hui}", "{fr: Aujourd'hui}")
    )
    story = story_from_text(text)
    first = [next(tell(story, StoryRuns(story, members=2), code)) for code in ("en", "fr")]
    assert story.in_one_language == 2 and first[0].title == "Aujourd’hui" == first[1].title
    assert first[0].text == first[1].text and first[1].text.startswith("In 2037 ")
    assert yaml_of(story_from_text(yaml_of(story))) == yaml_of(story) and "fr: Aujourd'hui\n" in yaml_of(story)
    file.write_text(text, encoding="utf-8")
    assert main(["validate", str(file)]) == 0
    assert "texts in one language alone: 2" in capsys.readouterr().err


def test_every_fault_is_told_at_once():
    text = changed(("g8_2001", "g8"), ("minutes: 5", "minutes: 0"), ("hides: [chart]", "hides: [all]"))
    assert [fault.line for fault in faults_of(text)][:3] == [3, 5, 30]


@pytest.mark.parametrize("text", ["", "[]", "title: x", "- a\n- b", "steps: 3\nclaim: 4\nnumbers: []\nsettings: 1"])
def test_what_is_no_story_is_refused_in_words(text):
    assert faults_of(text)


def test_the_example_of_the_readme_is_a_story():
    readme = (story_folder() / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    head = STORY.partition("settings:")[0]
    story = story_from_text(head + example)
    (step,) = tell(story, StoryRuns(story, 4))
    assert step.after.startswith("In 20 of 20 simulations, by ") and step.page.package == "one_gateway_crackdown"
    kinds = re.findall(r"^\| `(\w+)` \| [a-z]", readme.partition("## Questions")[2], re.MULTILINE)
    assert kinds == list(QUESTIONS)


@pytest.mark.parametrize("beyond", ["0", "5"])  # deaths rise in every simulation, and in none by as much as that
def test_words_that_leave_open_what_is_clear_are_remarked_on(beyond):
    story = story_from_text(changed(("beyond: 0.1", f"beyond: {beyond}, open: true")))
    _, step = tell(story, StoryRuns(story, 8))
    (remark,) = step.remarks
    assert remark.startswith("rise: the words leave it open") and step.numbers["rise"].borne_out == 0


def test_words_that_leave_open_what_is_open_are_borne_out():
    story = story_from_text(changed(("beyond: 0.1", "beyond: 0, open: true")))
    runs = StoryRuns(story, 8)
    _, step = tell(story, runs)
    middle = float(np.median(step.numbers["deaths_more"].values))
    story = story_from_text(changed(("beyond: 0.1", f"beyond: {middle}, open: true")))
    _, step = tell(story, StoryRuns(story, 8))
    assert step.numbers["rise"].value == 0.5 and step.numbers["rise"].borne_out == 1 and step.remarks == ()


# Questions -----------------------------------------------------------------------------------------------------


def asked(question):
    text = changed((DIRECTION, question.replace("kind", "text: {en: Which?, fr: Lequel ?}, kind", 1)))
    story = story_from_text(text)
    runs = StoryRuns(story, 8)
    return runs, list(tell(story, runs))[1]


def test_a_lever_is_chosen_by_the_lowest_or_the_highest():
    for first, sign in (("lowest", 1), ("highest", -1)):
        runs, step = asked(
            f"{{kind: lever, choices: [today, more, less], of: deaths_in_transit, first: {first}, margin: 0}}"
        )
        deaths = {name: runs.result(name).at("deaths_in_transit", 2037) for name in ("today", "more", "less")}
        best = min(deaths, key=lambda name: sign * np.median(deaths[name]))
        beaten = [sign * (deaths[other] - deaths[best]) >= 0 for other in deaths if other != best]
        assert step.answer.choice == best and step.answer.clear == np.mean(np.all(beaten, axis=0))
        titles = {"today": "Current situation", "more": "More patrols", "less": "Fewer patrols"}
        assert step.answer_text.startswith(titles[best]) and [each.title for each in step.choices] == list(
            titles.values()
        )


def test_a_line_in_todays_setting_is_held_against_its_beginning():
    runs, step = asked("{kind: line, of: deaths_by_route, route: south, in: today, until: 2035, margin: 0}")
    assert (step.answer.time[0], step.answer.time[-1]) == (2027, 2035)
    result = runs.result("today")
    shown = (result.time >= 2027) & (result.time <= 2035)
    values = result.total("deaths_by_route", route="south")[:, shown]
    assert step.answer.line == pytest.approx(np.median(values, axis=0))
    moved = values[:, -1] / values[:, 0] - 1
    assert step.answer.clear == np.mean(np.sign(np.median(moved)) * moved > 0)


def test_what_hardly_moves_is_called_so():
    _, step = asked("{kind: direction, number: deaths_more, margin: 5}")
    assert step.answer.choice == "hardly" and step.answer.clear == 1 and step.answer.is_clear


def test_a_total_over_years_counts_people_and_not_people_a_year():
    story = story_from_text(STORY)
    runs = StoryRuns(story, 3)
    first = next(tell(story, runs))
    result = runs.result("more")
    shown = (result.time >= 2027) & (result.time <= 2037)
    total = np.trapezoid(result.total("deaths_in_transit")[:, shown], result.time[shown], axis=1)
    assert first.numbers["over_years"].value == pytest.approx(np.median(total))
    assert first.numbers["over_years"].unit == "person" and first.text.endswith(" people.")


def test_one_run_tells_amounts_and_leaves_shares_of_simulations_open():
    story = story_from_text(STORY)
    _, step = tell(story, StoryRuns(story, 1))
    assert np.isnan(step.answer.clear) and not step.answer.is_clear and step.remarks == ()
    assert step.after.startswith("Up ") and "simulations" not in step.answer_text


def test_runs_are_kept_tell_how_far_they_are_and_can_be_stopped():
    story, said, stop = story_from_text(STORY), [], threading.Event()
    runs = StoryRuns(story, 6, progress=lambda done, whole: said.append((done, whole)), stop=stop)
    steps = list(tell(story, runs))
    assert {whole for _, whole in said} == {18} and [done for done, _ in said] == sorted(done for done, _ in said)
    count = len(said)
    assert [each.text for each in tell(story, runs, "fr")] != [each.text for each in steps] and len(said) == count
    stop.set()
    with pytest.raises(Stopped):
        list(tell(story, StoryRuns(story, 6, stop=stop)))


# Files and commands --------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_a_corridor_of_ones_own_lies_beside_the_story(tmp_path):
    own_corridor.write(tmp_path)
    path = tmp_path / "own.yaml"
    path.write_text(changed(("g8_2001", "strait")), encoding="utf-8")
    story = read_story(path)
    assert story.base.corridor.id == "strait" and story.scenario("more").corridor.folder.is_relative_to(tmp_path)
    with pytest.raises(ScenarioFaults, match='no corridor "strait"'):
        story_from_text(changed(("g8_2001", "strait")))


def test_the_command_tells_a_file_in_either_language(file, capsys):
    assert main(["story", str(file), "--members", "4"]) == 0
    english = capsys.readouterr().out
    assert main(["story", str(file), "--members", "4", "--language", "fr"]) == 0
    french = capsys.readouterr().out
    assert "Step 2 of 2: More" in english and "Question: Up?" in english and "Answer: it rises" in english
    assert "Étape 2 sur 2 : Plus" in french and "Question : Plus ?" in french and "Réponse : hausse" in french
    assert "Hidden until revealed: chart" in english and "Options: More patrols, Fewer patrols" in english
    assert "illustrative" in english and "exemple fictif" in french and "{" not in english + french


def test_the_command_gives_everything_as_json(file, capsys):
    assert main(["story", str(file), "--members", "4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    step = told["steps"][1]
    assert (told["corridor"], told["members"], told["illustrative"]) == ("g8_2001", 4, True)
    assert step["question"]["kind"] == "direction" and step["question"]["answer"]["choice"] == "rises"
    assert step["page"]["view"] == {
        "language": "en", "page": "overview", "focus": "deaths_in_transit", "drawn": "difference", "year": 2035,
    }  # fmt: skip
    assert step["page"]["scenario"]["policies"] == {"border_control": {"times_today": 2}}
    assert step["numbers"]["deaths_more"]["text"] in step["after"].replace("Up ", "Up +")


def test_a_story_is_validated_listed_and_told_apart(file, capsys):
    assert main(["validate", str(file)]) == 0 and "fine" in capsys.readouterr().out
    file.write_text(changed(("minutes: 5", "minutes: 0")), encoding="utf-8")
    assert main(["validate", str(file)]) == 2 and ":5: minutes is 0" in capsys.readouterr().err
    assert main(["run", str(file)]) == 2 and "this is a story" in capsys.readouterr().err
    assert main(["story", "scenarios/g8_2001.yaml"]) == 2 and "a story" in capsys.readouterr().err
    assert check(file)
    assert main(["list", "stories", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == 6 and all(each["title_fr"] and each["questions"] and each["minutes"] for each in listed)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["weak_lnk"], 'did you mean "weak_link"?'),
        ([], "pushpull list stories"),
        (["weak_link", "--members", "0"], "at least 1"),
        (["weak_link", "--seed", "-1"], "--seed"),
        (["weak_link", "--store"], "--store goes with no other choice"),
        (["weak_link", "--language", "de"], "en, fr"),
    ],
)
def test_what_the_command_cannot_use_is_refused(arguments, words, capsys):
    assert main(["story", *arguments]) == 2
    assert words in capsys.readouterr().err
