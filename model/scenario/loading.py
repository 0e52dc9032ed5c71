"""Scenario files: reading a file and what it extends, laying them over each other, checking the whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from pushpull.engine.runs.methods import METHODS, QUARTER, SAVE_EVERY, STEPS_PER_YEAR, saves_per_year
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.suggestions import proposed
from pushpull.files.tree import Node, decode, from_python, parse, read_bytes
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.corridor_loading import check_horizon, check_version, read_horizon
from pushpull.scenario.file_kinds import SCENARIO, misplaced
from pushpull.scenario.interpreter import POPULATIONS, Constants, Interpreter, Setting, in_range, within
from pushpull.scenario.library import Refused, corridor_at, find, find_corridor, find_extended
from pushpull.scenario.migrations import CLASSICAL, EARLIER, SCHEMA_VERSION, Note, classical, renewed
from pushpull.scenario.schedules import NOWHERE, Where, value_at
from pushpull.scenario.share_sums import keys_of, whole_fault

KEYS = (
    "schema_version",
    "title",
    "question",
    "corridor",
    "extends",
    "horizon",
    "policies",
    "context",
    "parameters",
    "formulas",
    "loops_off",
    "ensemble",
    "integration",
)
POLICY_KEYS = ("schema_version", "kind", "title", "question", "policies")
MOST_MEMBERS = 100_000
LONGEST_TITLE, LONGEST_QUESTION = 200, 5000
MOST_STEPS = 1024
MOST_STATES = 16_000
INTEGRATION = ("method", "steps_per_year", "save_every")
LONGEST_CHAIN = 16
LATEST_END = 2200.0


@dataclass
class Parts:
    """What is known of a scenario while its files are laid over each other."""

    title: str = ""
    question: str = ""
    corridor: Corridor | None = None
    horizon: dict[str, float] = field(default_factory=dict)
    horizon_place: Where = NOWHERE
    policies: dict[str, Setting] = field(default_factory=dict)
    context: dict[str, Setting] = field(default_factory=dict)
    parameters: dict[str, Constants] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    loops_off: tuple[str, ...] = ()
    options: dict[str, object] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    classical: Note | None = None
    integration_place: Where = NOWHERE


@dataclass(frozen=True)
class Source:
    """A file that was read: its tree, its name for people, its folder."""

    node: Node
    shown: str
    folder: File | None
    path: File | None = None
    homes: Iterable[File] | None = None  # of corridors of one's own; None is where they are always looked for

    @property
    def shown_folder(self) -> str:
        """The folder's name for people."""
        return os.path.dirname(self.shown)


def load(kind, path_or_name: str | os.PathLike, catalogue=None):
    """A scenario of the class `kind` from a file or a shipped name; a corridor stands for itself as it is today."""
    corridor = read_corridor(path_or_name, catalogue)
    if corridor is not None:
        return of_corridor(kind, corridor, catalogue)
    path, shown = find(path_or_name)
    faults: list[Fault] = []
    file = read_file(path, shown, faults)
    return _make(kind, file, faults, catalogue)


def read_corridor(path_or_name: str | os.PathLike, catalogue=None) -> Corridor | None:
    """The corridor that a path or an id means, or None where it means something else."""
    try:
        found = corridor_at(path_or_name)
    except Refused as refused:
        raise ScenarioFaults([refused.at(os.fspath(path_or_name))]) from None
    return None if found is None else Corridor.read(*found, catalogue)


def of_corridor(kind, corridor: Corridor, catalogue=None):
    """The scenario that a corridor is with nothing changed."""
    cards = catalogue
    if cards is None:
        from pushpull.catalogue import catalogue as shipped

        cards = shipped()
    parts = Parts(title=corridor.title, question=corridor.question, corridor=corridor)
    return finish(kind, parts, [], cards, catalogue, None)


