"""What a name of the model is, and so where in a scenario it can be set, if anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from pushpull.catalogue import Catalogue
from pushpull.files.faults import quote
from pushpull.wording.phrases import Phrase


@dataclass(frozen=True)
class Block:
    """A block of cards: the word for one, the room of the catalogue and the list of the command line."""

    word: str
    cards: str
    command: str


BLOCKS = {
    "policies": Block(Phrase("lever"), "levers", "levers"),
    "context": Block(Phrase("context driver"), "context", "context"),
    "parameters": Block(Phrase("parameter"), "parameters", "parameters"),
}


@dataclass(frozen=True)
class NameUse:
    """What a name is, in words, and the block it belongs to (none where nothing sets it)."""

    sentence: str
    block: str | None
    settable: str

    def allowed(self, block: str = "") -> str:
        """Where the name may stand, for one who put it under another block, or under none."""
        return (
            Phrase("{settable}, not under {block}:", settable=self.settable, block=block)
            if block and self.block in BLOCKS
            else self.settable
        )


def what_it_is(name: object, catalogue: Catalogue) -> NameUse | None:
    """What a name is that stands in the wrong place; None where the model knows none of that name."""
    if not isinstance(name, str):
        return None
    shown = quote(name)
    for block, each in BLOCKS.items():
        if name in getattr(catalogue, each.cards):
            return NameUse(
                Phrase("{shown} is a {word}", shown=shown, word=each.word),
                block,
                Phrase("it under {block}:", block=block),
            )
    if name in catalogue.formulas:
        choices = " or ".join(catalogue.formulas[name])
        message = Phrase(
            "{shown} is a choice of rival formulas; a rival formula is set under formulas: in a file", shown=shown
        )
        return NameUse(message, "formulas", f"formulas: {{{name}: {choices}}}")
    for setting, formulas in catalogue.formulas.items():
        if name in formulas:
            message = Phrase(
                "{shown} is a rival formula; a rival formula is set under formulas: in a file", shown=shown
            )
            return NameUse(message, "formulas", f"formulas: {{{setting}: {name}}}")
    if name in catalogue.loops:
        message = Phrase("{shown} is a feedback loop; it is switched off under loops_off: in a file", shown=shown)
        return NameUse(message, "loops_off", f"loops_off: [{name}]")
    if name in getattr(catalogue, "outcomes", ()):
        message = Phrase("{shown} is an outcome, which the model works out; an outcome cannot be set", shown=shown)
        return NameUse(message, None, Phrase("a lever, a context driver or a parameter"))
    model = getattr(catalogue, "model", None)
    if model is not None and name in model.variables:
        message = Phrase("{shown} is a variable, which the model works out; it cannot be set", shown=shown)
        return NameUse(message, None, Phrase("a lever, a context driver or a parameter"))
    return None
