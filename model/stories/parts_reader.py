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
from pushpull.wording.phrases import Phrase

BLOCKS = ("policies", "context")
SETTING_KEYS = ("title", "packages", *BLOCKS)
READING_KEYS = ("of", "route", "at", "over", "how")
NUMBER_KEYS = (*READING_KEYS, "in", "than", "is", "chance_that", "direction", "beyond", "open", "as", "holds")
HOW = ("mean", "sum", "max", "min", "change")
LARGEST = 1e15
LONGEST_TITLE, LONGEST_TEXT = 200, 3000
MOST_SETTINGS = 24
MOST_PACKAGES = 8  # of a setting


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


def part_of(key: str, what: str) -> str:
    """What an entry is called in a fault, by its key and what it belongs to."""
    return Phrase("{key} of {what}", key=key, what=what)


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
            allowed = Phrase("a year from {earliest:g} to {latest:g}", earliest=base.policy_start, latest=base.end)
            self.fault(node.line, Phrase("{what} is {value}", what=what, value=f"{year:g}"), allowed)
            return None
        return year

    def bilingual(self, node: Node, what: str, longest: int = LONGEST_TEXT, numbers: bool = True) -> Bilingual | None:
        """A text in both languages, with places for the same numbers, or in one of them."""
        entries = self.mapping(node, what, parts.LANGUAGES)
        if node.is_mapping and not any(code in node.value for code in parts.LANGUAGES):
            self.fault(node.line, Phrase("{what} has no text", what=what), Phrase("en, fr or both"))
        named = {code: Phrase("{what} ({code})", what=what, code=code) for code in entries}
        texts = {code: self.text(entries[code], named[code], longest) for code in entries}
        for code, text in texts.items():
            if text is not None:
                self.check_text(text, entries[code], named[code], numbers)
        whole = {code: _folded(text) for code, text in texts.items() if text is not None}
        if not whole or len(whole) < len(entries):
            return None
        used = [{name for name, _ in placeholders.places_in(text)} for text in whole.values()]
        if used[0] != used[-1]:
            only = listed(sorted(used[0] ^ used[-1]))
            says = Phrase("{what} has numbers in one language alone: {only}", what=what, only=only)
            self.fault(entries["fr"].line, says, Phrase("the same in both"))
        return Bilingual(**whole)

    def title(self, entries: Mapping[str, Node], what: str) -> Bilingual | None:
        """The title of something, without numbers."""
        if "title" not in entries:
            return None
        return self.bilingual(entries["title"], part_of("title", what), LONGEST_TITLE, False)

    def check_text(self, text: str, node: Node, what: str, numbers: bool) -> None:
        """Faults of a text: a number written out, a place for what is no number, a direction nobody vouches for."""
        if placeholders.stray_brace(text):
            self.fault(node.line, Phrase("a brace stands alone in {what}", what=what), Phrase("{{name}} for a number"))
        for digits in placeholders.written_numbers(text):
            says = Phrase("{what} holds the number {digits}", what=what, digits=digits)
            remedy = Phrase("name it under numbers and write {{name}}")
            self.fault(node.line, says, Phrase("years; other numbers are computed"), remedy=remedy)
        for name, way in placeholders.places_in(text):
            if not numbers:
                says = Phrase("{what} holds the number {digits}", what=what, digits=quote(name))
                self.fault(node.line, says, Phrase("a text without numbers"))
            elif name not in self.known.number_names:
                many = Phrase("one of the {count} numbers", count=len(self.known.number_names))
                allowed = listed(self.known.number_names, many)
                guess = self.guess(name, self.known.number_names)
                self.fault(
                    node.line, Phrase("{what} names no number: {name}", what=what, name=quote(name)), allowed, guess
                )
            elif way not in (placeholders.WHOLE, *placeholders.WAYS_TO_WRITE):
                says = Phrase("{what} writes {name} as {way}", what=what, name=name, way=quote(way))
                guess = self.guess(way, placeholders.WAYS_TO_WRITE)
                self.fault(node.line, says, listed(placeholders.WAYS_TO_WRITE), guess)
            elif way == placeholders.SIZE and name in self.known.numbers and self.known.numbers[name].holds is None:
                remedy = Phrase("say under numbers what holds of {name}", name=name)
                self.fault(
                    node.line,
                    Phrase("{what} writes {name} without its sign", what=what, name=name),
                    Phrase("a number with holds"),
                    remedy=remedy,
                )

    # Settings --------------------------------------------------------------------------------------------------

    def names_of_entries(self, node: Node | None) -> tuple[str, ...]:
        return tuple(key for key in node.value if isinstance(key, str)) if node is not None and node.is_mapping else ()

    def named(self, node: Node | None, what: str, read: Callable) -> dict:
        """A mapping of names and what `read` makes of each, without those at fault."""
        if node is None or not self.is_mapping(node, what, Phrase("a mapping of names")):
            return {}
        if what == "settings" and len(node.value) > MOST_SETTINGS:
            self.fault(
                node.line,
                Phrase("there are {count} settings", count=len(node.value)),
                Phrase("at most {most}", most=MOST_SETTINGS),
            )
            return {}
        found = {}
        for key, child in node.value.items():
            if not isinstance(key, str) or not key.isidentifier() or key == parts.TODAY:
                self.fault(
                    node.line_of(key),
                    Phrase("{key} is no name of {what}", key=quote(key), what=what),
                    Phrase("letters, digits and _, not today"),
                )
                continue
            made = read(child, key)
            if made is not None:
                found[key] = made
        return found

    def setting(self, node: Node, name: str) -> StorySetting | None:
        """A setting, and the scenario that it makes of the corridor."""
        what = Phrase("the setting {name}", name=name)
        entries = self.mapping(node, what, SETTING_KEYS, ("title",))
        title = self.title(entries, what)
        if len(entries) < 2:
            self.fault(node.line, Phrase("{what} sets nothing", what=what), listed(SETTING_KEYS[1:]))
        packages: tuple[str, ...] = ()
        if "packages" in entries:
            packages = self.names(entries["packages"], part_of("packages", what), policy_names())
            if len(packages) > MOST_PACKAGES:
                says = Phrase("{what} has {count} packages", what=what, count=len(packages))
                self.fault(entries["packages"].line, says, Phrase("at most {most}", most=MOST_PACKAGES))
                return None
        scenario = self.known.base
        if scenario is None or title is None:
            return None
        blocks: dict[str, Node] = {word: entries[word] for word in BLOCKS if word in entries}
        try:
            for package in packages:
                scenario = scenario.with_policy(package)
            scenario = scenario.with_entries(blocks, self.file).with_changes(title=str(title))
        except ScenarioFaults as faulty:
            self.faults += faulty.faults
            return None
        plain = {word: each.to_python() for word, each in blocks.items()}
        return StorySetting(title, packages, plain.get("policies", {}), plain.get("context", {}), scenario)

    # Numbers ---------------------------------------------------------------------------------------------------

    def reading(self, entries: Mapping[str, Node], what: str) -> StoryReading | None:
        """What is read off a run."""
        many = Phrase("an outcome or variable, such as those of `pushpull list outcomes`")
        variables = catalogue().model.variables
        variable = self.choice(entries["of"], Phrase("of in {what}", what=what), variables, many)
        route = ""
        if "route" in entries and self.known.base is not None:
            route = self.choice(entries["route"], part_of("route", what), self.known.base.routes) or ""
            if variable is not None and "route" not in catalogue().model.over(variable):
                self.fault(
                    entries["route"].line,
                    Phrase("{variable} is the same on all routes", variable=variable),
                    Phrase("no route"),
                )
        at = self.moment(entries["at"], part_of("at", what)) if "at" in entries else None
        over = None
        if "over" in entries:
            items = self.items(entries["over"], part_of("over", what), Phrase("two years"))
            years = [year for year in (self.moment(each, part_of("over", what)) for each in items) if year is not None]
            if len(years) == 2 and years[0] < years[1]:
                over = (years[0], years[1])
            elif len(years) == len(items):
                self.fault(
                    entries["over"].line,
                    Phrase("over of {what} is no stretch of years", what=what),
                    Phrase("two years, in order"),
                )
            if at is not None:
                self.fault(entries["over"].line, Phrase("{what} has at and over", what=what), Phrase("one of the two"))
        how = self.choice(entries["how"], part_of("how", what), HOW) if "how" in entries else "mean"
        if "how" in entries and "over" not in entries:
            self.fault(
                entries["how"].line, Phrase("how of {what} needs years", what=what), Phrase("over: [year, year]")
            )
        return None if variable is None else StoryReading(variable, route, at, over, how or "mean")

    def story_number(self, node: Node, name: str) -> StoryNumber | None:
        """A number that is read off runs, worked out from others, or a share of simulations."""
        what = Phrase("the number {name}", name=name)
        entries = self.mapping(node, what, NUMBER_KEYS)
        self.known.lines[name] = node.line
        kinds = [word for word in ("of", "is", "chance_that") if word in entries]
        if len(kinds) != 1:
            if node.is_mapping:
                self.fault(
                    node.line,
                    Phrase(
                        "{what} has {kinds} of of, is, chance_that", what=what, kinds=listed(kinds) or Phrase("nothing")
                    ),
                    Phrase("one of them"),
                )
            return None
        holds = self.holds(entries["holds"], what) if "holds" in entries else None
        if kinds == ["of"]:
            self._only(entries, (*READING_KEYS, "in", "than", "as", "holds"), what)
            return self._read_off(entries, holds, what)
        if kinds == ["is"]:
            self._only(entries, ("is", "as", "holds"), what)
            return self._worked_out(entries, holds, name)
        self._only(entries, ("chance_that", "direction", "beyond", "open"), what)
        of = self.choice(entries["chance_that"], part_of("chance_that", what), self.known.number_names)
        direction = parts.RISES
        if "direction" in entries:
            direction = self.choice(entries["direction"], part_of("direction", what), parts.DIRECTIONS) or direction
        else:
            self.fault(
                node.line, Phrase("{what} lacks {key}", what=what, key=quote("direction")), listed(parts.DIRECTIONS)
            )
        beyond = self.between(entries["beyond"], part_of("beyond", what), 0.0, LARGEST) if "beyond" in entries else 0.0
        is_open = self.truth(entries["open"], part_of("open", what)) if "open" in entries else False
        if of is None:
            return None
        moved = StoryNumber(parts.CHANCE, chance_that=of, direction=direction, beyond=beyond or 0.0)
        return replace(moved, is_open=bool(is_open))

    def _read_off(self, entries: Mapping[str, Node], holds: Holds | None, what: str) -> StoryNumber | None:
        names = self.known.all_settings
        within = self.choice(entries["in"], part_of("in", what), names) if "in" in entries else parts.TODAY
        than = self.choice(entries["than"], part_of("than", what), names) or "" if "than" in entries else ""
        forms = parts.FORMS[1:] if than else parts.FORMS[:1]
        form = self.choice(entries["as"], part_of("as", what), forms) if "as" in entries else forms[0]
        if holds is not None and form in (parts.LEVEL, parts.RATIO):
            self.fault(
                entries["holds"].line,
                Phrase("{what} is a {form}, which neither rises nor falls", what=what, form=form),
                Phrase("no holds"),
            )
        reading = self.reading(entries, what)
        if reading is None or within is None or form is None:
            return None
        return StoryNumber(form, reading, within, than, holds=holds)

    def _worked_out(self, entries: Mapping[str, Node], holds: Holds | None, name: str) -> StoryNumber | None:
        what = Phrase("the number {name}", name=name)
        measure = self.text(entries["is"], part_of("is", what), LONGEST_TITLE)
        form = (
            self.choice(entries["as"], part_of("as", what), parts.WORKED_OUT_FORMS)
            if "as" in entries
            else parts.RELATIVE
        )
        if measure is None or form is None:
            return None
        try:
            for each in sorted(names_in(measure)):
                others = [other for other in self.known.number_names if other != name]
                if each not in others:
                    message = Phrase("{what} uses {each}, which is no other number", what=what, each=quote(each))
                    allowed = listed(others, Phrase("a number of this story"))
                    self.fault(entries["is"].line, message, allowed, self.guess(each, others))
        except MeasureFault as fault:
            self.fault(
                entries["is"].line,
                Phrase("{what}: {fault}", what=what, fault=fault),
                Phrase("arithmetic over numbers of this story"),
            )
        return StoryNumber(form, measure=measure, holds=holds)

    def holds(self, node: Node, what: str) -> Holds | None:
        """What the words say of a number."""
        entries = self.mapping(node, part_of("holds", what), ("direction", "by_at_least"), ("direction", "by_at_least"))
        if len(entries) < 2:
            return None
        direction = self.choice(entries["direction"], part_of("direction", what), parts.DIRECTIONS)
        least = self.between(entries["by_at_least"], part_of("by_at_least", what), 0.0, LARGEST)
        return None if direction is None or least is None else Holds(direction, least)

    def check_numbers(self, node: Node | None) -> None:
        """Faults of numbers that rest on what they may not: chances of chances, arithmetic that goes round."""
        numbers = self.known.numbers
        for name, number in numbers.items():
            line = self.known.lines.get(name)
            other = numbers.get(number.chance_that)
            if other is not None and (other.chance_that or other.form in (parts.LEVEL, parts.RATIO)):
                self.fault(
                    line,
                    Phrase("{name} is the chance that {chance_that} moves", name=name, chance_that=number.chance_that),
                    Phrase("a number that can rise or fall"),
                )
            below = [numbers[each] for each in names_of(number) if each in numbers]
            if any(each.measure or each.chance_that for each in below):
                self.fault(
                    line,
                    Phrase("{name} rests on a number that is itself worked out", name=name),
                    Phrase("numbers read off runs"),
                )

    def _only(self, entries: Mapping[str, Node], names: Iterable[str], what: str) -> None:
        for key in entries:
            if key not in names:
                self.fault(
                    entries[key].line, Phrase("{key} has no place in {what}", key=quote(key), what=what), listed(names)
                )


def names_of(number: StoryNumber) -> set[str]:
    """The other numbers that one rests on by arithmetic; none where it is read off runs."""
    try:
        return names_in(number.measure) if number.measure else set()
    except MeasureFault:
        return set()


def _folded(text: str) -> str:
    """A text of several lines as one, without touching blanks that hold words together."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")
