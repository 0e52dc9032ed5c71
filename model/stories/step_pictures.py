"""What a step shows where its page holds more than one chart, as a room is to read it: few lines, shares or numbers,
read off the same simulations as the words of the step.

A picture is plain values, with every number written in both languages. What its `kind` holds:

- `lines`: `ticks` of the upright axis, and over `time` the lines, each with a title, a look, `middle` and, where it has
  a range, `low` and `high`; its number of the last year is `said`, with the range of 90 % of simulations;
- `shares`: one of a whole for each route, with what is `said` of it;
- `table`: `heads`, and `rows` of cells, the first cell that of the outcome asked about.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.scenario.library import scenario_names
from pushpull.stories import story as parts
from pushpull.stories.placeholders import AMOUNT
from pushpull.stories.story import LANGUAGES, Story, StoryNumber, StoryReading, StoryStep
from pushpull.stories.story_numbers import StoryNumbers, WorkedOut, Written, unit_of
from pushpull.stories.story_runs import COMPARE, NEAR, STRICTNESS, StoryRuns, is_table, pictured
from pushpull.stories.story_words import say
from pushpull.wording.model_texts import text_in
from pushpull.wording.numbers import is_share
from pushpull.wording.typography import typeset

FIGURES = 5
QUARTERS = 4  # of a year, at which lines have points
MOST_TICKS = 5


class StepPictures:
    """The pictures of a story's steps, from its runs."""

    def __init__(self, story: Story, runs: StoryRuns):
        self.story, self.runs = story, runs
        currency = story.base.corridor.currency
        self._written = {code: Written(code, currency) for code in LANGUAGES}
        self._numbers = {code: written.numbers for code, written in self._written.items()}
        self._of_story = StoryNumbers(story, runs)

    def of(self, step: StoryStep) -> dict | None:
        """The picture of a step; None where it shows one chart, or what no picture is drawn of."""
        names = pictured(self.story, step)
        if not names:
            return None
        year = self.story.year if step.shows.year is None else step.shows.year
        return _set_for_print(self._drawn(step, names, year))

    def _drawn(self, step: StoryStep, names: tuple[str, ...], year: float) -> dict:
        if step.shows.page == COMPARE:
            return self._table(step, names, year) if is_table(step) else self._compared(step, names[0], year)
        return self._shares(step, year) if step.shows.part == "routes" else self._recorded(step, names, year)

    # Kinds --------------------------------------------------------------------------------------------------

    def _compared(self, step: StoryStep, name: str, year: float) -> dict:
        """An outcome in each setting: against today's, in per cent, where that can be said; else as it is."""
        settings, against = list(_compared_settings(step)), self._is_relative(name, year)
        if step.shows.way != "difference" or is_share(catalogue().model.variables[name].unit):
            against = False
        named = [(parts.TODAY, "baseline"), *settings] if not against else settings
        lines = [
            self._line(name, setting, look, {code: self.story.setting_title(setting, code) for code in LANGUAGES},
                       year, against=against)
            for setting, look in named
        ]  # fmt: skip
        return self._lines(name, year, lines, against)

    def _recorded(self, step: StoryStep, names: tuple[str, ...], year: float) -> dict:
        """What is there and what statistics show of it, today and in the setting."""
        lines = []
        for setting, look in dict.fromkeys(((parts.TODAY, "baseline"), (step.setting, "yours"))):
            if look == "yours" and setting == parts.TODAY:
                continue
            for name, word in zip(names, ("actual", "recorded"), strict=True):
                titles = {
                    code: say(code, "named", name=self.story.setting_title(setting, code), value=say(code, word))
                    for code in LANGUAGES
                }
                lines.append(
                    self._line(name, setting, look, titles, year, is_dashed=word == "recorded", has_range=False)
                )
        return self._lines(names[0], year, lines, False)

    def _shares(self, step: StoryStep, year: float) -> dict:
        """The share of crossings that each route takes, and which gateway is the least strict."""
        result, routes = self.runs.result(step.setting), self.story.base.corridor.routes
        at = int(np.abs(result.time - year).argmin())
        shares, strictness = (result.by_route(name)[:, at, :] for name in (parts.SHARES, STRICTNESS))
        weakest = np.bincount(strictness.argmin(axis=1), minlength=len(routes)).argmax()
        is_shipped = self.story.corridor in scenario_names()  # one's own route may bear the id of a shipped one
        rows = []
        for place, route in enumerate(routes.values()):
            share = WorkedOut(StoryNumber(), shares[:, place], "1")
            title = {
                code: text_in(code, "routes", route.id, route.title) if is_shipped else route.title
                for code in LANGUAGES
            }
            note = {code: say(code, "weakest") for code in LANGUAGES} if place == weakest else None
            rows.append(
                {
                    "title": title,
                    "look": f"route-{place % 6}",
                    "share": _rounded(share.value),
                    "note": note,
                    **self._said(share),
                }
            )
        unit = {code: say(code, "in_year", year=numbers.year(year)) for code, numbers in self._numbers.items()}
        return {
            "kind": "shares",
            "title": {code: say(code, "shares") for code in LANGUAGES},
            "unit": unit,
            "rows": rows,
        }

    def _table(self, step: StoryStep, names: tuple[str, ...], year: float) -> dict:
        """Outcomes against today's in each setting, that which is asked about first."""
        rows = []
        for setting, look in _compared_settings(step):
            cells = []
            for name in names:
                worked_out = self._worked_out(name, setting, year, against=True)
                agree = float(max((worked_out.values > 0).mean(), (worked_out.values < 0).mean()))
                cells.append({**self._said(worked_out), "is_clear": agree >= parts.CLEAR})
            title = {code: self.story.setting_title(setting, code) for code in LANGUAGES}
            rows.append({"title": title, "look": look, "cells": cells})
        return {
            "kind": "table",
            "title": self._against(year),
            "heads": [_title(name) for name in names],
            "rows": rows,
        }

    # Parts of them ------------------------------------------------------------------------------------------

    def _lines(self, name: str, year: float, lines: list[dict], against: bool) -> dict:
        unit, ends = (
            "1" if against else unit_of(StoryReading(name)),
            [each for line in lines for each in (*line["middle"], *line.get("low", ()), *line.get("high", ()))],
        )
        ticks = _ticks(min(0.0, *ends), max(0.0, *ends))
        time, _ = self._over_time(name, parts.TODAY, year)
        at_year = {code: say(code, "in_year", year=numbers.year(year)) for code, numbers in self._numbers.items()}
        beside = (
            self._against(year)
            if against
            else {
                code: ", ".join(filter(None, (numbers.unit_beside(unit), at_year[code])))
                for code, numbers in self._numbers.items()
            }
        )
        said = [
            {"at": at, "said": {code: numbers.short(at, unit) for code, numbers in self._numbers.items()}}
            for at in ticks
        ]
        return {
            "kind": "lines",
            "title": _title(name),
            "unit": beside,
            "time": [_rounded(each) for each in time],
            "ticks": said,
            "lines": lines,
        }

    def _line(
        self,
        name: str,
        setting: str,
        look: str,
        title: dict,
        year: float,
        against: bool = False,
        is_dashed: bool = False,
        has_range: bool = True,
    ) -> dict:
        _, values = self._over_time(name, setting, year)
        if against:
            _, today = self._over_time(name, parts.TODAY, year)
            values = (values - today) / np.abs(today)
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
        ends = (
            {}
            if not has_range or look == "baseline"
            else {"low": list(map(_rounded, low)), "high": list(map(_rounded, high))}
        )
        said = self._said(self._worked_out(name, setting, year, against))
        return {
            "title": title,
            "look": look,
            "is_dashed": is_dashed,
            "middle": list(map(_rounded, middle)),
            **ends,
            **said,
        }

    def _over_time(self, name: str, setting: str, year: float) -> tuple[np.ndarray, np.ndarray]:
        time, values = self.runs.line(StoryReading(name), setting, year)
        shown = np.abs(QUARTERS * time - np.round(QUARTERS * time)) < NEAR
        shown[[0, -1]] = True
        return time[shown], values[:, shown]

    def _worked_out(self, name: str, setting: str, year: float, against: bool) -> WorkedOut:
        reading = StoryReading(name, at=year)
        number = StoryNumber(
            parts.RELATIVE if against else parts.LEVEL, reading, setting, parts.TODAY if against else ""
        )
        return self._of_story.work_out(number)

    def _is_relative(self, name: str, year: float) -> bool:
        """Whether today's values lie above zero all along, so that one can say by how many per cent others differ."""
        return bool((self._over_time(name, parts.TODAY, year)[1] > 0).all())

    def _said(self, worked_out: WorkedOut) -> dict:
        """A number as it stands in a text, and the range of its simulations."""
        ends = (worked_out.low, worked_out.high)
        said = {code: written.text(worked_out, AMOUNT) for code, written in self._written.items()}
        spans = {
            code: say(code, "span", low=low, high=high)
            for code, written in self._written.items()
            for low, high in [[written.text(worked_out, AMOUNT, value=each) for each in ends]]
        }
        return {"said": said, "range": spans}

    def _against(self, year: float) -> dict[str, str]:
        return {code: say(code, "against_today", year=numbers.year(year)) for code, numbers in self._numbers.items()}


