"""Stories as a page plays them: which there are, how each step opens on the page, and what each says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import View, changed
from pushpull.stories import PageState, Story, StoryRuns, read_story, story_names, tell
from pushpull.stories.room_steps import room_step, room_steps, stored_room_steps
from pushpull.stories.telling import page_state


@cache
def shipped_story(name: str) -> Story:
    """A shipped story by its id; raises Refusal where there is none."""
    if name not in story_names():
        raise Refusal("story", name=name[:60])
    return read_story(name)


def heads() -> list[dict]:
    """The shipped stories: what a presenter chooses by."""
    return [_head(shipped_story(name)) for name in story_names()]


def opened(story: Story) -> dict:
    """A story as it begins: its head, and for each step the link that opens it, what is shown and what is hidden."""
    steps = [
        {
            "links": {code: link_of(page_state(story, step, code)) for code in LANGUAGES},
            "page": step.shows.page,
            "outcome": _title(step.shows.outcome) if step.shows.outcome else None,
            "setting": {code: story.setting_title(step.setting, code) for code in LANGUAGES},
        }
        for step in story.steps
    ]
    return _head(story) | {"steps": steps}


def steps_of(story: Story, stop: threading.Event) -> Iterator[dict]:
    """Each step with all that is said; at once where it is stored with the version, else as it is worked out.

    Raises RunBroke, and Stopped where nobody waits any more.
    """
    stored = stored_room_steps(story)
    yield from room_steps(story, StoryRuns(story, stop=stop)) if stored is None else stored


def steps_with_clarity(story: Story, stop: threading.Event) -> Iterator[tuple[dict, dict]]:
    """Each step of a story as it is worked out, with how clear the model is about it: the share of simulations that
    give the answer to its question (None without one), and where its words do not hold, in each language.

    Raises what `steps_of` raises.
    """
    runs = StoryRuns(story, stop=stop)
    for each in zip(*(tell(story, runs, code) for code in LANGUAGES), strict=True):
        steps = dict(zip(LANGUAGES, each, strict=True))
        first = steps[LANGUAGES[0]]
        clarity = {
            "place": first.place,
            "clear": None if first.answer is None else float(first.answer.clear),
            "remarks": {code: list(step.remarks) for code, step in steps.items()},
        }
        yield room_step(story, steps, runs), clarity


def link_of(page: PageState) -> str:
    """The link that opens the page as a step shows it."""
    view = changed(View(), page.view, page.scenario)
    return State(page.corridor, page.scenario, page.package, view, page.options).link


def _title(outcome: str) -> dict[str, str]:
    return {code: language(code).title(outcome) for code in LANGUAGES}


def _head(story: Story) -> dict:
    return {
        "id": story.id,
        "title": story.title.to_mapping(),
        "claim": story.claim.to_mapping(),
        "audience": story.audience.to_mapping(),
        "minutes": story.minutes,
        "corridor": {
            code: language(code).of("corridors", story.corridor, story.base.corridor.title) for code in LANGUAGES
        },
        "illustrative": story.base.corridor.illustrative,
        "questions": sum(step.question is not None for step in story.steps),
    }
