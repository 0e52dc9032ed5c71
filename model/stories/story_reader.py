"""Story files: read whole, with every fault at its line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.evidence.measure_language import MeasureFault, names_in
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, decode, parse, read_tree
from pushpull.scenario import Scenario, corridor_in
from pushpull.scenario.file_kinds import STORY, misplaced
from pushpull.scenario.library import (
    Refused,
    corridor_names,
    find_corridor,
    policy_names,
    scenario_names,
    shipped_folder,
)
from pushpull.stories import placeholders
from pushpull.stories import story as told
from pushpull.stories.story import Bilingual, Holds, Question, Reading, Showing, Story, StoryNumber, StorySetting

SCHEMA_VERSION = 1
HEAD = ("schema_version", "title", "corridor", "audience", "minutes", "claim", "year")
KEYS = (*HEAD, "settings", "numbers", "steps")
SETTING_KEYS = ("title", "packages", "policies", "context")
READING_KEYS = ("of", "route", "at", "over", "how")
NUMBER_KEYS = (*READING_KEYS, "in", "than", "is", "chance_that", "direction", "beyond", "as", "holds")
STEP_KEYS = ("title", "text", "setting", "options", "shows", "hides", "question", "after", "notes")
SHOWS_KEYS = ("page", "part", "outcome", "drawn", "way", "year")
HOW = ("mean", "sum", "max", "min", "change")
LONGEST_TITLE, LONGEST_TEXT = 200, 3000
MOST_STEPS, MOST_SETTINGS = 40, 24
MOST_MINUTES = 480
MOST_OPTIONS = 3

# The keys of each kind of question beside kind, text and margin.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "direction": ("number",),
    "amount": ("number", "low", "high"),
    "count": ("number",),
    "line": ("of", "route", "in", "until"),
    "rank": ("choices", *READING_KEYS, "first"),
    "lever": ("choices", *READING_KEYS, "first"),
}
NOT_NEEDED = {"route", "at", "over", "how", "first"}
WITHOUT_MARGIN = {"count"}


def story_names() -> list[str]:
    """The ids of the shipped stories."""
    return sorted(path.stem for path in story_folder().glob("*.yaml"))


def story_folder() -> Path:
    """The folder of the shipped stories."""
    return shipped_folder() / "stories"


def read_story(name: str | os.PathLike) -> Story:
    """A shipped story by its id, or a file; raises ScenarioFaults with every fault."""
    text = os.fspath(name)
    shipped = story_names()
    if text in shipped and not Path(text).is_file():
        path, shown = story_folder() / f"{text}.yaml", f"scenarios/stories/{text}.yaml"
    else:
        path, shown = Path(text), text
        if path.suffix not in (".yaml", ".yml") and not path.exists():
            allowed = listed([*shipped, "a path"])
            raise ScenarioFaults(
                [Fault(text, None, f"there is no story {quote(text)}", allowed, nearest(text, shipped))]
            )
    node, faults = read_tree(path, shown)
    return StoryReader(shown, faults, path.parent).story(node, path.stem)


def story_from_text(text: str, name: str = "story.yaml") -> Story:
    """A story from YAML text, such as an uploaded file; it may use only shipped corridors and packages."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return StoryReader(name, faults, None).story(node, Path(name).stem)


@dataclass
class _Known:
    """What the rest of a file may name, as far as it has been read, with the lines of numbers."""

    base: Scenario | None = None
    settings: dict[str, StorySetting] = field(default_factory=dict)
    setting_names: tuple[str, ...] = ()
    number_names: tuple[str, ...] = ()
    numbers: dict[str, StoryNumber] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)

    @property
    def all_settings(self) -> tuple[str, ...]:
        return (told.TODAY, *self.setting_names)


