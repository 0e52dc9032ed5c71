"""What messages do with stories: tell which there are, and one step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from pushpull.dashboard.compute import stories
from pushpull.dashboard.compute.stories.quick_question import QUICK, quick_question
from pushpull.dashboard.session.effects import Host, effect, named_file
from pushpull.dashboard.session.stories.told_steps import tell_each
from pushpull.dashboard.state import uploads
from pushpull.dashboard.state.messages import entries, one_of, says, text, whole
from pushpull.stories import Story, story_from_text

WORK = "story"


@effect(says(stories=True), at_once=True)
def list_stories(host: Host) -> None:
    """Tell which stories are shipped."""
    tell_each(host, WORK, lambda stop: iter([{"stories": stories.heads()}]))


@effect(entries(story=text), at_once=True)
def play_story(host: Host, name: str) -> None:
    """Tell a shipped story."""
    _play(host, lambda: stories.shipped_story(name))


@effect(entries(story_file=named_file), at_once=True)
def play_file(host: Host, file: tuple[str, str]) -> None:
    """Tell a story of a file that the browser has read."""
    name, content = file

    def read() -> Story:
        uploads.check_file(content, name)
        return story_from_text(content, name)

    _play(host, read)


@effect(entries(quick=one_of(lambda: QUICK), number=whole))
def ask_room(host: Host, kind: str, number: int) -> None:
    """Tell a question about what the page shows as a story of one step."""
    state, runs = host.state, host.computation.runs
    _play(host, lambda: quick_question(state, runs, kind, number))


def _play(host: Host, read: Callable[[], Story]) -> None:
    def steps(stop: threading.Event) -> Iterator[dict]:
        story = read()
        yield {"story": stories.opened(story)}
        for step in stories.steps_of(story, stop):
            yield {"step": step, "of": story.id}

    tell_each(host, WORK, steps)
