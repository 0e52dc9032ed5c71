"""Stories for a room: steps that a presenter goes through, whose every number is computed from runs.

read_story(id or file)     story_reader.py     YAML -> Story (story.py), with every fault at its line
StoryRuns(story)           story_runs.py       the simulations of each setting, run when they are asked for
tell(story, runs, "fr")    telling.py          each step in a language, with the page state that shows it
  StoryNumbers             story_numbers.py    numbers, and how they stand in a sentence (placeholders.py)
  answer_to                answers.py          answers to the questions, and how clear the model is about them
story_of(draft, name)      story_draft.py     plain values -> Story, every fault with the entry that it is of
room_steps               room_steps.py       plain values for a room, with slips of questions (question_slips.py)
store, stored_answers    storing.py, stored_answers.py   what came of it when the version was made
"""

from pushpull.stories.answers import Answer
from pushpull.stories.story import Story, StoryStep
from pushpull.stories.story_reader import read_story, story_from_text, story_names
from pushpull.stories.story_runs import StoryRuns
from pushpull.stories.telling import PageState, StepInWords, tell
from pushpull.wording.bilingual import Bilingual

__all__ = [
    "Answer",
    "Bilingual",
    "PageState",
    "Story",
    "StoryRuns",
    "StoryStep",
    "StepInWords",
    "read_story",
    "story_from_text",
    "story_names",
    "tell",
]