def load_text(kind, text: str, name: str, catalogue=None, homes: Iterable[File] | None = None):
    """A scenario from YAML text; it may extend only shipped scenarios."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return _make(kind, Source(node, name, None, homes=homes), faults, catalogue)


def load_mapping(kind, mapping: Mapping, name: str, catalogue=None, homes: Iterable[File] | None = None):
    """A scenario from Python values."""
    return _make(kind, Source(from_python(mapping, name), name, None, homes=homes), [], catalogue)


def read_file(path: File, shown: str, faults: list[Fault]) -> Source:
    """A file as a tree."""
    node, found = parse(decode(read_bytes(path, shown), shown), shown)
    faults.extend(found)
    return Source(node, shown, path.parent, path)


def _make(kind, file: Source, faults: list[Fault], catalogue):
    cards = catalogue
    if cards is None:
        from pushpull.catalogue import catalogue as shipped

        cards = shipped()
    if file.node.is_mapping and "kind" in file.node.value:
        told = "this is a policy package; lay it over a scenario (--policy, or with_policy)"
        if file.node.value["kind"].value != "policy":
            told = f"kind is {file.node.value['kind'].kind()}"
        raise ScenarioFaults([*faults, Fault(file.shown, file.node.line_of("kind"), told, "a scenario has no kind")])
    apart = misplaced(file.node, file.shown, SCENARIO, "a file with title and corridor")
    if apart is not None:
        raise ScenarioFaults([*faults, apart])
    parts = Parts()
    for each in reversed(_chain(file, faults)):
        lay_file(parts, each, faults, cards)
    return finish(kind, parts, faults, cards, catalogue, file.path)


def _chain(file: Source, faults: list[Fault]) -> list[Source]:
    """The file, the one it extends, and so on; a cycle or a faulty file ends it."""
    chain = [file]
    seen = {file.path.resolve()} if file.path else set()
    while chain[-1].node.is_mapping and "extends" in chain[-1].node.value:
        last = chain[-1]
        if "corridor" in last.node.value:
            break
        target = last.node.value["extends"]
        line = last.node.line_of("extends")
        if not isinstance(target.value, str) or not target.value:
            faults.append(Fault(last.shown, line, f"extends is {target.kind()}", "the name of a scenario file"))
            break
        try:
            path, shown = find_extended(target.value, last.folder, last.shown_folder)
            if path.resolve() in seen:
                steps = " > ".join(each.shown for each in (*chain, Source(last.node, shown, None)))
                faults.append(Fault(last.shown, line, f"extends goes round in a circle: {steps}"))
                break
            if len(chain) >= LONGEST_CHAIN:
                faults.append(Fault(last.shown, line, "the chain of extends is too long", f"{LONGEST_CHAIN} files"))
                break
            seen.add(path.resolve())
            chain.append(read_file(path, shown, faults))
        except Refused as refused:
            faults.append(refused.at(last.shown, line))
            break
        except ScenarioFaults as found:
            faults.extend(found.faults)
            break
    return chain


def lay_file(parts: Parts, file: Source, faults: list[Fault], catalogue) -> None:
    """Lay one file over what is known so far."""
    reader = Interpreter(file.shown, faults, catalogue, None)
    node, notes = renewed(file.node, file.shown, catalogue.parameters)
    parts.notes += notes
    needed = () if node.is_mapping and "extends" in node.value else ("title",)
    entries = reader.mapping(node, "the scenario", KEYS, needed)
    check_version(reader, entries, node, SCHEMA_VERSION, EARLIER)
    if "corridor" in entries and "extends" in entries:
        reader.fault(entries["extends"].line, "both corridor and extends are given", "one of the two")
    elif "corridor" in entries:
        parts.corridor = _corridor(reader, entries["corridor"], file, catalogue)
    elif "extends" not in entries and node.is_mapping:
        reader.fault(node.line, 'the scenario lacks "corridor" (or "extends")')
    lay(parts, entries, reader)
    if notes:
        parts.classical = classical(entries, file.shown) or parts.classical


def _corridor(reader: Interpreter, node: Node, file: Source, catalogue) -> Corridor | None:
    name = reader.text(node, "corridor", 64)
    if name is None:
        return None
    try:
        path, shown = find_corridor(name, file.folder, file.shown_folder, file.homes)
        return Corridor.read(path, shown, catalogue)
    except Refused as refused:
        reader.faults.append(refused.at(file.shown, node.line))
    except ScenarioFaults as found:
        reader.faults.extend(found.faults)
    return None


def lay(parts: Parts, entries: Mapping[str, Node], reader: Interpreter) -> None:
    """Lay the blocks of a file, a policy package or a change over what is known."""
    if parts.corridor is not None:
        reader.routes, reader.busiest = tuple(parts.corridor.routes), parts.corridor.busiest
    for key, longest in (("title", LONGEST_TITLE), ("question", LONGEST_QUESTION)):
        if key in entries:
            text = reader.text(entries[key], key, longest)
            setattr(parts, key, text if text is not None else getattr(parts, key))
    if "horizon" in entries:
        parts.horizon |= read_horizon(reader, entries["horizon"])
        parts.horizon_place = reader.where(entries["horizon"])
    for block in ("policies", "context"):
        if block in entries:
            merge(getattr(parts, block), reader.settings(entries[block], block), reader)
    if "parameters" in entries:
        merge(parts.parameters, reader.constants(entries["parameters"]), reader)
    if "formulas" in entries:
        parts.formulas |= _formulas(reader, entries["formulas"])
    if "loops_off" in entries:
        parts.loops_off = _loops(reader, entries["loops_off"])
    if "ensemble" in entries:
        given = reader.mapping(entries["ensemble"], "ensemble", ("members", "seed"))
        if "members" in given:
            parts.options["members"] = reader.whole(given["members"], "members", 1, MOST_MEMBERS)
        if "seed" in given:
            parts.options["seed"] = reader.whole(given["seed"], "seed", 0, 2**53)
    if "integration" in entries:
        given = reader.mapping(entries["integration"], "integration", INTEGRATION)
        if "method" in given:
            parts.options["method"] = reader.choice(given["method"], "method", METHODS)
        if "steps_per_year" in given:
            steps = reader.whole(given["steps_per_year"], "steps_per_year", 1, MOST_STEPS)
            parts.options["steps_per_year"] = steps
        if "save_every" in given:
            parts.options["save_every"] = reader.choice(given["save_every"], "save_every", tuple(SAVE_EVERY))
        parts.integration_place = reader.where(entries["integration"])


def merge(below: dict, above: Mapping, reader: Interpreter) -> None:
    """Lay settings over settings, route by route; what is the same for every route is one form again."""
    for name, given in above.items():
        held = below.get(name)
        if isinstance(given, dict):
            card = reader.catalogue.parameters.get(name)
            populations = card is not None and card.over == "population"
            keys = POPULATIONS if populations else (reader.routes or tuple(given))
            if held is None:
                whole = dict(given)
            else:
                whole = {**(held if isinstance(held, dict) else dict.fromkeys(keys, held)), **given}
            ordered = {key: whole[key] for key in keys if key in whole}
            forms = list(ordered.values())
            alike = len(ordered) == len(keys) and all(form == forms[0] for form in forms)
            below[name] = forms[0] if alike else ordered
        else:
            below[name] = given


def _formulas(reader: Interpreter, node: Node) -> dict[str, str]:
    found = {}
    settings = reader.catalogue.formulas
    for name, child in reader.mapping(node, "formulas", settings).items():
        choice = reader.choice(child, f"the formula of {name}", settings[name])
        if choice is not None:
            found[name] = choice
    return found


def _loops(reader: Interpreter, node: Node) -> tuple[str, ...]:
    if not isinstance(node.value, list):
        remedy = proposed(f"[{node.value}]") if node.value in tuple(reader.catalogue.loops) else ""
        reader.fault(node.line, f"loops_off is {node.kind()}", "a list of loop ids", remedy=remedy)
        return ()
    loops = reader.catalogue.loops
    many = f"one of the {len(loops)} names of `pushpull list loops`"
    found = (reader.choice(child, "a loop to switch off", loops, many) for child in node.value)
    return tuple(sorted({name for name in found if name is not None}))


def finish(kind, parts: Parts, faults: list[Fault], catalogue, given_catalogue, path: File | None):
    """The scenario, after the checks that need the whole; raises ScenarioFaults."""
    corridor = parts.corridor
    if corridor is not None:
        years = {key: getattr(corridor, key) for key in ("start", "end", "policy_start")} | parts.horizon
        file, line = parts.horizon_place
        reader = Interpreter(file or "the scenario", faults, catalogue, tuple(corridor.routes))
        before = len(faults)
        _check_years(reader, line, corridor, **years)
        if len(faults) == before:
            for name, setting in (*parts.policies.items(), *parts.context.items()):
                _check_setting(faults, name, setting, corridor, catalogue, years["policy_start"])
            for name, given in parts.parameters.items():
                _check_constants(faults, name, given, corridor, catalogue)
                if catalogue.parameters[name].sums_to is not None:
                    _check_whole(faults, name, given, corridor, catalogue)
        if len(faults) == before:
            _check_saving(faults, parts, corridor, years["end"])
    if faults or corridor is None:
        raise ScenarioFaults(faults)
    if parts.classical is not None and parts.options.get("method") is None:
        parts.options["method"] = CLASSICAL
        parts.notes.append(parts.classical)
    options = {key: value for key, value in parts.options.items() if value is not None}
    return kind(
        title=parts.title,
        question=parts.question,
        corridor=corridor,
        **years,
        policies=parts.policies,
        context=parts.context,
        parameters=parts.parameters,
        formulas=dict(sorted(parts.formulas.items())),
        loops_off=parts.loops_off,
        **options,
        notes=tuple(parts.notes),
        source_path=path,
        given_catalogue=given_catalogue,
    )


def _check_years(
    reader: Interpreter, line: int | None, corridor: Corridor, start: float, end: float, policy_start: float
) -> None:
    """A horizon inside the corridor's; it may end before the policy start, so that history runs alone."""
    if start < corridor.start:
        told = f"the horizon starts in {start:g}, before the corridor {corridor.id} does"
        reader.fault(line, told, f"{corridor.start:g} or later")
    elif start >= end:
        reader.fault(line, f"the horizon ends in {end:g} but starts in {start:g}", f"an end after {start:g}")
    else:
        check_horizon(reader, line, corridor.start, end, policy_start, corridor.end)


