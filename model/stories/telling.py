"""A story in words: each step in a language, with its numbers worked out and the state of a page that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pushpull.scenario import Scenario
from pushpull.stories import placeholders
from pushpull.stories import story as parts
from pushpull.stories.answers import Answer, answer_text, answer_to
from pushpull.stories.story import Story, StoryStep
from pushpull.stories.story_numbers import StoryNumbers, WorkedOut, Written
from pushpull.stories.story_runs import COMPARE, StoryRuns
from pushpull.stories.story_words import say
from pushpull.wording.bilingual import Bilingual
from pushpull.wording.typography import typeset


@dataclass(frozen=True)
class PageState:
    """What a page opens to show a step: a corridor, a scenario of it, the one package that it begins with (None where
    it is none or more than that), what is looked at (names as in a link), and scenarios beside it as options."""

    corridor: str
    scenario: Scenario
    package: str | None
    view: Mapping[str, object]
    options: tuple[Scenario, ...] = ()


@dataclass(frozen=True, eq=False)
class ChoiceInWords:
    """A setting to choose in a question, by its name and title."""

    name: str
    title: str


@dataclass(frozen=True, eq=False)
class StepInWords:
    """A step in a language. `numbers` are those that stand in its texts; `remarks` say where the words of a number do
    not hold in nine simulations of ten."""

    step: StoryStep
    place: int
    title: str
    text: str
    page: PageState
    hides: tuple[str, ...]
    numbers: Mapping[str, WorkedOut]
    question: str = ""
    choices: tuple[ChoiceInWords, ...] = ()
    answer: Answer | None = None
    answer_text: str = ""
    after: str = ""
    notes: str = ""
    remarks: tuple[str, ...] = ()


def tell(story: Story, runs: StoryRuns, language: str = "en", plain: bool = False) -> Iterator[StepInWords]:
    """Each step of a story in a language (`plain`: with the signs of a keyboard, for terminals).

    Raises RunBroke where a run breaks, and Stopped where the runs are told to stop.
    """
    numbers = StoryNumbers(story, runs)
    written = {code: Written(code, story.base.corridor.currency, plain) for code in parts.LANGUAGES}
    for place, step in enumerate(story.steps, 1):
        yield _in_words(story, step, place, numbers, written, language, plain)


def page_state(story: Story, step: StoryStep, language: str) -> PageState:
    """The state of a page that shows a step."""
    return PageState(
        corridor=story.corridor,
        scenario=_titled(story, step.setting, language),
        package=_package(story, step.setting),
        view=MappingProxyType(_view(story, step, language)),
        options=tuple(_titled(story, each, language) for each in step.options),
    )


def _titled(story: Story, setting: str, language: str) -> Scenario:
    scenario = story.scenario(setting)
    return scenario if setting == parts.TODAY else scenario.with_changes(title=story.setting_title(setting, language))


def _package(story: Story, name: str) -> str | None:
    setting = story.settings.get(name)
    if setting is None or len(setting.packages) != 1:
        return None
    return setting.packages[0]


def _view(story: Story, step: StoryStep, language: str) -> dict[str, object]:
    shows = step.shows
    given = {"part": shows.part, "focus": shows.outcome, "way": shows.way, "year": shows.year or story.year}
    if shows.page == parts.PAGES[0]:
        given["drawn"] = shows.drawn
    alone = {"compared": ()} if shows.page == COMPARE else {}  # options stand there, and no other package
    return {"language": language, "page": shows.page, **alone} | {name: each for name, each in given.items() if each}


def _in_words(
    story: Story,
    step: StoryStep,
    place: int,
    numbers: StoryNumbers,
    writing: Mapping[str, Written],
    language: str,
    plain: bool,
) -> StepInWords:
    written = writing[language]

    def text(given: Bilingual | None) -> str:
        """A text with its numbers, in the language that it is given in."""
        if given is None:
            return ""
        code = given.spoken(language)
        whole = placeholders.filled(given.into(language), lambda name, way: writing[code].text(numbers[name], way))
        return shown(whole, code)

    def shown(whole: str, code: str = language) -> str:
        return whole if plain else typeset(whole, code)

    used = dict.fromkeys(name for _, each in step.texts for name, _ in placeholders.places_in(str(each)))
    question, answer = step.question, None
    choices: tuple[ChoiceInWords, ...] = ()
    if question is not None:
        answer = answer_to(question, story, numbers.runs, numbers)
    if isinstance(question, parts.ChoiceQuestion):
        choices = tuple(ChoiceInWords(name, shown(story.setting_title(name, language))) for name in question.choices)
    return StepInWords(
        step=step,
        place=place,
        title=text(step.title),
        text=text(step.text),
        page=page_state(story, step, language),
        hides=step.hides,
        numbers=MappingProxyType({name: numbers[name] for name in used}),
        question=text(question.text) if question else "",
        choices=choices,
        answer=answer,
        answer_text=shown(answer_text(answer, question, story, numbers, written)) if answer and question else "",
        after=text(step.after),
        notes=text(step.notes),
        remarks=tuple(_remarks(used, numbers, written)),
    )


def _remarks(names: Mapping[str, None], numbers: StoryNumbers, written: Written) -> Iterator[str]:
    for name in names:
        number, share = numbers[name].number, numbers[name].borne_out
        if share is None or not share < parts.CLEAR:  # nor is a single run held against words
            continue
        if number.holds is None:
            chance = written.numbers.chance(numbers[name].value)
            yield say(written.language, "not_open", name=name, share=chance)
        else:
            words = {"direction": say(written.language, number.holds.direction)}
            yield say(written.language, "unlike", name=name, share=written.numbers.chance(share), **words)
