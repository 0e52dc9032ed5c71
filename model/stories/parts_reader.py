"""What the parts of a story file share: texts, settings and numbers, read with every fault at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.evidence.measure_language import MeasureFault, names_in
from pushpull.files.faults import Fault, ScenarioFaults, listed, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node
from pushpull.scenario import Scenario
from pushpull.scenario.library import policy_names
from pushpull.stories import placeholders
from pushpull.stories import story as parts
from pushpull.stories.story import Holds, StoryNumber, StoryReading, StorySetting
from pushpull.wording.bilingual import Bilingual

BLOCKS = ("policies", "context")
SETTING_KEYS = ("title", "packages", *BLOCKS)
READING_KEYS = ("of", "route", "at", "over", "how")
NUMBER_KEYS = (*READING_KEYS, "in", "than", "is", "chance_that", "direction", "beyond", "open", "as", "holds")
HOW = ("mean", "sum", "max", "min", "change")
LARGEST = 1e15
LONGEST_TITLE, LONGEST_TEXT = 200, 3000
MOST_SETTINGS = 24


@dataclass
class Known:
    """What the rest of a file may name, as far as it has been read, with the lines of numbers."""

    base: Scenario | None = None
    settings: dict[str, StorySetting] = field(default_factory=dict)
    setting_names: tuple[str, ...] = ()
    number_names: tuple[str, ...] = ()
    numbers: dict[str, StoryNumber] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)

    @property
    def all_settings(self) -> tuple[str, ...]:
        return (parts.TODAY, *self.setting_names)


class PartsReader(Reader):
    """Reads the parts of one story file."""

    def __init__(self, file: str, faults: list[Fault], folder: Path | None):
        super().__init__(file, faults)
        self.folder = folder
        self.known = Known()

    def moment(self, node: Node, what: str) -> float | None:
        """A year that the runs reach, from the policy start on."""
        year, base = self.year(node, what), self.known.base
        if year is not None and base is not None and not base.policy_start <= year <= base.end:
            self.fault(node.line, f"{what} is {year:g}", f"a year from {base.policy_start:g} to {base.end:g}")
            return None
        return year

    def bilingual(self, node: Node, what: str, longest: int = LONGEST_TEXT, numbers: bool = True) -> Bilingual | None:
        """A text in both languages, with places for the same numbers."""
        entries = self.mapping(node, what, parts.LANGUAGES, parts.LANGUAGES)
        texts = {code: self.text(entries[code], f"{what} ({code})", longest) for code in entries}
        for code, text in texts.items():
            if text is not None:
                self.check_text(text, entries[code], f"{what} ({code})", numbers)
        en, fr = texts.get("en"), texts.get("fr")
        if en is None or fr is None:
            return None
        used = [{name for name, _ in placeholders.places_in(text)} for text in (en, fr)]
        if used[0] != used[1]:
            only = listed(sorted(used[0] ^ used[1]))
            self.fault(entries["fr"].line, f"{what} has numbers in one language alone: {only}", "the same in both")
        return Bilingual(_folded(en), _folded(fr))

    def title(self, entries: Mapping[str, Node], what: str) -> Bilingual | None:
        """The title of something, without numbers."""
        if "title" not in entries:
            return None
        return self.bilingual(entries["title"], f"title of {what}", LONGEST_TITLE, False)

    def check_text(self, text: str, node: Node, what: str, numbers: bool) -> None:
        """Faults of a text: a number written out, a place for what is no number, a direction nobody vouches for."""
        if placeholders.stray_brace(text):
            self.fault(node.line, f"a brace stands alone in {what}", "{name} for a number")
        for digits in placeholders.written_numbers(text):
            remedy = "name it under numbers and write {name}"
            self.fault(
                node.line, f"{what} holds the number {digits}", "years; other numbers are computed", remedy=remedy
            )
        for name, way in placeholders.places_in(text):
            if not numbers:
                self.fault(node.line, f"{what} holds the number {quote(name)}", "a text without numbers")
            elif name not in self.known.number_names:
                allowed = listed(self.known.number_names, f"one of the {len(self.known.number_names)} numbers")
                guess = self.guess(name, self.known.number_names)
                self.fault(node.line, f"{what} names no number: {quote(name)}", allowed, guess)
            elif way not in (placeholders.WHOLE, *placeholders.WAYS_TO_WRITE):
                self.fault(
                    node.line, f"{what} writes {name} as {quote(way)}", listed(placeholders.WAYS_TO_WRITE),
                    self.guess(way, placeholders.WAYS_TO_WRITE),
                )  # fmt: skip
            elif way == placeholders.SIZE and name in self.known.numbers and self.known.numbers[name].holds is None:
                remedy = f"say under numbers what holds of {name}"
                self.fault(node.line, f"{what} writes {name} without its sign", "a number with holds", remedy=remedy)

    # Settings --------------------------------------------------------------------------------------------------

    def names_of_entries(self, node: Node | None) -> tuple[str, ...]:
        return tuple(key for key in node.value if isinstance(key, str)) if node is not None and node.is_mapping else ()

    def named(self, node: Node | None, what: str, read: Callable) -> dict:
        """A mapping of names and what `read` makes of each, without those at fault."""
        if node is None or not self.is_mapping(node, what, "a mapping of names"):
            return {}
        if what == "settings" and len(node.value) > MOST_SETTINGS:
            self.fault(node.line, f"there are {len(node.value)} settings", f"at most {MOST_SETTINGS}")
            return {}
        found = {}
        for key, child in node.value.items():
            if not isinstance(key, str) or not key.isidentifier() or key == parts.TODAY:
                self.fault(node.line_of(key), f"{quote(key)} is no name of {what}", "letters, digits and _, not today")
                continue
            made = read(child, key)
            if made is not None:
                found[key] = made
        return found

    def setting(self, node: Node, name: str) -> StorySetting | None:
        """A setting, and the scenario that it makes of the corridor."""
        what = f"the setting {name}"
        entries = self.mapping(node, what, SETTING_KEYS, ("title",))
        title = self.title(entries, what)
        if len(entries) < 2:
            self.fault(node.line, f"{what} sets nothing", listed(SETTING_KEYS[1:]))
        packages: tuple[str, ...] = ()
        if "packages" in entries:
            packages = self.names(entries["packages"], f"packages of {what}", policy_names())
        scenario = self.known.base
        if scenario is None or title is None:
            return None
        blocks: dict[str, Node] = {word: entries[word] for word in BLOCKS if word in entries}
        try:
            for package in packages:
                scenario = scenario.with_policy(package)
            scenario = scenario.with_entries(blocks, self.file).with_changes(title=title.en)
        except ScenarioFaults as faulty:
            self.faults += faulty.faults
            return None
        plain = {word: each.to_python() for word, each in blocks.items()}
        return StorySetting(title, packages, plain.get("policies", {}), plain.get("context", {}), scenario)

    # Numbers ---------------------------------------------------------------------------------------------------

    def reading(self, entries: Mapping[str, Node], what: str) -> StoryReading | None:
        """What is read off a run."""
        many = "an outcome or variable, such as those of `pushpull list outcomes`"
        variables = catalogue().model.variables
        variable = self.choice(entries["of"], f"of in {what}", variables, many)
        route = ""
        if "route" in entries and self.known.base is not None:
            route = self.choice(entries["route"], f"route of {what}", self.known.base.routes) or ""
            if variable is not None and "route" not in catalogue().model.over(variable):
                self.fault(entries["route"].line, f"{variable} is the same on all routes", "no route")
        at = self.moment(entries["at"], f"at of {what}") if "at" in entries else None
        over = None
        if "over" in entries:
            items = self.items(entries["over"], f"over of {what}", "two years")
            years = [year for year in (self.moment(each, f"over of {what}") for each in items) if year is not None]
            if len(years) == 2 and years[0] < years[1]:
                over = (years[0], years[1])
            elif len(years) == len(items):
                self.fault(entries["over"].line, f"over of {what} is no stretch of years", "two years, in order")
            if at is not None:
                self.fault(entries["over"].line, f"{what} has at and over", "one of the two")
        how = self.choice(entries["how"], f"how of {what}", HOW) if "how" in entries else "mean"
        if "how" in entries and "over" not in entries:
            self.fault(entries["how"].line, f"how of {what} needs years", "over: [year, year]")
        return None if variable is None else StoryReading(variable, route, at, over, how or "mean")

    def story_number(self, node: Node, name: str) -> StoryNumber | None:
        """A number that is read off runs, worked out from others, or a share of simulations."""
        what = f"the number {name}"
        entries = self.mapping(node, what, NUMBER_KEYS)
        self.known.lines[name] = node.line
        kinds = [word for word in ("of", "is", "chance_that") if word in entries]
        if len(kinds) != 1:
            if node.is_mapping:
                self.fault(node.line, f"{what} has {listed(kinds) or 'none'} of of, is, chance_that", "one of them")
            return None
        holds = self.holds(entries["holds"], what) if "holds" in entries else None
        if kinds == ["of"]:
            self._only(entries, (*READING_KEYS, "in", "than", "as", "holds"), what)
            return self._read_off(entries, holds, what)
        if kinds == ["is"]:
            self._only(entries, ("is", "as", "holds"), what)
            return self._worked_out(entries, holds, name)
        self._only(entries, ("chance_that", "direction", "beyond", "open"), what)
        of = self.choice(entries["chance_that"], f"chance_that of {what}", self.known.number_names)
        direction = parts.RISES
        if "direction" in entries:
            direction = self.choice(entries["direction"], f"direction of {what}", parts.DIRECTIONS) or direction
        else:
            self.fault(node.line, f"{what} lacks {quote('direction')}", listed(parts.DIRECTIONS))
        beyond = self.between(entries["beyond"], f"beyond of {what}", 0.0, LARGEST) if "beyond" in entries else 0.0
        is_open = self.truth(entries["open"], f"open of {what}") if "open" in entries else False
        if of is None:
            return None
        moved = StoryNumber(parts.CHANCE, chance_that=of, direction=direction, beyond=beyond or 0.0)
        return replace(moved, is_open=bool(is_open))

    def _read_off(self, entries: Mapping[str, Node], holds: Holds | None, what: str) -> StoryNumber | None:
        names = self.known.all_settings
        within = self.choice(entries["in"], f"in of {what}", names) if "in" in entries else parts.TODAY
        than = self.choice(entries["than"], f"than of {what}", names) or "" if "than" in entries else ""
        forms = parts.FORMS[1:] if than else parts.FORMS[:1]
        form = self.choice(entries["as"], f"as of {what}", forms) if "as" in entries else forms[0]
        if holds is not None and form in (parts.LEVEL, parts.RATIO):
            self.fault(entries["holds"].line, f"{what} is a {form}, which neither rises nor falls", "no holds")
        reading = self.reading(entries, what)
        if reading is None or within is None or form is None:
            return None
        return StoryNumber(form, reading, within, than, holds=holds)

    def _worked_out(self, entries: Mapping[str, Node], holds: Holds | None, name: str) -> StoryNumber | None:
        what = f"the number {name}"
        measure = self.text(entries["is"], f"is of {what}", LONGEST_TITLE)
        form = (
            self.choice(entries["as"], f"as of {what}", parts.WORKED_OUT_FORMS) if "as" in entries else parts.RELATIVE
        )
        if measure is None or form is None:
            return None
        try:
            for each in sorted(names_in(measure)):
                others = [other for other in self.known.number_names if other != name]
                if each not in others:
                    message = f"{what} uses {quote(each)}, which is no other number"
                    allowed = listed(others, "a number of this story")
                    self.fault(entries["is"].line, message, allowed, self.guess(each, others))
        except MeasureFault as fault:
            self.fault(entries["is"].line, f"{what}: {fault}", "arithmetic over numbers of this story")
        return StoryNumber(form, measure=measure, holds=holds)

    def holds(self, node: Node, what: str) -> Holds | None:
        """What the words say of a number."""
        entries = self.mapping(node, f"holds of {what}", ("direction", "by_at_least"), ("direction", "by_at_least"))
        if len(entries) < 2:
            return None
        direction = self.choice(entries["direction"], f"direction of {what}", parts.DIRECTIONS)
        least = self.between(entries["by_at_least"], f"by_at_least of {what}", 0.0, LARGEST)
        return None if direction is None or least is None else Holds(direction, least)

    def check_numbers(self, node: Node | None) -> None:
        """Faults of numbers that rest on what they may not: chances of chances, arithmetic that goes round."""
        numbers = self.known.numbers
        for name, number in numbers.items():
            line = self.known.lines.get(name)
            other = numbers.get(number.chance_that)
            if other is not None and (other.chance_that or other.form in (parts.LEVEL, parts.RATIO)):
                self.fault(
                    line, f"{name} is the chance that {number.chance_that} moves", "a number that can rise or fall"
                )
            below = [numbers[each] for each in names_of(number) if each in numbers]
            if any(each.measure or each.chance_that for each in below):
                self.fault(line, f"{name} rests on a number that is itself worked out", "numbers read off runs")

    def _only(self, entries: Mapping[str, Node], names: Iterable[str], what: str) -> None:
        for key in entries:
            if key not in names:
                self.fault(entries[key].line, f"{quote(key)} has no place in {what}", listed(names))


def names_of(number: StoryNumber) -> set[str]:
    """The other numbers that one rests on by arithmetic; none where it is read off runs."""
    try:
        return names_in(number.measure) if number.measure else set()
    except MeasureFault:
        return set()


def _folded(text: str) -> str:
    """A text of several lines as one, without touching blanks that hold words together."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")