def _check_saving(faults: list[Fault], parts: Parts, corridor: Corridor, end: float) -> None:
    """Whole steps from one saved state to the next, and no more states than a result holds."""
    steps, every = parts.options.get("steps_per_year") or STEPS_PER_YEAR, parts.options.get("save_every") or QUARTER
    file, line = parts.integration_place[0] or "the scenario", parts.integration_place[1]
    if every == "month" and steps % SAVE_EVERY[every]:
        told = f"save_every is month, but {steps} steps a year make no whole months"
        allowed = "steps_per_year that is a multiple of 12, or save_every: quarter or step"
        faults.append(Fault(file, line, told, allowed))
    states = round((end - corridor.start) * saves_per_year(every, steps))
    if every == "step" and states > MOST_STATES:
        told = f"save_every is step, which makes {states:,} states"
        faults.append(Fault(file, line, told, f"at most {MOST_STATES:,}: save_every: month, or fewer steps_per_year"))


def _check_setting(faults, name, setting, corridor, catalogue, policy_start) -> None:
    """No effect before the policy start, and every multiple of today's value within its range."""
    card = catalogue.levers[name] if name in catalogue.levers else catalogue.context[name]
    routed = list(corridor.routes) if card.over == "route" else [None]
    forms = setting.items() if isinstance(setting, Mapping) else [(None, setting)]
    for key, form in forms:
        if form.first_year is not None and form.first_year < policy_start:
            told = f"{name} changes in {form.first_year:g}, before the policy start"
            faults.append(Fault(*form.where, told, f"{policy_start:g} or later"))
        for route in [key] if key is not None else routed:
            today = value_at(corridor.path(name, catalogue, route), policy_start)
            of = f"{name} of {route}" if route else name
            if any(_outside(faults, of, amount, today, card) for amount in form.amounts):
                break


