"""What a corridor leaves at its defaults, and what its files say that nothing reads: counted and named, not refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pushpull.catalogue import Catalogue
from pushpull.files.faults import ScenarioFaults, quote
from pushpull.files.tree import decode, read_bytes
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.share_sums import keys_of
from pushpull.wording.phrases import Phrase

SOURCES = "SOURCES.md"
THIN = 0.25  # of the numbers of a place, below which a corridor says little about one
_NAMED = re.compile(r"`([^`\s]+)`")


@dataclass(frozen=True)
class CardCount:
    """Levers, drivers or parameters: how many there are, and the names that the corridor leaves at their default."""

    word: str
    count: int
    left: tuple[str, ...]

    @property
    def given(self) -> int:
        """How many the corridor sets."""
        return self.count - len(self.left)


@dataclass(frozen=True)
class CorridorSummary:
    """What a corridor sets and what it leaves at default.

    `fixed` counts the parameters that no ensemble draws, the numbers of a place: who is there at the start, what
    patrols and offices hold. `fitted` counts the parameters that a fit has written instead. `partial` holds the routes
    or populations that a number is not given for, `unsourced` the keys of sources that neither the corridor's
    SOURCES.md nor the references of the model name, with the first line of each.
    """

    blocks: tuple[CardCount, ...]
    fixed: CardCount
    fitted: int
    partial: Mapping[str, tuple[str, ...]]
    unsourced: Mapping[str, int]

    @property
    def lines(self) -> list[str]:
        """The summary in words, a line for each thing."""
        first, second, third = (
            Phrase("{given} of {count} {word}", given=block.given, count=block.count, word=block.word)
            for block in self.blocks
        )
        left = sum(len(block.left) for block in self.blocks)
        lines: list[str] = [
            Phrase(
                "{first}, {second} and {third} are set here; {left} are defaults",
                first=first,
                second=second,
                third=third,
                left=left,
            )
        ]
        if self.fitted:
            lines.append(
                Phrase("{fitted} parameters are as a fit has estimated them, in calibrated.yaml", fitted=self.fitted)
            )
        for block in (self.fixed, *self.blocks[1:]):
            if block.left:
                lines.append(
                    Phrase(
                        "{word} left at default ({left} of {count}): {names}",
                        word=block.word,
                        left=len(block.left),
                        count=block.count,
                        names=_all(block.left),
                    )
                )
        for name, keys in self.partial.items():
            lines.append(Phrase("{name} is not given for {keys}: there it is the default", name=name, keys=_all(keys)))
        for key, line in self.unsourced.items():
            lines.append(
                Phrase(
                    "series.csv, line {line}: the source {key} is described neither in {file} nor in "
                    "the references of the model",
                    line=line,
                    key=quote(key),
                    file=SOURCES,
                )
            )
        return lines


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)


def corridor_summary(corridor: Corridor, catalogue: Catalogue) -> CorridorSummary:
    """What a corridor sets and leaves at default."""
    parameters = catalogue.parameters
    given = corridor.own_parameters
    fixed = {name: card for name, card in parameters.items() if card.distribution == "fixed"}
    blocks = (
        _count(Phrase("parameters"), parameters, given),
        _count(Phrase("levers"), catalogue.levers, corridor.policies),
        _count(Phrase("context drivers"), catalogue.context, corridor.context),
    )
    partial: dict[str, tuple[str, ...]] = {}
    moved = ((catalogue.levers, corridor.policies), (catalogue.context, corridor.context))
    for cards, held in ((parameters, given), *moved):
        for name, value in held.items():
            if isinstance(value, Mapping):
                keys = keys_of(cards[name], corridor.members)
                missing = [key for key in keys if key is not None and key not in value]
                if missing:
                    partial[name] = tuple(missing)
    fitted = sum(corridor.parameters[name] != given.get(name) for name in corridor.parameters)
    of_the_place = _count(Phrase("numbers of the fixed"), fixed, given)
    return CorridorSummary(blocks, of_the_place, fitted, partial, unsourced(corridor, catalogue))


def _count(word: str, cards: Mapping, given: Mapping) -> CardCount:
    return CardCount(word, len(cards), tuple(name for name in cards if name not in given))


def is_thin(corridor: Corridor, catalogue: Catalogue) -> bool:
    """Whether a corridor that passes for a real one sets less than a quarter of the numbers of a fixed."""
    fixed = [name for name, card in catalogue.parameters.items() if card.distribution == "fixed"]
    given = sum(name in corridor.own_parameters for name in fixed)
    return not corridor.illustrative and given < THIN * len(fixed)


def unsourced(corridor: Corridor, catalogue: Catalogue) -> dict[str, int]:
    """The keys of sources in `series.csv` that are described nowhere, with the first line of each."""
    described = set(getattr(catalogue, "references", {}))
    path = corridor.folder / SOURCES
    if path.is_file():
        try:
            described |= set(_NAMED.findall(decode(read_bytes(path, SOURCES), SOURCES)))
        except ScenarioFaults as unreadable:
            return {str(unreadable).splitlines()[0]: 1}
    return {key: line for key, line in corridor.source_lines.items() if key not in described}
