"""From an entry of `scenarios` to the scenarios it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from pushpull.checking.grammar import ENDS, Check, LeverPosition, ScenarioEntry
from pushpull.scenario import SCHEMA_VERSION, Fault, Scenario, ScenarioFaults
from pushpull.scenario.forecast_errors import SHOCKS

DEFAULT = "default"


def base_of(corridor: str, years: float | None = None) -> Scenario:
    """The corridor as it is, no policy, up to `years` after the policy start; without shocks to departures, as checks
    are of what equations and numbers say."""
    given = {
        "schema_version": SCHEMA_VERSION,
        "title": corridor.replace("_", " "),
        "corridor": corridor,
        "context": {SHOCKS: 1},
    }
    scenario = Scenario.from_mapping(given, name=corridor, homes=())
    if years is None:
        return scenario
    return scenario.with_changes(end=min(scenario.end, scenario.policy_start + years))


def scenarios_of(check: Check, corridor: str) -> dict[str, Scenario]:
    """Every scenario of a check in a corridor, by its label; raises ScenarioFaults."""
    base = base_of(corridor, check.years)
    scenarios: dict[str, Scenario] = {}
    for entry in check.scenarios:
        for label, scenario in expand(entry, base):
            if scenarios.setdefault(label, scenario) != scenario:
                message = f"two scenarios are called {label}"
                raise ScenarioFaults([Fault(check.file, entry.line, message, "a name for each")])
    return scenarios


def expand(entry: ScenarioEntry, base: Scenario) -> Iterator[tuple[str, Scenario]]:
    """The scenarios an entry stands for, each with a label; raises ScenarioFaults."""
    start = base.with_policy(entry.package) if entry.package else base
    if entry.blocks:
        start = start.with_changes(entry.blocks)
    if entry.integration:
        start = start.with_changes(entry.integration)
    said = [entry.package] if entry.package else []
    said += [f"{name} changed" for block in entry.blocks.values() for name in block]
    said += [f"{word} {value}" for word, value in entry.integration.items()]
    for (preset, moved), loops, formulas in product(_moves(entry, base), _loops(entry, base), _formulas(entry, base)):
        scenario = with_cards(start, moved, entry.each_block)
        if loops or formulas:
            scenario = scenario.with_changes(loops_off=list(loops), formulas=dict(formulas))
        parts = [*said, *([preset] if preset else []), *(f"without loop {name}" for name in loops)]
        parts += [f"{setting}={formula}" for setting, formula in formulas.items()]
        yield _label(entry, parts, varies=bool(entry.each) or entry.preset != DEFAULT), scenario


def _label(entry: ScenarioEntry, parts: list[str], varies: bool) -> str:
    """The entry's own name where it stands for one scenario, else what is particular to this one."""
    if entry.name and not (varies or "each" in (entry.loops_off, entry.formulas)):
        return entry.name
    return ", ".join([*([entry.name] if entry.name else []), *parts]) or DEFAULT


def with_levers(scenario: Scenario, positions: Mapping[str, LeverPosition]) -> Scenario:
    """The scenario with levers put in their positions."""
    return with_cards(scenario, positions, "policies")


def with_cards(scenario: Scenario, positions: Mapping[str, LeverPosition], block: str) -> Scenario:
    """The scenario with levers, drivers or parameters put in their positions."""
    if not positions:
        return scenario
    return scenario.with_changes(
        {block: {name: value_at(scenario, name, position) for name, position in positions.items()}}
    )


def value_at(scenario: Scenario, name: str, position: LeverPosition) -> float | dict[str, float] | None:
    """What a block says for a lever, driver or parameter in its position; None goes back to today's."""
    card = scenario.catalogue.model.cards[name]
    if position in ENDS:
        end = {"min": card.low, "max": card.high, "default": None}[position]
        return end if end is None or card.over != "origin" else dict.fromkeys(scenario.corridor.origins, end)
    return {"times_today": float(position[:-1])} if isinstance(position, str) else position


def _moves(entry: ScenarioEntry, base: Scenario) -> Iterator[tuple[str, dict[str, LeverPosition]]]:
    """Labels and levers moved: the preset, the levers set together, then the levers one by one."""
    together = dict(entry.pairs)
    said = entry.called or ", ".join(f"{name} at {position}" for name, position in together.items())
    if entry.each:
        for name, position in product(entry.each, entry.each_at):
            yield ", ".join(filter(None, (said, f"{name} at {position}"))), {**together, name: position}
        return
    for label, positions in _preset(entry.preset, tuple(base.catalogue.levers)):
        yield ", ".join(filter(None, (said, label))), {**positions, **together}


def _preset(preset: str, levers: tuple[str, ...]) -> Iterator[tuple[str, dict[str, LeverPosition]]]:
    if preset in (DEFAULT, "matrix"):
        yield "", {}
    for end in ("min", "max"):
        if preset in (f"all_{end}", "matrix"):
            yield f"all levers at {end}", dict.fromkeys(levers, end)
        if preset in (f"each_{end}", "matrix"):
            for name in levers:
                yield f"{name} at {end}", {name: end}


def _loops(entry: ScenarioEntry, base: Scenario) -> list[tuple[str, ...]]:
    if entry.loops_off == "each":
        chosen = {**base.formulas, **(entry.formulas if isinstance(entry.formulas, Mapping) else {})}
        loops = base.catalogue.loops.items()
        return [(name,) for name, loop in loops if loop.needs is None or chosen.get(loop.needs[0]) == loop.needs[1]]
    return [tuple(entry.loops_off)]


def _formulas(entry: ScenarioEntry, base: Scenario) -> list[Mapping[str, str]]:
    if isinstance(entry.formulas, str):  # each
        return [{setting: name} for setting, names in base.catalogue.formulas.items() for name in names[1:]]
    return [dict(entry.formulas)]