class StoryReader(Reader):
    """Reads one story file."""

    def __init__(self, file: str, faults: list[Fault], folder: Path | None):
        super().__init__(file, faults)
        self.folder = folder
        self.known = _Known()

    def story(self, node: Node, name: str) -> Story:
        """The story; raises ScenarioFaults with every fault."""
        apart = misplaced(node, self.file, STORY, "a file with settings, numbers and steps")
        if apart is not None:
            raise ScenarioFaults([apart])
        entries = self.mapping(node, "the story", KEYS, KEYS)
        if "schema_version" in entries:
            self.whole(entries["schema_version"], "schema_version", SCHEMA_VERSION, SCHEMA_VERSION)
        corridor = self.corridor(entries["corridor"]) if "corridor" in entries else None
        minutes = self.whole(entries["minutes"], "minutes", 1, MOST_MINUTES) if "minutes" in entries else None
        year = self.moment(entries["year"], "year") if "year" in entries else None
        settings = self.named(entries.get("settings"), "settings", self.setting)
        self.known.settings, self.known.setting_names = settings, self._names(entries.get("settings"))
        self.known.number_names = self._names(entries.get("numbers"))
        self.known.numbers = self.named(entries.get("numbers"), "numbers", self.story_number)
        self.check_numbers(entries.get("numbers"))
        head = {key: self.bilingual(entries[key], key) for key in ("title", "audience", "claim") if key in entries}
        steps = []
        if "steps" in entries:
            items = self.items(entries["steps"], "steps", "steps")
            if len(items) > MOST_STEPS:
                self.fault(entries["steps"].line, f"the story has {len(items)} steps", f"at most {MOST_STEPS}")
            steps = [self.step(item, place) for place, item in enumerate(items, 1)]
        whole = [step for step in steps if step is not None]
        self.check_told_before(whole, entries.get("steps"))
        if self.faults or corridor is None or minutes is None or year is None or None in head.values():
            raise ScenarioFaults(self.faults)
        return Story(
            id=name,
            corridor=corridor,
            minutes=minutes,
            year=year,
            settings=settings,
            numbers=self.known.numbers,
            steps=tuple(whole),
            base=self.known.base,
            shown=self.file,
            **head,
        )

    # The head --------------------------------------------------------------------------------------------------

    def corridor(self, node: Node) -> str | None:
        """The corridor of the story, shipped or one's own beside the file; its scenario is what settings change."""
        if not isinstance(node.value, str):
            self.choice(node, "corridor", corridor_names(self.folder))
            return None
        try:
            if node.value in scenario_names():
                self.known.base = Scenario.load(node.value).baseline()
            else:
                homes = None if self.folder is not None else ()
                path, shown = find_corridor(node.value, self.folder, os.path.dirname(self.file), homes)
                self.known.base = Scenario.of_corridor(corridor_in(path, shown))
        except Refused as refused:
            self.faults.append(refused.at(self.file, node.line))
            return None
        except ScenarioFaults as faulty:
            self.faults += faulty.faults
            return None
        return node.value

    def moment(self, node: Node, what: str) -> float | None:
        """A year that the runs reach, from the policy start on."""
        year, base = self.year(node, what), self.known.base
        if year is not None and base is not None and not base.policy_start <= year <= base.end:
            self.fault(node.line, f"{what} is {year:g}", f"a year from {base.policy_start:g} to {base.end:g}")
            return None
        return year

    def bilingual(self, node: Node, what: str, longest: int = LONGEST_TEXT, numbers: bool = True) -> Bilingual | None:
        """A text in both languages, with places for the same numbers."""
        entries = self.mapping(node, what, told.LANGUAGES, told.LANGUAGES)
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

    def _names(self, node: Node | None) -> tuple[str, ...]:
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
            if not isinstance(key, str) or not key.isidentifier() or key == told.TODAY:
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
        title = (
            self.bilingual(entries["title"], f"title of {what}", LONGEST_TITLE, False) if "title" in entries else None
        )
        if len(entries) < 2:
            self.fault(node.line, f"{what} sets nothing", listed(SETTING_KEYS[1:]))
        packages: tuple[str, ...] = ()
        if "packages" in entries:
            packages = self.names(entries["packages"], f"packages of {what}", policy_names())
        scenario = self.known.base
        if scenario is None or title is None:
            return None
        blocks = {word: entries[word] for word in ("policies", "context") if word in entries}
        try:
            for package in packages:
                scenario = scenario.with_policy(package)
            scenario = scenario.with_entries(blocks, self.file).with_changes(title=title.en)
        except ScenarioFaults as faulty:
            self.faults += faulty.faults
            return None
        plain = {word: each.to_python() for word, each in blocks.items()}
        return StorySetting(title, packages, **plain, scenario=scenario)

    # Numbers ---------------------------------------------------------------------------------------------------

    def reading(self, entries: Mapping[str, Node], what: str) -> Reading | None:
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
            years = [self.moment(each, f"over of {what}") for each in self.items(entries["over"], "over", "two years")]
            if len(years) != 2 or (None not in years and years[0] >= years[1]):
                self.fault(
                    entries["over"].line, f"over of {what} is no stretch of years", "two years, the first earlier"
                )
            elif None not in years:
                over = (years[0], years[1])
            if at is not None:
                self.fault(entries["over"].line, f"{what} has at and over", "one of the two")
        how = self.choice(entries["how"], f"how of {what}", HOW) if "how" in entries else "mean"
        if "how" in entries and "over" not in entries:
            self.fault(entries["how"].line, f"how of {what} needs years", "over: [year, year]")
        return None if variable is None else Reading(variable, route, at, over, how or "mean")

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
        self._only(entries, ("chance_that", "direction", "beyond"), what)
        of = self.choice(entries["chance_that"], f"chance_that of {what}", self.known.number_names)
        direction = told.RISES
        if "direction" in entries:
            direction = self.choice(entries["direction"], f"direction of {what}", told.DIRECTIONS) or direction
        else:
            self.fault(node.line, f"{what} lacks {quote('direction')}", listed(told.DIRECTIONS))
        beyond = self.between(entries["beyond"], f"beyond of {what}", 0.0, 1e15) if "beyond" in entries else 0.0
        return None if of is None else StoryNumber(
            told.CHANCE, chance_that=of, direction=direction, beyond=beyond or 0.0
        )  # fmt: skip

    def _read_off(self, entries: Mapping[str, Node], holds: Holds | None, what: str) -> StoryNumber | None:
        names = self.known.all_settings
        within = self.choice(entries["in"], f"in of {what}", names) if "in" in entries else told.TODAY
        than = self.choice(entries["than"], f"than of {what}", names) or "" if "than" in entries else ""
        forms = told.FORMS[1:] if than else told.FORMS[:1]
        form = self.choice(entries["as"], f"as of {what}", forms) if "as" in entries else forms[0]
        if holds is not None and form in (told.LEVEL, told.RATIO):
            self.fault(entries["holds"].line, f"{what} is a {form}, which neither rises nor falls", "no holds")
        reading = self.reading(entries, what)
        if reading is None or within is None or form is None:
            return None
        return StoryNumber(form, reading, within, than, holds=holds)

    def _worked_out(self, entries: Mapping[str, Node], holds: Holds | None, name: str) -> StoryNumber | None:
        what = f"the number {name}"
        measure = self.text(entries["is"], f"is of {what}", LONGEST_TITLE)
        form = self.choice(entries["as"], f"as of {what}", told.WORKED_OUT_FORMS) if "as" in entries else told.RELATIVE
        if measure is None or form is None:
            return None
        try:
            for each in sorted(names_in(measure)):
                if each not in self.known.number_names or each == name:
                    self.fault(entries["is"].line, f"{what} uses {quote(each)}, which is no other number",
                               listed(self.known.number_names, "a number of this story"),
                               self.guess(each, [other for other in self.known.number_names if other != name]))  # fmt: skip
        except MeasureFault as fault:
            self.fault(entries["is"].line, f"{what}: {fault}", "arithmetic over numbers of this story")
        return StoryNumber(form, measure=measure, holds=holds)

    def holds(self, node: Node, what: str) -> Holds | None:
        """What the words say of a number."""
        entries = self.mapping(node, f"holds of {what}", ("direction", "by_at_least"), ("direction", "by_at_least"))
        if len(entries) < 2:
            return None
        direction = self.choice(entries["direction"], f"direction of {what}", told.DIRECTIONS)
        least = self.between(entries["by_at_least"], f"by_at_least of {what}", 0.0, 1e15)
        return None if direction is None or least is None else Holds(direction, least)

    def check_numbers(self, node: Node | None) -> None:
        """Faults of numbers that rest on what they may not: chances of chances, arithmetic that goes round."""
        numbers = self.known.numbers
        for name, number in numbers.items():
            line = self.known.lines.get(name)
            other = numbers.get(number.chance_that)
            if other is not None and (other.chance_that or other.form in (told.LEVEL, told.RATIO)):
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

    # Steps -----------------------------------------------------------------------------------------------------

    def step(self, node: Node, place: int) -> told.StoryStep | None:
        """One step of the story."""
        what = f"step {place}"
        entries = self.mapping(node, what, STEP_KEYS, ("title", "text"))
        title = (
            self.bilingual(entries["title"], f"title of {what}", LONGEST_TITLE, False) if "title" in entries else None
        )
        texts = {
            key: self.bilingual(entries[key], f"{key} of {what}")
            for key in ("text", "after", "notes")
            if key in entries
        }
        setting = told.TODAY
        if "setting" in entries:
            setting = self.choice(entries["setting"], f"setting of {what}", self.known.all_settings) or setting
        options: tuple[str, ...] = ()
        if "options" in entries:
            options = self.names(entries["options"], f"options of {what}", self.known.all_settings)
            if len(options) > MOST_OPTIONS:
                self.fault(entries["options"].line, f"{what} has {len(options)} options", f"at most {MOST_OPTIONS}")
        shows = self.showing(entries["shows"], what) if "shows" in entries else Showing()
        hides = self.names(entries["hides"], f"hides of {what}", told.HIDEABLE) if "hides" in entries else ()
        question = self.question(entries["question"], what) if "question" in entries else None
        if question is not None and "after" not in entries:
            self.fault(node.line, f"{what} asks and says nothing after it", "after: what to say once it is answered")
        if title is None or texts.get("text") is None:
            return None
        step = told.StoryStep(
            title, texts["text"], setting, options, shows, hides, question, texts.get("after"), texts.get("notes")
        )  # fmt: skip
        self.check_given_away(step, entries, what)
        return step

    def showing(self, node: Node, what: str) -> Showing:
        """What of the page is shown."""
        entries = self.mapping(node, f"shows of {what}", SHOWS_KEYS)
        choices: dict[str, Iterable[str]] = {
            "page": told.PAGES,
            "part": told.PARTS,
            "drawn": told.DRAWN,
            "way": told.WAYS,
            "outcome": [name for name in catalogue().outcomes if name != told.SHARES],
        }
        many = "one of the outcomes of `pushpull list outcomes`"
        given = {
            key: self.choice(entries[key], f"{key} of {what}", choices[key], many) for key in choices if key in entries
        }
        year = self.moment(entries["year"], f"year of {what}") if "year" in entries else None
        return Showing(**{key: each for key, each in given.items() if each is not None}, year=year)

    def question(self, node: Node, what: str) -> Question | None:
        """A question, by its kind."""
        what = f"the question of {what}"
        if not self.is_mapping(node, what):
            return None
        if "kind" not in node.value:
            self.fault(node.line, f"{what} lacks {quote('kind')}", listed(QUESTIONS))
            return None
        kind = self.choice(node.value["kind"], f"kind of {what}", QUESTIONS)
        if kind is None:
            return None
        own = QUESTIONS[kind]
        head = question_head(kind)
        needed = (*head, *(key for key in own if key not in NOT_NEEDED))
        entries = self.mapping(node, what, (*head, *own), needed)
        if any(key not in entries for key in needed):
            return None
        text = self.bilingual(entries["text"], f"text of {what}")
        margin: float | None = 0.0
        if "margin" in entries:
            margin = self.between(entries["margin"], f"margin of {what}", 0.0, 1e15)
        made = self._of_kind(kind, entries, what, text, margin)
        return made if text is not None and margin is not None else None

    def _of_kind(
        self, kind: str, entries: Mapping[str, Node], what: str, text: Bilingual | None, margin: float | None
    ) -> Question | None:
        head = (text or Bilingual("", ""), margin or 0.0)
        if kind in ("direction", "amount", "count"):
            number = self.choice(entries["number"], f"number of {what}", self.known.number_names)
            made = self.known.numbers.get(number or "")
            if made is None:
                return None
            if (kind == "count") != (made.form == told.CHANCE):
                allowed = "a chance" if kind == "count" else "a number that is no chance"
                self.fault(entries["number"].line, f"{what} asks for {number}", allowed)
                return None
            if kind == "direction" and made.form in (told.LEVEL, told.RATIO):
                self.fault(entries["number"].line, f"{number} is a {made.form}", "a number that can rise or fall")
                return None
            if kind != "amount":
                return (told.DirectionQuestion if kind == "direction" else told.CountQuestion)(*head, number or "")
            low, high = (self.number(entries[key], f"{key} of {what}") for key in ("low", "high"))
            if low is not None and high is not None and low >= high:
                self.fault(
                    entries["high"].line, f"the slider of {what} goes from {low:g} to {high:g}", "low below high"
                )
            return told.AmountQuestion(*head, number or "", low or 0.0, high or 0.0)
        reading = self.reading(entries, what)
        if kind == "line":
            within = self.choice(entries["in"], f"in of {what}", self.known.all_settings)
            until = self.moment(entries["until"], f"until of {what}")
            if reading is None or within is None or until is None:
                return None
            return told.LineQuestion(*head, reading, within, until)
        choices = self.names(entries["choices"], f"choices of {what}", self.known.all_settings)
        if len(set(choices)) < 2:
            self.fault(entries["choices"].line, f"{what} leaves nothing to choose", "two settings or more")
        first = told.LOWEST
        if "first" in entries:
            first = self.choice(entries["first"], f"first of {what}", (told.LOWEST, told.HIGHEST)) or first
        if reading is None:
            return None
        return (told.RankQuestion if kind == "rank" else told.LeverQuestion)(*head, choices, reading, first)

    def check_told_before(self, steps: list[told.StoryStep], node: Node | None) -> None:
        """Faults where a question asks for a number that an earlier step has told."""
        if node is None or len(steps) != len(node.value):  # a step at fault has told nothing for certain
            return
        before: set[str] = set()
        for place, (step, own) in enumerate(zip(steps, node.value, strict=True), 1):
            asked = getattr(step.question, "number", "")
            if asked in before:
                what = f"step {place} asks for {asked}, which an earlier step has told"
                self.fault(own.line_of("question"), what, "a number that is not known yet")
            before |= {name for _, text in step.texts for name, _ in placeholders.places_in(text.en)}

    def check_given_away(self, step: told.StoryStep, entries: Mapping[str, Node], what: str) -> None:
        """A fault where a text before the answer holds the number that is asked for."""
        asked = getattr(step.question, "number", "")
        if not asked or asked not in self.known.numbers:
            return
        answers = {asked, self.known.numbers[asked].chance_that} - {""}
        before = [step.text] + ([step.question.text] if step.question else [])
        given = {name for text in before for name, _ in placeholders.places_in(text.en)}
        for name in sorted(given & answers):
            self.fault(entries["text"].line, f"{what} gives its answer away: {name}", "that number under after")


def question_head(kind: str) -> tuple[str, ...]:
    """What every question of a kind says."""
    return ("kind", "text") if kind in WITHOUT_MARGIN else ("kind", "text", "margin")


def names_of(number: StoryNumber) -> set[str]:
    """The other numbers that one rests on by arithmetic; none where it is read off runs."""
    try:
        return names_in(number.measure) if number.measure else set()
    except MeasureFault:
        return set()


def _folded(text: str) -> str:
    """A text of several lines as one, without touching blanks that hold words together."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")
