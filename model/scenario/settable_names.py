"""What a name of the model is, and so where in a scenario it can be set, if anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from pushpull.catalogue import Catalogue
from pushpull.files.faults import quote


@dataclass(frozen=True)
class Block:
    """A block of cards: the word for one, the room of the catalogue and the list of the command line."""

    word: str
    cards: str
    command: str


BLOCKS = {
    "policies": Block("lever", "levers", "levers"),
    "context": Block("context driver", "context", "context"),
    "parameters": Block("parameter", "parameters", "parameters"),
}


@dataclass(frozen=True)
class NameUse:
    """What a name is, in words, and the block it belongs to (none where nothing sets it)."""

    sentence: str
    block: str | None
    settable: str

    def allowed(self, block: str = "") -> str:
        """Where the name may stand, for one who put it under another block, or under none."""
        return f"{self.settable}, not under {block}:" if block and self.block in BLOCKS else self.settable


def what_it_is(name: object, catalogue: Catalogue) -> NameUse | None:
    """What a name is that stands in the wrong place; None where the model knows none of that name."""
    if not isinstance(name, str):
        return None
    shown = quote(name)
    for block, each in BLOCKS.items():
        if name in getattr(catalogue, each.cards):
            return NameUse(f"{shown} is a {each.word}", block, f"it under {block}:")
    if name in catalogue.formulas:
        choices = " or ".join(catalogue.formulas[name])
        message = f"{shown} is a choice of rival formulas; a rival formula is set under formulas: in a file"
        return NameUse(message, "formulas", f"formulas: {{{name}: {choices}}}")
    for setting, formulas in catalogue.formulas.items():
        if name in formulas:
            message = f"{shown} is a rival formula; a rival formula is set under formulas: in a file"
            return NameUse(message, "formulas", f"formulas: {{{setting}: {name}}}")
    if name in catalogue.loops:
        message = f"{shown} is a feedback loop; it is switched off under loops_off: in a file"
        return NameUse(message, "loops_off", f"loops_off: [{name}]")
    if name in getattr(catalogue, "outcomes", ()):
        message = f"{shown} is an outcome, which the model works out; an outcome cannot be set"
        return NameUse(message, None, "a lever, a context driver or a parameter")
    model = getattr(catalogue, "model", None)
    if model is not None and name in model.variables:
        message = f"{shown} is a variable, which the model works out; it cannot be set"
        return NameUse(message, None, "a lever, a context driver or a parameter")
    return None
