"""How clear the model was about every question and word of the shipped stories, as it is stored with the version.

Each story bears the digest of all that moves it: equations, numbers of cards and of its corridor, settings, numbers and
questions. One whose digest is another today is out of date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pushpull.evidence.stored_scores import digest_of_corridor, digest_of_model
from pushpull.files.atomic import reason
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.stories.story import CLEAR, Story
from pushpull.stories.story_reader import story_folder
from pushpull.stories.telling import StepInWords

FILE = "answers.json"


@dataclass(frozen=True)
class StoredAnswers:
    """What was stored: when, with how many simulations and which seed; by the id of each story its digest, and by the
    place of each question and the name of each number that words vouch for the share of simulations that agree."""

    made: str
    members: int
    seed: int
    stories: Mapping[str, Mapping]

    def is_of_today(self, story: Story) -> bool:
        """Whether what is stored is of today's model, corridor and story."""
        return self.stories.get(story.id, {}).get("digest") == digest_of(story)

    def unclear(self, story: str) -> dict[str, float]:
        """The questions and numbers of a story on which fewer than nine simulations of ten agreed."""
        return {name: share for name, share in self.stories[story]["clear"].items() if not share >= CLEAR}


def digest_of(story: Story) -> str:
    """SHA-256 of all that moves a number of a story; its words move none."""
    scenarios = [story.base, *(story.settings[name].scenario for name in sorted(story.settings))]
    moved = [
        {word: each for word, each in scenario.to_mapping().items() if word not in ("title", "question")}
        for scenario in scenarios
    ]
    asked = [_without_words(step.question) for step in story.steps]
    numbers = sorted((name, repr(each)) for name, each in story.numbers.items())
    content = (digest_of_model(), digest_of_corridor(story.base.corridor), sorted(story.settings), numbers, asked)
    return hashlib.sha256((repr(content) + json.dumps(moved, sort_keys=True, default=str)).encode()).hexdigest()


def _without_words(question: object) -> str:
    if question is None:
        return ""
    return repr(sorted((name, repr(each)) for name, each in vars(question).items() if name != "text"))


def clarity(steps: Iterable[StepInWords]) -> dict[str, float]:
    """The share of simulations that agree: on the answer to each question (`step 3`), and with what words say of each
    number (its name)."""
    shares: dict[str, float] = {}
    for step in steps:
        if step.answer is not None:
            shares[f"step {step.place}"] = step.answer.clear
        for name, number in step.numbers.items():
            if number.borne_out is not None:
                shares[name] = number.borne_out
    return shares


def stored_answers() -> StoredAnswers:
    """What is stored with the version; raises ScenarioFaults where it cannot be read."""
    path = story_folder() / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return StoredAnswers(**{word: content[word] for word in ("made", "members", "seed", "stories")})
    except OSError as fault:
        raise _unreadable(f"the file cannot be read: {reason(fault)}") from fault
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise _unreadable("this holds no answers") from fault


def _unreadable(why: str) -> ScenarioFaults:
    return ScenarioFaults([Fault(f"stories/{FILE}", None, why, remedy="`pushpull story --store` writes it anew")])
