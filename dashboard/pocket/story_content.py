"""Stories as the pocket page plays them: all that is said of each shipped one about a corridor of the page."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from pushpull.dashboard.compute import stories
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.view_model import page
from pushpull.stories import story_names

WORDS = ("stage", "ask", "player", "quick", "found")
NOT_THERE = ("room", "second", "teams", "quick", "why")  # acts of the presenter's view that need a server


def stories_content(corridors: Iterable[str]) -> list[dict]:
    """The shipped stories about these corridors: `head`, as one is chosen, `story`, as it begins, and its `steps`.

    Raises what `steps_of` raises.
    """
    shipped = (stories.shipped_story(name) for name in story_names())
    of_these, heads = set(corridors), {head["id"]: head for head in stories.heads()}
    return [
        {
            "head": heads[story.id],
            "story": stories.opened(story),
            "steps": list(stories.steps_of(story, threading.Event())),
        }
        for story in shipped
        if story.corridor in of_these
    ]


def stage_words(language: Language, members: int) -> dict:
    """The words of the presenter's view and of stories, without those of what is not there; charts have at most so many
    simulations."""
    words = page.words(language)
    taken = {name: words[name] for name in WORDS} | {"code": language.code}
    stage, player = dict(taken["stage"]), dict(taken["player"])
    for key in ("keys", "buttons"):
        stage[key] = {act: said for act, said in stage[key].items() if act not in NOT_THERE}
    player["simulations"] = language.say("player.simulations", most=members)
    del player["file"]
    return taken | {"stage": stage, "player": player}
