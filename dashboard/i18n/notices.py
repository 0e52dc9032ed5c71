"""What the page tells its user: refusals of what was asked, and notices at its top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pushpull.dashboard.i18n.texts import ENGLISH, Language, language
from pushpull.dashboard.limits import shortened
from pushpull.files.faults import Fault
from pushpull.wording.phrases import in_language


class Refusal(ValueError):
    """Something a user gave that the session does not take.

    `key` names the words under `refused`, `values` what is put in; `faults` say why, each in a line.
    """

    def __init__(self, key: str, faults: Iterable[Fault] = (), **values: object):
        super().__init__(key)
        self.key, self.faults, self.values = key, tuple(faults), values

    def told(self, words: Language) -> str:
        """One sentence for a person."""
        number = words.numbers.number
        values = {name: number(each, 6) if isinstance(each, int) else each for name, each in self.values.items()}
        year, names = self.values.get("year"), self.values.get("names")
        if isinstance(year, int | float):
            values["year"] = words.numbers.year(year)
        if isinstance(names, Iterable):
            values["names"] = words.join([words.inside(words.title(name)) for name in names])
        if "why" in values:
            values["why"] = words.say(f"refused.{values['why']}")
        if isinstance(reason := values.get("reason"), str):
            values["reason"] = in_language(reason, words.code)
        return words.say(f"refused.{self.key}", **values)

    def __str__(self) -> str:
        return self.told(language(ENGLISH))


@dataclass(frozen=True)
class Notice:
    """What the page tells at its top: a sentence, and lines below it, the `quoted` ones in English. `good` news stays
    until there is other, unless it is `passing`; a complaint goes with the next change, as what passes."""

    summary: str
    lines: tuple[str, ...] = ()
    good: bool = False
    quoted: tuple[str, ...] = ()
    passing: bool = False

    @property
    def lasts(self) -> bool:
        """Whether it stays beyond the next change."""
        return self.good and not self.passing

    @classmethod
    def shortened(
        cls, words: Language, summary: str, lines: Iterable[str] = (), good: bool = False, quoted: Iterable[str] = ()
    ) -> Notice:
        """A notice with the first lines of each kind, and how many there are besides."""
        more = words.say("notices.more_lines")
        return cls(summary, tuple(shortened(lines, more)), good, tuple(shortened(quoted, more)))
