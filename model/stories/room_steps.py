"""A story as a room is told it: plain values in both languages, every number worked out; those of the shipped stories
are stored with the version, so that a page begins one at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from pushpull.stories.question_slips import reveal_of, slip_of
from pushpull.stories.step_pictures import StepPictures
from pushpull.stories.stored_answers import digest_of
from pushpull.stories.story import LANGUAGES, Story
from pushpull.stories.story_reader import story_folder
from pushpull.stories.story_runs import MEMBERS, SEED, StoryRuns
from pushpull.stories.story_writing import mapping_of
from pushpull.stories.telling import StepInWords, tell

FOLDER = "told"
TEXTS = ("title", "text", "question", "after", "notes")


def room_steps(story: Story, runs: StoryRuns) -> Iterator[dict]:
    """Each step with its texts in both languages, what is hidden, the slip of its question and what is revealed; raises
    what `tell` raises."""
    for each in zip(*(tell(story, runs, code) for code in LANGUAGES), strict=True):
        steps = dict(zip(LANGUAGES, each, strict=True))
        yield room_step(story, steps, runs)


def room_step(story: Story, steps: Mapping[str, StepInWords], runs: StoryRuns) -> dict:
    """One step, from its words in each language."""
    first = steps[LANGUAGES[0]]
    given = [name for name in TEXTS if getattr(first, name)]
    texts = {name: {code: getattr(each, name) for code, each in steps.items()} for name in given}
    slip, reveal = slip_of(story, steps, runs), reveal_of(story, steps)
    asked = {} if slip is None else {"slip": slip, "reveal": reveal}
    picture = StepPictures(story, runs).of(first.step)
    drawn = {} if picture is None else {"picture": picture}
    return {"place": first.place, **texts, "hides": list(first.hides), **asked, **drawn}


def stored_room_steps(story: Story) -> tuple[dict, ...] | None:
    """The steps of a story as they are stored; None where it is not shipped, or is another today."""
    try:
        content = json.loads((story_folder() / FOLDER / f"{story.id}.json").read_text(encoding="utf-8"))
        is_of_today = content["digest"] == digest_of_room_steps(story, MEMBERS, SEED)
        return tuple(content["steps"]) if is_of_today else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest_of_room_steps(story: Story, members: int, seed: int) -> str:
    """SHA-256 of all that a told story depends on: its words too."""
    content = (digest_of(story), json.dumps(mapping_of(story), sort_keys=True, default=str), members, seed)
    return hashlib.sha256(repr(content).encode()).hexdigest()
