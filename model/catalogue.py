"""The whole model, put together once: equations, cards, loops and outcomes."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pushpull.engine.language.cards import Card, read_cards, read_table
from pushpull.engine.language.declare import Loop
from pushpull.engine.language.graph import Model, Variable
from pushpull.wording.docstrings import docstring

SECTORS = (
    "origin_conditions",
    "migration_decision",
    "route_choice",
    "legal_channels",
    "labour_market",
    "smuggling_market",
    "border",
    "justice",
    "presenting",
    "transit_states",
    "transit_and_harm",
    "irregular_residence",
    "protection",
    "returning",
    "public_opinion",
    "policy_reaction",
    "observation",
    "cost",
    "unexplained",
)
WITHOUT_NUMBERS = ("unexplained",)  # chapters that have no parameters of their own
PARAMETER_FOLDER = Path(__file__).parent / "parameters"


@dataclass(frozen=True)
class Outcome:
    """A variable people judge a policy by.

    `better` is "lower", "higher" or "neither"; `people` marks harm to people, shown as prominently as numbers
    stopped; `recorded` marks a figure of statistics rather than of the world; `observed_as` names the variable that is
    this outcome as statistics show it, to be held against history.
    """

    id: str
    title: str
    group: str
    better: str
    variable: Variable
    people: bool = False
    recorded: bool = False
    observed_as: str | None = None

    @property
    def unit(self) -> str:
        """Unit of the variable."""
        return self.variable.unit

    @property
    def adds_up_to_one(self) -> bool:
        """True of shares by route: their total says nothing."""
        return self.variable.routed and self.unit == "1" and self.variable.across == "sum"

    @property
    def meaning(self) -> str:
        """What the variable's docstring says that it is."""
        return docstring(self.variable.declaration.meaning).meaning


@dataclass(frozen=True)
class Catalogue:
    """Everything a scenario, a command or a view may name."""

    model: Model
    outcomes: dict[str, Outcome]
    references: dict[str, dict]

    @property
    def levers(self) -> dict[str, Card]:
        """What policy moves."""
        return dict(self.model.levers)

    @property
    def context(self) -> dict[str, Card]:
        """What policy does not move."""
        return dict(self.model.context)

    @property
    def parameters(self) -> dict[str, Card]:
        """How the world responds."""
        return dict(self.model.parameters)

    @cached_property
    def formulas(self) -> dict[str, tuple[str, ...]]:
        """Settings and their rival formulas, the default first."""
        return self.model.formulas

    @property
    def loops(self) -> dict[str, Loop]:
        """Named feedback loops."""
        return dict(self.model.loops)


@cache
def catalogue() -> Catalogue:
    """Build the model from its chapters; raise ModelFault or ValueError where it does not hold together."""
    cards = read_cards(PARAMETER_FOLDER / "levers.yaml", "lever")
    cards += read_cards(PARAMETER_FOLDER / "context.yaml", "context")
    for sector in SECTORS:
        if sector not in WITHOUT_NUMBERS:
            cards += read_cards(PARAMETER_FOLDER / f"{sector}.yaml", "parameter")
    modules = [importlib.import_module(f"pushpull.equations.{sector}") for sector in SECTORS]
    loops = importlib.import_module("pushpull.equations.named_loops").LOOPS
    model = Model.from_modules(modules, cards, loops)
    return Catalogue(model=model, outcomes=_outcomes(model), references=_read("references.yaml"))


def _outcomes(model: Model) -> dict[str, Outcome]:
    entries = _read("outcomes.yaml")
    return {name: Outcome(id=name, variable=model.variables[name], **entry) for name, entry in entries.items()}


def _read(name: str) -> dict:
    return read_table(PARAMETER_FOLDER / name)