def _compared_settings(step: StoryStep) -> Iterator[tuple[str, str]]:
    """The settings that a step holds side by side, each with the name of its colour on the page."""
    for place, option in enumerate(step.options):
        if option != parts.TODAY:
            yield option, f"scenario-{place % 8}"
    if step.setting != parts.TODAY and step.setting not in step.options:
        yield step.setting, "yours"


def _set_for_print(part: Mapping) -> dict:
    """The same values with the signs that print has, in every text of each language."""
    held: dict = {}
    for name, each in part.items():
        if name in LANGUAGES:
            held[name] = typeset(each, name)
        elif isinstance(each, list):
            held[name] = [_set_for_print(one) if isinstance(one, dict) else one for one in each]
        else:
            held[name] = _set_for_print(each) if isinstance(each, dict) else each
    return held


def _title(name: str) -> dict[str, str]:
    return {code: text_in(code, "titles", name, catalogue().outcomes[name].title) for code in LANGUAGES}


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from below the lowest to above the highest value."""
    width = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(width / MOST_TICKS))
    step = next(each * power for each in (1, 2, 5, 10, 20) if width / (each * power) <= MOST_TICKS - 1)
    first, last = math.floor(low / step + NEAR), math.ceil(high / step - NEAR)
    return [float(f"{place * step:.{FIGURES}g}") for place in range(first, last + 1)]


def _rounded(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")
