"""What is stored of the shipped stories: how clear the model is about them, and each as a room is told it."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path

from pushpull.ensemble import Progress
from pushpull.files.atomic import write_whole
from pushpull.stories.room_steps import FOLDER, digest_of_room_steps, room_steps
from pushpull.stories.stored_answers import FILE, clarity, digest_of
from pushpull.stories.story_reader import read_story, story_folder, story_names
from pushpull.stories.story_runs import MEMBERS, SEED, StoryRuns
from pushpull.stories.telling import tell

DIGITS = 4


def store(progress: Progress | None = None) -> Path:
    """Run every shipped story and store what comes of it; raises NotWritten."""
    stories, names = {}, story_names()
    for place, name in enumerate(names):

        def report(done: int, whole: int, place: int = place) -> None:
            if progress is not None:
                progress(place * whole + done, len(names) * whole)

        story = read_story(name)
        runs = StoryRuns(story, MEMBERS, SEED, report)
        shares = clarity(tell(story, runs))
        stories[name] = {
            "digest": digest_of(story),
            "clear": {key: None if math.isnan(share) else round(share, DIGITS) for key, share in shares.items()},
        }
        content = {"digest": digest_of_room_steps(story, MEMBERS, SEED), "steps": list(room_steps(story, runs))}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_whole(story_folder() / FOLDER / f"{name}.json", text)
    made = datetime.date.today().isoformat()
    answers = {"made": made, "members": MEMBERS, "seed": SEED, "stories": stories}
    return write_whole(story_folder() / FILE, json.dumps(answers, indent=1) + "\n")
