"""What stands around a plot: its corridor, what its scenarios are called, and where its numbers are from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pushpull.catalogue import catalogue
from pushpull.engine.language.cards import read_table
from pushpull.engine.runs.result import Result
from pushpull.plotting.plot_words import PlotWords
from pushpull.scenario import Scenario
from pushpull.scenario.library import policy_names, scenario_names, shipped_folder
from pushpull.scenario.series import RecordedSeries
from pushpull.wording.model_texts import text_in
from pushpull.wording.phrases import ENGLISH

HASH_LETTERS = 8
_VERSION = re.compile(r"pushpull ([\w.]+)")


def subtitle_of(scenario: Scenario | None, words: PlotWords) -> str:
    """The corridor of a plot; nothing where it is not known."""
    return words.corridor(scenario.corridor) if scenario is not None else ""


def source_of(
    provenance: Mapping[str, Any],
    words: PlotWords,
    members: int = 1,
    records: Iterable[RecordedSeries] = (),
    runs: int = 0,
    ranges: bool = True,
) -> str:
    """The line below a plot: the model and the scenario by their hashes, of how many members its ranges are or how many
    runs it took, and whose record it shows."""
    parts = []
    if "model_hash" in provenance:
        found = _VERSION.search(str(provenance.get("versions", "")))
        version = found[1] if found else ""
        hashes = [str(provenance[name])[:HASH_LETTERS] for name in ("model_hash", "scenario_hash")]
        parts.append(words.say("made_by", version=version, model=hashes[0], scenario=hashes[1]))
    if members > 1:
        key = "simulations_with_ranges" if ranges else "simulations"
        parts.append(words.say(key, members=words.numbers.number(members, 9)))
    if runs:
        parts.append(words.say("runs", runs=words.numbers.number(runs, 9)))
    if provenance.get("illustrative"):
        parts.append(words.say("illustrative"))
    publishers = publishers_of(records)
    if publishers:
        parts.append(words.say("records_are", publishers="; ".join(publishers)))
    return " ".join(parts)


def publishers_of(records: Iterable[RecordedSeries]) -> list[str]:
    """Who published some series: each citation up to its first comma, which is its author or office."""
    keys = dict.fromkeys(key for each in records for key in each.source.split("+"))
    references = catalogue().references
    cited = (str(references[key]["citation"]) if key in references else key.replace("_", " ") for key in keys)
    return list(dict.fromkeys(each.split(",")[0].strip().rstrip(".") for each in cited))


def short_titles(titles: Sequence[str], words: PlotWords) -> list[str]:
    """What scenarios are called in a legend: without what the first and all after it begin with; the first itself, with
    nothing of its own, is the baseline."""
    first, *others = titles
    shared = f"{first}: "
    if not others or not all(each.startswith(shared) for each in others):
        return [_in_words(each, words) for each in titles]
    return [words.say("baseline"), *(_in_words(each.removeprefix(shared), words) for each in others)]


def own_title(scenario: Scenario | None, words: PlotWords) -> str:
    """What a single scenario is called: its package, or else the model."""
    if scenario is None or not scenario.policies:
        return words.say("model")
    return _in_words(scenario.title.rpartition(": ")[2], words)


def title_in_words(title: str, words: PlotWords) -> str:
    """The title of a scenario, of its corridor and its package, in the language of the plot."""
    return words.say("titles_joined").join(_in_words(each, words) for each in title.split(": "))


def title_of_two(across: str, up: str, moment: float, words: PlotWords) -> str:
    """The title of a plot of two outcomes against each other at a time."""
    first, second = words.title(across), words.title(up)
    return words.say("trade_off", across=first, up=second[:1].lower() + second[1:], year=words.numbers.year(moment))


def axes_of_two(across: str, up: str, words: PlotWords) -> dict[str, Any]:
    """What the axes of such a plot say, and the units in which their numbers are written."""
    units = {name: catalogue().outcomes[name].unit for name in (across, up)}
    said = {name: f"{words.title(name)}, {words.axis_unit(unit)}" for name, unit in units.items()}
    return {"across": said[across], "up": said[up], "unit": units[up], "unit_across": units[across]}


def scenario_of(result: Result) -> Scenario | None:
    """What was run, where it is known."""
    return result.scenario if isinstance(result.scenario, Scenario) else None


def _in_words(title: str, words: PlotWords) -> str:
    """The title of a shipped package or corridor in the language of the plot; any other as it is."""
    if words.code == ENGLISH:
        return title
    block, name = _shipped_titles().get(title, ("", ""))
    return text_in(words.code, block, name, title)


@cache
def _shipped_titles() -> Mapping[str, tuple[str, str]]:
    """Block and id of the shipped packages and scenarios by their English titles."""
    home = shipped_folder()
    files = {"packages": home / "policies", "corridors": home}
    return {
        read_table(folder / f"{name}.yaml")["title"]: (block, name)
        for (block, folder), names in zip(files.items(), (policy_names(), scenario_names()), strict=True)
        for name in names
    }
