"""Steps and questions of a story file, read with every fault at its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pushpull.catalogue import catalogue
from pushpull.files.faults import listed, quote
from pushpull.files.tree import Node
from pushpull.stories import placeholders
from pushpull.stories import story as parts
from pushpull.stories.parts_reader import LARGEST, READING_KEYS, PartsReader, part_of
from pushpull.stories.story import Question, Showing
from pushpull.wording.bilingual import Bilingual
from pushpull.wording.phrases import Phrase

STEP_KEYS = ("title", "text", "setting", "options", "shows", "hides", "question", "after", "notes")
SHOWS_KEYS = ("page", "part", "outcome", "drawn", "way", "year")
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


class StepReader(PartsReader):
    """Reads the steps of one story file, once what they may name is known."""

    def step(self, node: Node, place: int) -> parts.StoryStep | None:
        """One step of the story."""
        what = Phrase("step {place}", place=place)
        entries = self.mapping(node, what, STEP_KEYS, ("title", "text"))
        title = self.title(entries, what)
        given = [key for key in ("text", "after", "notes") if key in entries]
        texts = {key: self.bilingual(entries[key], part_of(key, what)) for key in given}
        setting = parts.TODAY
        if "setting" in entries:
            setting = self.choice(entries["setting"], part_of("setting", what), self.known.all_settings) or setting
        options: tuple[str, ...] = ()
        if "options" in entries:
            options = self.names(entries["options"], part_of("options", what), self.known.all_settings)
            if len(options) > MOST_OPTIONS:
                self.fault(
                    entries["options"].line,
                    Phrase("{what} has {count} options", what=what, count=len(options)),
                    Phrase("at most {most}", most=MOST_OPTIONS),
                )
        shows = self.showing(entries["shows"], what) if "shows" in entries else Showing()
        hides = self.names(entries["hides"], part_of("hides", what), parts.HIDEABLE) if "hides" in entries else ()
        question = self.question(entries["question"], what) if "question" in entries else None
        if "question" in entries and "after" not in entries:
            self.fault(
                node.line,
                Phrase("{what} asks and says nothing after it", what=what),
                Phrase("after: what to say once it is answered"),
            )
        text = texts.get("text")
        if title is None or text is None:
            return None
        step = parts.StoryStep(
            title, text, setting, options, shows, hides, question, texts.get("after"), texts.get("notes")
        )  # fmt: skip
        self.check_given_away(step, entries, what)
        return step

    def showing(self, node: Node, what: str) -> Showing:
        """What of the page is shown."""
        entries = self.mapping(node, part_of("shows", what), SHOWS_KEYS)
        choices: dict[str, Iterable[str]] = {
            "page": parts.PAGES,
            "part": parts.PARTS,
            "drawn": parts.DRAWN,
            "way": parts.WAYS,
            "outcome": [name for name in catalogue().outcomes if name != parts.SHARES],
        }
        many = Phrase("one of the outcomes of `pushpull list outcomes`")
        given = {
            key: self.choice(entries[key], part_of(key, what), choices[key], many) for key in choices if key in entries
        }
        year = self.moment(entries["year"], part_of("year", what)) if "year" in entries else None
        return Showing(**{key: each for key, each in given.items() if each is not None}, year=year)

    def question(self, node: Node, what: str) -> Question | None:
        """A question, by its kind."""
        what = Phrase("the question of {what}", what=what)
        if not self.is_mapping(node, what):
            return None
        if "kind" not in node.value:
            self.fault(node.line, Phrase("{what} lacks {key}", what=what, key=quote("kind")), listed(QUESTIONS))
            return None
        kind = self.choice(node.value["kind"], part_of("kind", what), QUESTIONS)
        if kind is None:
            return None
        own = QUESTIONS[kind]
        head = question_head(kind)
        needed = (*head, *(key for key in own if key not in NOT_NEEDED))
        entries = self.mapping(node, what, (*head, *own), needed)
        if any(key not in entries for key in needed):
            return None
        text = self.bilingual(entries["text"], part_of("text", what))
        margin: float | None = 0.0
        if "margin" in entries:
            margin = self.between(entries["margin"], part_of("margin", what), 0.0, LARGEST)
        made = self._of_kind(kind, entries, what, text, margin)
        return made if text is not None and margin is not None else None

    def _of_kind(
        self, kind: str, entries: Mapping[str, Node], what: str, text: Bilingual | None, margin: float | None
    ) -> Question | None:
        head = (text or Bilingual("", ""), margin or 0.0)
        if kind in ("direction", "amount", "count"):
            number = self.choice(entries["number"], part_of("number", what), self.known.number_names)
            made = self.known.numbers.get(number or "")
            if made is None:
                return None
            if (kind == "count") != (made.form == parts.CHANCE):
                allowed = Phrase("a chance") if kind == "count" else Phrase("a number that is no chance")
                self.fault(
                    entries["number"].line, Phrase("{what} asks for {number}", what=what, number=number), allowed
                )
                return None
            if kind == "direction" and made.form in (parts.LEVEL, parts.RATIO):
                self.fault(
                    entries["number"].line,
                    Phrase("{number} is a {form}", number=number, form=made.form),
                    Phrase("a number that can rise or fall"),
                )
                return None
            if kind != "amount":
                return (parts.DirectionQuestion if kind == "direction" else parts.CountQuestion)(*head, number or "")
            low, high = (self.number(entries[key], part_of(key, what)) for key in ("low", "high"))
            if low is not None and high is not None and low >= high:
                self.fault(
                    entries["high"].line,
                    Phrase("the slider of {what} goes from {low:g} to {high:g}", what=what, low=low, high=high),
                    Phrase("low below high"),
                )
            return parts.AmountQuestion(*head, number or "", low or 0.0, high or 0.0)
        reading = self.reading(entries, what)
        if kind == "line":
            within = self.choice(entries["in"], part_of("in", what), self.known.all_settings)
            until = self.moment(entries["until"], part_of("until", what))
            if reading is None or within is None or until is None:
                return None
            return parts.LineQuestion(*head, reading, within, until)
        choices = self.names(entries["choices"], part_of("choices", what), self.known.all_settings)
        if len(set(choices)) < 2:
            self.fault(
                entries["choices"].line,
                Phrase("{what} leaves nothing to choose", what=what),
                Phrase("two settings or more"),
            )
        first = parts.LOWEST
        if "first" in entries:
            first = self.choice(entries["first"], part_of("first", what), (parts.LOWEST, parts.HIGHEST)) or first
        if reading is None:
            return None
        return (parts.RankQuestion if kind == "rank" else parts.LeverQuestion)(*head, choices, reading, first)

    def check_known_before(self, steps: list[parts.StoryStep], node: Node | None) -> None:
        """Faults where a question asks for a number that an earlier step has parts."""
        if (
            node is None or not isinstance(node.value, list) or len(steps) != len(node.value)
        ):  # a step at fault has told nothing for certain
            return
        before: set[str] = set()
        for place, (step, own) in enumerate(zip(steps, node.value, strict=True), 1):
            asked = getattr(step.question, "number", "")
            if asked in before:
                what = Phrase("step {place} asks for {asked}, which an earlier step has told", place=place, asked=asked)
                self.fault(own.line_of("question"), what, Phrase("a number that is not known yet"))
            before |= {name for _, text in step.texts for name, _ in placeholders.places_in(str(text))}

    def check_given_away(self, step: parts.StoryStep, entries: Mapping[str, Node], what: str) -> None:
        """A fault where a text before the answer holds the number that is asked for."""
        asked = getattr(step.question, "number", "")
        if not asked or asked not in self.known.numbers:
            return
        answers = {asked, self.known.numbers[asked].chance_that} - {""}
        before = [step.text] + ([step.question.text] if step.question else [])
        given = {name for text in before for name, _ in placeholders.places_in(str(text))}
        for name in sorted(given & answers):
            self.fault(
                entries["text"].line,
                Phrase("{what} gives its answer away: {name}", what=what, name=name),
                Phrase("that number under after"),
            )


def question_head(kind: str) -> tuple[str, ...]:
    """What every question of a kind says."""
    return ("kind", "text") if kind in WITHOUT_MARGIN else ("kind", "text", "margin")
