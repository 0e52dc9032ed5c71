"""A question that a presenter puts to a room without a story: a story of one step, made of what is set on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pushpull.analysis.stated_change import MATERIAL
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import at
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.compute.stories.recording import named_setting, recorded
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state.state import State
from pushpull.stories import Story
from pushpull.stories.step_reader import MOST_OPTIONS
from pushpull.stories.story import FALLS, HIGHEST, LOWEST, RISES, TODAY
from pushpull.stories.story_draft import story_of
from pushpull.stories.story_reader import SCHEMA_VERSION

WHY = "why"
OF_A_CHANGE = ("direction", "amount", "count")
OF_SETTINGS = ("rank", "lever")
QUICK = (*OF_A_CHANGE, "line", *OF_SETTINGS, WHY)
SLIDERS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)  # where a slider of relative changes may end
ROOM = 1.2  # between the model's answer and the end of the slider, at least
MOST_LEVERS = 5  # as many as a room reads at a glance, and as run in a moment
HIDES = ["chart", "cards", "words"]
_AFTER = {"line": "line", **dict.fromkeys(OF_SETTINGS, "settings")}


def quick_question(state: State, runs: Runs, kind: str, number: int) -> Story:
    """A question of a kind about the outcome and year that the page looks at; `number` keeps it apart from others in a
    room. A question why begins with the one of a change, where there is a change.

    Raises Refusal where the page does not hold what such a question compares, or its corridor is not shipped.
    """
    taken = recorded(state, {})
    settings, setting = dict(taken.settings), str(taken.step.get("setting", TODAY))
    if kind == WHY:
        kind = "direction" if setting != TODAY else "line"
    if kind in OF_A_CHANGE and setting == TODAY:
        raise Refusal("quick_nothing")
    choices = list(_choices(state, kind, taken.step, settings))
    if kind in OF_SETTINGS and len(choices) < 2:
        raise Refusal(f"quick_{kind}")
    without = named_setting(state, state.scenario.baseline(), None, settings) if state.scenario.policies else TODAY
    used = {name: each for name, each in settings.items() if name in {setting, without, *choices}}
    asked = _asked(state, runs, kind, setting, choices)
    draft = {
        "schema_version": SCHEMA_VERSION,
        "corridor": taken.corridor,
        "year": taken.year,
        "minutes": 1,
        "title": _texts("title"),
        **dict.fromkeys(("audience", "claim"), {code: "-" for code in LANGUAGES}),
        "settings": used,
        "numbers": _numbers(state, setting, without),
        "steps": [
            {
                "title": {code: language(code).title(state.view.focus) for code in LANGUAGES},
                "text": _texts(f"text_{kind}" if choices else "text"),
                "setting": setting,
                "shows": _shows(state, kind),
                "hides": HIDES,
                **({"options": choices[:MOST_OPTIONS]} if choices else {}),
                "question": {"text": _about(state, f"asks_{_wording(state, kind)}"), **asked},
                "after": _about(state, f"after_{_AFTER.get(kind, 'change')}"),
            }
        ],
    }
    return story_of(draft, f"quick-{number}")


def _first(state: State) -> str:
    """The better end of the outcome; the lower one where neither is."""
    return HIGHEST if catalogue().outcomes[state.view.focus].better == "higher" else LOWEST


def _wording(state: State, kind: str) -> str:
    """How a question is worded: some speak of lowering or of raising."""
    return f"{kind}_{_first(state)}" if kind in ("count", *OF_SETTINGS) else kind


def _choices(state: State, kind: str, step: Mapping, settings: dict) -> Iterator[str]:
    """The settings to choose among: those on the page beside each other, or each lever that was moved, alone."""
    if kind == "rank":
        yield from dict.fromkeys((step.get("setting", TODAY), *step.get("options", ())))
    if kind == "lever":
        plain = state.scenario.baseline().with_changes(title=state.base.title)
        for name, schedule in islice(state.scenario.policies.items(), MOST_LEVERS):
            yield named_setting(state, plain.with_changes(policies={name: schedule}), None, settings)


def _numbers(state: State, setting: str, without: str) -> dict:
    of = state.view.focus
    numbers: dict[str, dict] = {
        "value": {"of": of, "in": setting},
        "reference": {"of": of, "in": without},
    }
    if setting == without:
        return numbers
    way = RISES if _first(state) == HIGHEST else FALLS
    return numbers | {
        "change": {"of": of, "in": setting, "than": without, "as": "relative"},
        "better": {"chance_that": "change", "direction": way, "open": True},
    }


def _shows(state: State, kind: str) -> dict:
    if kind in OF_SETTINGS:
        return {"page": "compare", "way": "difference", "outcome": state.view.focus}
    return {"page": "overview", "outcome": state.view.focus, "drawn": "levels" if kind == "line" else "difference"}


def _asked(state: State, runs: Runs, kind: str, setting: str, choices: list[str]) -> dict:
    """What the question says in the form of a story beyond its text."""
    of, margin = state.view.focus, {"margin": MATERIAL}
    match kind:
        case "direction":
            return {"kind": kind, "number": "change", **margin}
        case "amount":
            return {"kind": kind, "number": "change", "low": -1.0, "high": _slider_end(state, runs), **margin}
        case "count":
            return {"kind": kind, "number": "better"}
        case "line":
            return {"kind": kind, "of": of, "in": setting, "until": state.year, **margin}
    return {"kind": kind, "choices": choices, "of": of, "first": _first(state), **margin}


def _slider_end(state: State, runs: Runs) -> float:
    """Where a slider of the change ends, so that the model's answer lies on it."""
    yours, plain = (at(each, each.total(state.view.focus)[0], state.year) for each in (runs.yours, runs.baseline))
    change = ROOM * abs(yours / plain - 1.0) if plain else 0.0
    return next((each for each in SLIDERS if each >= change), SLIDERS[-1])


def _texts(key: str, **values: object) -> dict[str, str]:
    return {code: language(code).say(f"quick.{key}", **values) for code in LANGUAGES}


def _about(state: State, key: str) -> dict[str, str]:
    """A text on the outcome and year, in which the numbers of the story are put later."""
    numbers = {name: f"{{{name}}}" for name in ("value", "reference", "change", "better")}
    return {
        code: language(code).say(
            f"quick.{key}",
            outcome=language(code).title(state.view.focus),
            year=language(code).numbers.year(state.year),
            **numbers,
        )
        for code in LANGUAGES
    }