def _check_constants(faults, name, given, corridor, catalogue) -> None:
    card = catalogue.parameters[name]
    keys = {"route": list(corridor.routes), "population": list(POPULATIONS)}.get(card.over, [None])
    pairs = given.items() if isinstance(given, Mapping) else [(key, given) for key in keys]
    for key, amount in pairs:
        of = f"{name} of {key}" if key else name
        if _outside(faults, of, amount, corridor.parameter(name, catalogue, key), card):
            break


def _check_whole(faults, name, given, corridor, catalogue) -> None:
    """The shares of all routes or populations make one whole."""
    card = catalogue.parameters[name]
    keys = keys_of(card, corridor.routes)
    pairs = given if isinstance(given, Mapping) else dict.fromkeys(keys, given)
    shares = {key: corridor.parameter(name, catalogue, key) for key in keys}
    shares |= {key: amount.resolved(shares[key]) for key, amount in pairs.items()}
    fault = whole_fault(card, shares, next(iter(pairs.values())).where)
    if fault is not None:
        faults.append(fault)


def _outside(faults, of, amount, today, card) -> bool:
    if not amount.times_today or within(amount.resolved(today), card):
        return False
    told = f"{of} is {amount.value:g} times today's {today:g}, outside its range"
    faults.append(Fault(amount.where[0] or "the scenario", amount.where[1], told, in_range(card)))
    return True
