"""The words of a report in its language: phrases, numbers, names of the model, and what files say of themselves."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.calibration.records import Record
from pushpull.catalogue import Catalogue
from pushpull.descriptions import title_of
from pushpull.evidence.experiment_files import Experiment
from pushpull.scenario.corridor import Corridor
from pushpull.wording.markup import element
from pushpull.wording.model_texts import file_texts, finding_texts, model_texts, text_in
from pushpull.wording.money import in_currency
from pushpull.wording.numbers import MINUS, Numbers, numbers_of
from pushpull.wording.phrases import ENGLISH, Phrase, in_language

SERIES_TITLES = {
    "border_deaths_recorded": "Deaths at the border, as recorded",
    "irregular_residents_estimate": "Residents without status, as estimated",
    "smuggler_fee_mmp": "Smuggling fee, survey MMP",
    "smuggler_fee_mmfrp": "Smuggling fee, survey MMFRP",
    "smuggler_fee_point_low": "Smuggling fee, 1990 range",
    "smuggling_convictions_federal": "Convictions for smuggling, federal courts",
    "smuggling_prosecutions": "Prosecutions for smuggling",
    "apprehension_probability_low": "Chance of being stopped, 2006 range",
    "smugglers_arrested": "Smugglers arrested",
    "asylum_seekers_pending_by_origin": "Asylum claims pending, by origin",
}
AT = "@"  # between a name and its place, as in detections_by_route@arizona
_GRADED = re.compile(r"(.+) \(grade ([A-D])\)")


@dataclass(frozen=True)
class ReportWords:
    """What a report says in a language. In English, series, variables and parameters of tables keep their names, and
    units theirs, as files and commands write them."""

    code: str = ENGLISH

    @property
    def is_english(self) -> bool:
        return self.code == ENGLISH

    @property
    def numbers(self) -> Numbers:
        return numbers_of(self.code)

    def say(self, english: str, **values: object) -> str:
        """A phrase in the language, for templates: with the English, and what is put in."""
        return in_language(Phrase(english, **values), self.code)

    def into(self, text: str) -> str:
        """A phrase in the language; any other text as it is."""
        return in_language(text, self.code)

    def all_into(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Phrases in the language."""
        return tuple(map(self.into, texts))

    # Numbers -----------------------------------------------------------------------------------------------------

    def number(self, value: float | None) -> str:
        """A number of three figures; a dash where there is none."""
        return self.numbers.cell(value)

    def share(self, value: float) -> str:
        """A share in whole percent."""
        return self.numbers.share(value)

    def fixed(self, value: float, decimals: int, sign: str = "") -> str:
        """A number with that many decimals; `sign` is + where a rise is to show its own."""
        if not math.isfinite(value):
            return self.number(None)
        return f"{value:{sign}.{decimals}f}".replace("-", MINUS).replace(".", self.numbers.decimal)

    def given(self, value: float) -> str:
        """A number as a file states it."""
        return f"{value:g}".replace(".", self.numbers.decimal)

    def count(self, value: int) -> str:
        """A whole number with every digit."""
        return f"{value:,}".replace(",", self.numbers.thousands)

    def span(self, low: object, high: object) -> str:
        """From one end to the other; ends that are floats as `number` writes them."""
        ends = (self.number(end) if isinstance(end, float) else end for end in (low, high))
        return self.into(Phrase("{low} to {high}", **dict(zip(("low", "high"), ends, strict=True))))

    def accepted(self, low: float | None, high: float | None) -> str:
        """A range in words, open where an end is None; "" where both are."""
        if low is None:
            return "" if high is None else self.into(Phrase("at most {high}", high=self.number(high)))
        if high is None:
            return self.into(Phrase("at least {low}", low=self.number(low)))
        return self.span(float(low), float(high))

    # Names -------------------------------------------------------------------------------------------------------

    def corridor(self, corridor: Corridor) -> str:
        """The title of a corridor."""
        return text_in(self.code, "corridors", corridor.id, corridor.title)

    def title(self, catalogue: Catalogue, name: str) -> str:
        """The title of a lever, driver, outcome, parameter or other variable."""
        return text_in(self.code, "titles", name, title_of(catalogue, name))

    def name(self, name: str) -> str:
        """A variable, parameter or series as a table names it, with its place."""
        if self.is_english:
            return name
        bare, _, place = name.partition(AT)
        return self._placed(self._known(bare, bare), place)

    def series(self, name: str) -> str:
        """How a recorded series, or a variable that is judged, is called."""
        bare, _, place = name.partition(AT)
        english = SERIES_TITLES.get(bare, bare.replace("_", " ").capitalize())
        if self.is_english:
            return english + (f"{AT}{place.replace('_', ' ')}" if place else "")
        return self._placed(self._known(bare, english), place)

    def record(self, record: Record) -> str:
        """How a record is called: its series, and the route it was recorded on."""
        if self.is_english:
            return self.series(record.series) + (f", {record.route.replace('_', ' ')}" if record.route else "")
        return self._placed(self.series(record.series), record.route or "")

    def label(self, record: Record) -> str:
        """A record as a table names it."""
        return record.label if self.is_english else self.record(record)

    def place(self, name: str) -> str:
        """A route or a group of origins."""
        english = name.replace("_", " ")
        return text_in(self.code, "routes", name, text_in(self.code, "origins", name, english))

    def unit(self, unit: str, currency: str) -> str:
        """A unit of the model: in English as cards write it, else in words."""
        return in_currency(unit, currency) if self.is_english else numbers_of(self.code, currency=currency).unit(unit)

    def _known(self, name: str, english: str) -> str:
        titles = model_texts(self.code)["titles"]
        return titles.get(name) or file_texts(self.code).get(english, english)

    def _placed(self, title: str, place: str) -> str:
        return f"{title}, {self.place(place)}" if place else title

    # Texts of files ----------------------------------------------------------------------------------------------

    def text(self, english: str) -> str:
        """What a file says, in the language; marked as English where it has none."""
        return self.plain(english) if self.has(english) else element("span", english, lang=ENGLISH)

    def sentence(self, english: str) -> str:
        """What a file says, with a capital letter and a full stop."""
        sentence = begun(self.plain(english))
        return sentence if self.has(english) else element("span", sentence, lang=ENGLISH)

    def plain(self, english: str) -> str:
        """What a file says, in the language; as it is where it has none."""
        return file_texts(self.code).get(" ".join(english.split()), english)

    def has(self, english: str) -> bool:
        """Whether a text of a file can be said in the language."""
        return self.is_english or " ".join(english.split()) in file_texts(self.code)

    def finding(self, experiment: Experiment) -> str:
        """What a published effect is: in English its title, else what it claims."""
        return self._of_finding(experiment, "claim", experiment.title)

    def published(self, experiment: Experiment) -> str:
        """A published effect with its unit."""
        unit = self._of_finding(experiment, "unit", experiment.published.get("unit") or "")
        return f"{self.estimate(experiment)} {unit}".strip()

    def estimate(self, experiment: Experiment) -> str:
        """A published effect without its unit, with every figure that was published."""
        number = experiment.published["estimate"]
        is_number = isinstance(number, int | float) and not self.is_english
        return self._of_finding(experiment, "estimate", self.numbers.published(number) if is_number else str(number))

    def out_of_reach(self, experiment: Experiment) -> str:
        """Why a published effect cannot be put to the model."""
        return self._of_finding(experiment, "reason", experiment.not_representable)

    def quoted(self, text: str) -> str:
        """What a source says of itself: names, titles and addresses, which stay as they are."""
        return text if self.is_english else element("span", text, lang=ENGLISH)

    def source(self, text: str) -> str:
        """Where a card has its number from, with its grade."""
        graded = _GRADED.fullmatch(text)
        if graded is None or self.is_english:
            return self.text(text)
        return self.into(Phrase("{source} (grade {grade})", source=graded[1], grade=graded[2]))

    def _of_finding(self, experiment: Experiment, word: str, english: str) -> str:
        return finding_texts(self.code).get(experiment.id, {}).get(word, english)


IN_ENGLISH = ReportWords()


def begun(text: str) -> str:
    """A text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def both(*texts: str) -> Markup:
    """Texts one after the other, each of which may be markup."""
    return Markup("").join(texts)
