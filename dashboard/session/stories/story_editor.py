"""What messages do with a story that is written in the page: check it, take a step from the page, show and play it, and
make it a file and back. The browser keeps the draft; each message brings it along, as JSON."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping

from pushpull.dashboard.compute import indicators, stories
from pushpull.dashboard.compute.stories import recording
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.limits import LARGEST_UPLOAD
from pushpull.dashboard.session import complaints
from pushpull.dashboard.session.effects import Host, effect, named_file
from pushpull.dashboard.session.stories.playing import WORK
from pushpull.dashboard.state import uploads
from pushpull.dashboard.state.messages import entries, one_of, text, whole
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.dashboard.storage import file_names
from pushpull.files.faults import ScenarioFaults
from pushpull.files.tree import decode, parse
from pushpull.scenario.file_kinds import STORY, misplaced
from pushpull.stories import Story
from pushpull.stories.story import LANGUAGES
from pushpull.stories.story_draft import DraftFaults, draft_from_text, story_of
from pushpull.stories.story_reader import SCHEMA_VERSION
from pushpull.stories.story_writing import text_of
from pushpull.wording.phrases import Phrase

ID = 8  # letters of the digest in the id of a draft, so that a room keeps answers to another one apart
FIGURES = 4

Answers = Iterator[Mapping]
Work = Callable[[dict, threading.Event], Answers]  # on a draft, until it is told to stop


@effect(entries(draft=text, wants=one_of(lambda: WANTS), number=whole))
def edit_story(host: Host, draft: str, wants: str, number: int) -> None:
    """Do what is wanted with the draft of a story; `number` is that of the step, or of the check."""
    if len(draft.encode("utf-8", "replace")) > LARGEST_UPLOAD:
        return host.screen.shell.send({"draft_fault": [host.language.say("story_editor.too_large")]})
    answer = WANTS[wants](host, number)
    _begin(host, WORK if wants == "play" else f"draft_{wants}", lambda stop: answer(draft_from_text(draft), stop))


@effect(entries(draft_file=named_file))
def open_draft(host: Host, file: tuple[str, str]) -> None:
    """Open a story of a file in the editor, whatever is wrong with its parts."""
    name, content = file

    def steps(stop: threading.Event) -> Answers:
        uploads.check_file(content, name)
        node, _ = parse(decode(content.encode("utf-8", "surrogatepass"), name), name)
        apart = misplaced(node, name, STORY, Phrase("a file with settings, numbers and steps"))
        if apart is not None:
            raise ScenarioFaults([apart])
        yield {"draft_opened": draft_from_text(json.dumps(node.to_python(), default=str))}

    _begin(host, "draft_open", steps)


def _begin(host: Host, kind: str, steps: Callable[[threading.Event], Answers]) -> None:
    """Answer the browser, beside the page; what goes wrong is told in the editor."""

    def take(answer: Mapping) -> None:
        if "save" in answer:
            host.send(dict(answer))
        else:
            host.screen.shell.send(dict(answer))

    def fail(fault: Exception) -> None:
        if isinstance(fault, DraftFaults):
            told = [host.language.say("story_editor.mend_first")]
        else:
            notice = complaints.of_change(fault, host.language)
            told = [notice.summary, *notice.lines, *notice.quoted]
        host.screen.shell.send({"draft_fault": told})

    if host.background is not None:
        host.background.start(kind, steps, take, fail)
        return
    try:
        for answer in steps(threading.Event()):
            take(answer)
    except (DraftFaults, ScenarioFaults, Refusal) as fault:
        fail(fault)


# What is wanted of a draft ---------------------------------------------------------------------------------------


def _checked(host: Host, number: int) -> Work:
    words, about = host.language, _about_today(host)

    def answer(draft: dict, stop: threading.Event) -> Answers:
        faults, in_one_language = _faults(draft, words)
        yield {"draft_checked": {"number": number, "faults": faults, "in_one_language": in_one_language, **about}}

    return answer


def _faults(draft: dict, words: Language) -> tuple[list[dict], int]:
    """Every fault of a draft with its entry, and how many of its texts stand in one language alone."""
    try:
        return [], story_of(draft, "draft").in_one_language
    except DraftFaults as found:
        missing = words.say("story_editor.missing")
        return [
            {"place": list(each.place), "missing": each.is_missing,
             "text": missing if each.is_missing else each.fault.told(words.code)}
            for each in found.faults
        ], 0  # fmt: skip


def _about_today(host: Host) -> dict:
    """The corridor of the page, and what its outcomes come to today, for sliders and margins to begin with."""
    state, runs = host.state, host.computation.runs
    levels = {
        name: indicators.at(runs.baseline, runs.baseline.total(name)[0], state.year) for name in outcomes_for_cards()
    }
    rounded = {name: float(f"{level:.{FIGURES}g}") for name, level in levels.items()}
    years = [state.base.policy_start, state.base.end]
    return {"corridor": state.opened, "years": years, "levels": rounded}


def _taken(host: Host, number: int) -> Work:
    state, words = host.state, host.language

    def answer(draft: dict, stop: threading.Event) -> Answers:
        made = recording.recorded(state, draft)
        left_out = [words.say(f"story_editor.left_out.{name}") for name in made.left_out]
        taken = {"step": made.step, "settings": made.settings, "corridor": made.corridor, "year": made.year}
        yield {"draft_recorded": taken | {"number": number, "left_out": left_out}}

    return answer


def _shown(host: Host, number: int) -> Work:
    code = host.language.code

    def answer(draft: dict, stop: threading.Event) -> Answers:
        story = story_of(_bare(draft, number), "draft")
        yield {"draft_link": stories.opened(story)["steps"][0]["links"][code]}

    return answer


def _bare(draft: dict, number: int) -> dict:
    """A story of one step of a draft without its words, which need not be whole for the step to be shown."""
    steps, settings = draft.get("steps"), draft.get("settings")
    step = steps[number] if isinstance(steps, list) and 0 <= number < len(steps) else {}
    kept = {word: step[word] for word in ("setting", "options", "shows") if isinstance(step, dict) and word in step}
    options = kept.get("options")
    named = [kept.get("setting"), *(options if isinstance(options, list) else [])]
    text = {code: "-" for code in LANGUAGES}
    return {
        "schema_version": SCHEMA_VERSION,
        **{word: draft[word] for word in ("corridor", "year") if word in draft},
        "minutes": 1,
        **dict.fromkeys(("title", "audience", "claim"), text),
        "settings": {name: each for name, each in settings.items() if name in named}
        if isinstance(settings, dict)
        else {},
        "numbers": {},
        "steps": [{"title": text, "text": text, **kept}],
    }


def _played(host: Host, number: int) -> Work:
    def answer(draft: dict, stop: threading.Event) -> Answers:
        story = _story(draft)
        yield {"story": stories.opened(story)}
        for step, clarity in stories.steps_with_clarity(story, stop):
            yield {"step": step, "of": story.id, "clarity": clarity}

    return answer


def _story(draft: dict) -> Story:
    digest = hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()
    return story_of(draft, f"draft-{digest[:ID]}")


def _saved(host: Host, number: int) -> Work:
    words = host.language

    def answer(draft: dict, stop: threading.Event) -> Answers:
        title = draft.get("title")
        given = [title[code] for code in (words.code, *LANGUAGES) if title.get(code)] if isinstance(title, dict) else []
        name = file_names.safe(f"{[*given, words.say('story_editor.file')][0]}.yaml")
        yield {"save": {"name": name, "text": text_of(draft), "type": "application/yaml"}}

    return answer


WANTS: dict[str, Callable[[Host, int], Work]] = {
    "check": _checked,
    "step": _taken,
    "show": _shown,
    "play": _played,
    "save": _saved,
}
