"""Check files read and checked: every fault with its line, what is allowed, and the name that was perhaps meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pushpull.catalogue import Catalogue, catalogue
from pushpull.checking.claims import CLAIMS, read_claim
from pushpull.checking.expansion import scenarios_of
from pushpull.checking.grammar import ENDS, PRESETS, Check, Ensemble, Entry, Place
from pushpull.checking.predicates import Predicate
from pushpull.checking.quantities import BUSIEST, EACH, NAME, OTHERS
from pushpull.checking.structure import STRUCTURE
from pushpull.engine.language.declare import population
from pushpull.engine.runs.methods import METHODS
from pushpull.files.atomic import shown
from pushpull.files.faults import listed, nearest, quote
from pushpull.files.tree import Node, parse, read_tree
from pushpull.scenario import Fault, ScenarioFaults, corridor_names, policy_names
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.interpreter import Interpreter
from pushpull.scenario.loading import MOST_MEMBERS, MOST_STEPS

GROUP_WORDS = ("describe", "tests", "corridors", "years")
CHECK_WORDS = ("it", "corridors", "years", "ensemble", "scenarios", "outcomes", "predicates", "model", "except")
ENTRY_WORDS = (
    "name", "preset", "with", "at", "with_levers", "with_levers_in", "for_each_lever", "for_each_lever_in",
    "for_each_driver", "for_each_parameter", "without", "package", "policies", "context", "parameters", "formulas",
    "loops_off", "method", "steps_per_year",
)  # fmt: skip
EACH_BLOCK = {"for_each_driver": "context", "for_each_parameter": "parameters"}
LEVER_WORDS = ("with", "with_levers", "with_levers_in", "for_each_lever", "for_each_lever_in", *EACH_BLOCK)
TIMES_TODAY = re.compile(r"\d+(\.\d+)?x\Z")
LONGEST = 300
MOST_YEARS = 200
KINDS = ("stock", "flow", "auxiliary", "variable")


def check_files(folder: Path | str) -> list[Path]:
    """The check files of a folder; what begins with `kind:` holds explanations and is none."""
    return sorted(path for path in Path(folder).glob("*.yaml") if not _explains(path))


def _explains(path: Path) -> bool:
    """Whether a file says that it is of another kind; one that cannot be read is told of where checks are read."""
    try:
        return re.search(rb"^kind:", path.read_bytes(), re.MULTILINE) is not None
    except OSError:
        return False


def read_checks(path: Path | str, known: Catalogue | None = None) -> list[Check]:
    """The checks of a file; raises ScenarioFaults with every fault."""
    called = shown(path)
    return _checks(*read_tree(Path(path), called), called, known)


def read_text(text: str, shown: str = "checks.yaml", known: Catalogue | None = None) -> list[Check]:
    """The checks of a YAML text; raises ScenarioFaults with every fault."""
    return _checks(*parse(text, shown), shown, known)


def _checks(node: Node, faults: list[Fault], shown: str, known: Catalogue | None) -> list[Check]:
    reader = CheckReader(shown, faults, known or catalogue())
    checks = reader.groups(node)
    if not faults:
        for check in checks:
            reader.try_out(check)
    if faults:
        raise ScenarioFaults(faults)
    return checks


class CheckReader(Interpreter):
    """Reads the groups, checks and scenarios of a check file and gathers its faults."""

    def __init__(self, file: str, faults: list[Fault], known: Catalogue):
        super().__init__(file, faults, known, None)

    # Groups and checks -------------------------------------------------------------------------------------

    def groups(self, node: Node) -> list[Check]:
        """Every check of every group."""
        return [check for group in self.items(node, "a check file", "groups with describe and tests")
                for check in self.group(group)]  # fmt: skip

    def group(self, node: Node) -> list[Check]:
        """The checks of one group."""
        entries = self.mapping(node, "the group", GROUP_WORDS, ("describe", "tests"))
        describe = self.text(entries["describe"], "describe", LONGEST) if "describe" in entries else None
        corridors = self.corridors(entries.get("corridors"), tuple(corridor_names()))
        years = self.years(entries.get("years"), None)
        tests = self.items(entries["tests"], "tests", "checks with it") if "tests" in entries else []
        found = (self.check(test, describe or "", corridors, years) for test in tests)
        return [check for check in found if check is not None]

    def check(self, node: Node, describe: str, corridors: tuple[str, ...], years: float | None) -> Check | None:
        """One check."""
        entries = self.mapping(node, "the check", CHECK_WORDS, ("it",))
        it = self.text(entries["it"], "it", LONGEST) if "it" in entries else None
        if "predicates" not in entries and "model" not in entries:
            self.fault(node.line, "the check claims nothing", "predicates, or model")
        check = Check(
            file=self.file,
            line=node.line,
            describe=describe,
            it=it or "",
            corridors=self.corridors(entries.get("corridors"), corridors),
            years=self.years(entries.get("years"), years),
            ensemble=self.ensemble(entries["ensemble"]) if "ensemble" in entries else None,
            scenarios=self.scenarios(entries.get("scenarios")),
            outcomes=self.outcomes(entries["outcomes"]) if "outcomes" in entries else (),
            predicates=tuple(self.predicates(entries["predicates"])) if "predicates" in entries else (),
            model=self.structure(entries["model"]) if "model" in entries else (),
            excepted=self.exceptions(entries["except"]) if "except" in entries else {},
        )
        self.fits(check, looks_at_something="outcomes" in entries)
        return check

    def fits(self, check: Check, looks_at_something: bool) -> None:
        """Faults of claims that lack what they look at."""
        for predicate in check.predicates:
            word = CLAIMS[type(predicate)].word
            if CLAIMS[type(predicate)].needs_outcomes and not looks_at_something:
                self.fault(predicate.line, f'"{word}" needs outcomes to look at', "outcomes: [...]")
            if predicate.single_runs and check.ensemble:
                self.fault(predicate.line, f'"{word}" takes single runs', "no ensemble")

    def corridors(self, node: Node | None, inherited: tuple[str, ...]) -> tuple[str, ...]:
        """Corridor ids, or those of the group."""
        if node is None:
            return inherited
        return self.names(node, "corridors", corridor_names())

    def years(self, node: Node | None, inherited: float | None) -> float | None:
        """How many years after the policy start a run goes on."""
        if node is None:
            return inherited
        return self.between(node, "years", 0.25, MOST_YEARS)

    def ensemble(self, node: Node) -> Ensemble | None:
        """Members, seed, and the share of members in which the check must hold."""
        entries = self.mapping(node, "ensemble", ("members", "seed", "holds_in"), ("members", "holds_in"))
        members = self.whole(entries["members"], "members", 2, MOST_MEMBERS) if "members" in entries else None
        seed = self.whole(entries["seed"], "seed", 0, 2**53) if "seed" in entries else 1
        share = self.between(entries["holds_in"], "holds_in", 0.01, 1) if "holds_in" in entries else None
        return None if None in (members, seed, share) else Ensemble(members, seed, share)

    def structure(self, node: Node) -> tuple[str, ...]:
        """Names of claims about the equations."""
        return self.names(node, "model", STRUCTURE)

    def exceptions(self, node: Node) -> dict[str, str]:
        """Where the claim need not hold, each with the reason."""
        if not node.is_mapping or not node.value:
            self.fault(node.line, f"except is {node.kind()}", "a mapping of places and reasons")
            return {}
        return {str(name): self.text(why, f"the reason for {name}", LONGEST) or "" for name, why in node.value.items()}

    def predicates(self, node: Node) -> Iterator[Predicate]:
        """The claims of a check."""
        for item in self.items(node, "predicates", "claims"):
            predicate = read_claim(self, item)
            if predicate is not None:
                yield predicate

    # Outcomes ----------------------------------------------------------------------------------------------

    def outcomes(self, node: Node) -> tuple[str, ...]:
        """Names of variables; `all` is every outcome, {group: ...} and {every: ..., unit: ...} are several."""
        if node.value == "all":
            return tuple(self.catalogue.outcomes)
        found: list[str] = []
        for item in self.items(node, "outcomes", "names, {group: ...}, {every: ..., unit: ...} or all"):
            found += self.several(item) if item.is_mapping else filter(None, [self.outcome(item)])
        return tuple(dict.fromkeys(found))

    def several(self, node: Node) -> tuple[str, ...]:
        """Outcomes of a group, or variables of a kind and unit."""
        if "group" in node.value:
            groups = dict.fromkeys(outcome.group for outcome in self.catalogue.outcomes.values())
            entries = self.mapping(node, "outcomes", ("group",))
            group = self.choice(entries["group"], "group", groups)
            return tuple(name for name, outcome in self.catalogue.outcomes.items() if outcome.group == group)
        entries = self.mapping(node, "outcomes", ("every", "unit"), ("every",))
        kind = self.choice(entries["every"], "every", KINDS) if "every" in entries else None
        units = dict.fromkeys(variable.unit for variable in self.catalogue.model.variables.values())
        given = entries.get("unit")
        unit = self.choice(Node(str(given.value), given.line), "unit", units) if given is not None else None
        return tuple(
            name
            for name, variable in self.catalogue.model.variables.items()
            if kind in (variable.kind, "variable") and (given is None or variable.unit == unit)
        )

    def outcome(self, node: Node, what: str = "the outcome") -> str | None:
        """A variable, lever or driver; with @ROUTE or [POPULATION] a part of it."""
        model = self.catalogue.model
        names = {**model.variables, **model.inputs}
        found = NAME.match(node.value) if isinstance(node.value, str) else None
        if not found or found["name"] not in names:
            many = "an outcome or variable, such as those of `pushpull list outcomes`"
            guess = nearest(found["name"], names) if found else ""
            given = quote(node.value) if isinstance(node.value, str) else node.kind()
            self.fault(node.line, f"{what} is {given}", many, guess)
            return None
        over = model.over(found["name"])
        if found["route"] not in (None, EACH):
            routes = (*self.known_routes(), EACH, BUSIEST, OTHERS)
            if "route" not in over or found["route"] not in routes:
                allowed = listed(routes) if "route" in over else "no route"
                self.fault(node.line, f"{found['name']} knows no route {quote(found['route'])}", allowed)
                return None
        if found["who"] and (found["who"] not in population.labels or "population" not in over):
            allowed = listed(population.labels) if "population" in over else "no population"
            self.fault(node.line, f"{found['name']} knows no population {quote(found['who'])}", allowed)
            return None
        return node.value

    def known_routes(self) -> tuple[str, ...]:
        """The routes of all shipped corridors."""
        found = {}
        for name in corridor_names():
            found |= dict.fromkeys(Corridor.load(name, self.catalogue, homes=()).routes)
        return tuple(found)

    # Scenarios ---------------------------------------------------------------------------------------------

    def scenarios(self, node: Node | None) -> tuple[Entry, ...]:
        """The entries of `scenarios`; the corridor as it is where there are none."""
        if node is None:
            return (Entry(),)
        return tuple(self.entry(item) for item in self.items(node, "scenarios", "scenarios"))

    def entry(self, node: Node) -> Entry:
        """One entry of `scenarios`."""
        entries = self.mapping(node, "the scenario", ENTRY_WORDS)
        together, each, each_at = self.levers(entries, node)
        preset = PRESETS[0]
        if "preset" in entries:
            preset = self.choice(entries["preset"], "preset", PRESETS) or preset
        grouped = "with_levers_in" in entries and "at" in entries
        blocks = {}
        if "policies" in entries:
            blocks["policies"] = self.settings(entries["policies"], "policies")
        if "context" in entries:
            blocks["context"] = self.settings(entries["context"], "context")
        if "parameters" in entries:
            blocks["parameters"] = self.constants(entries["parameters"])
        integration = {}
        if "method" in entries:
            integration["method"] = self.choice(entries["method"], "method", METHODS)
        if "steps_per_year" in entries:
            integration["steps_per_year"] = self.whole(entries["steps_per_year"], "steps_per_year", 1, MOST_STEPS)
        return Entry(
            line=node.line,
            name=(self.text(entries["name"], "name", LONGEST) or "") if "name" in entries else "",
            called=f"all {entries['with_levers_in'].value} levers at {entries['at'].value}" if grouped else "",
            preset=preset,
            package=self.choice(entries["package"], "package", policy_names()) if "package" in entries else None,
            pairs=together,
            each=each,
            each_at=each_at,
            each_block=next((block for word, block in EACH_BLOCK.items() if word in entries), "policies"),
            blocks=blocks,
            loops_off=self.each_or(entries.get("loops_off"), self.loops),
            formulas=self.each_or(entries.get("formulas"), self.formulas) or {},
            integration=integration,
        )  # fmt: skip

    def levers(self, entries: dict[str, Node], node: Node) -> tuple[tuple, tuple[str, ...], tuple[Place, ...]]:
        """Levers set together, levers moved one by one, and where to."""
        words = [word for word in LEVER_WORDS if word in entries]
        if len(words) > 1:
            self.fault(node.line, f"the scenario has {listed(words)}", "one of them")
        if not words:
            if "at" in entries:
                self.fault(entries["at"].line, '"at" without a lever', "with: LEVER")
            return (), (), ()
        word, child = words[0], entries[words[0]]
        if word == "with" and isinstance(child.value, list):
            pairs = (self.pair(item) for item in child.value)
            return tuple(pair for pair in pairs if pair), (), ()
        if "at" not in entries:
            self.fault(node.line, f'"{word}" lacks "at"', listed((*ENDS, "a number", "2x")))
            return (), (), ()
        names = self.lever_names(word, child)
        if "without" in entries:
            left_out = self.names(entries["without"], "without", names)
            names = tuple(name for name in names if name not in left_out)
        if word.startswith("for_each"):
            places = entries["at"]
            several = places.value if isinstance(places.value, list) else [places]
            found = tuple(filter(lambda place: place is not None, (self.place(one, names) for one in several)))
            return (), names, found
        place = self.place(entries["at"], names)
        return tuple((name, place) for name in names if place is not None), (), ()

    def lever_names(self, word: str, node: Node) -> tuple[str, ...]:
        """The levers an entry names: one, a list, all, or those of a group."""
        levers = self.cards(EACH_BLOCK.get(word, "policies"))
        if word.endswith("_in"):
            groups = dict.fromkeys(card.group for card in levers.values())
            group = self.choice(node, word, groups)
            return tuple(name for name, card in levers.items() if card.group == group)
        if node.value == "all" and word != "with":
            return tuple(levers)
        return self.names(Node([node], node.line) if isinstance(node.value, str) else node, word, levers)

    def pair(self, node: Node) -> tuple[str, Place] | None:
        """A lever and where it stands."""
        entries = self.mapping(node, "the lever", ("lever", "at"), ("lever", "at"))
        if len(entries) < 2:
            return None
        lever = self.lever(entries["lever"])
        place = self.place(entries["at"], (lever,) if lever else ())
        return None if lever is None or place is None else (lever, place)

    def lever(self, node: Node, what: str = "the lever") -> str | None:
        """The name of a lever."""
        many = "one of the names of `pushpull list levers`"
        return self.choice(node, what, self.catalogue.levers, many)

    def place(self, node: Node, levers: Iterable[str]) -> Place | None:
        """min, max, default, a number in the range of the levers, or a multiple of today's value such as 2x."""
        if isinstance(node.value, str):
            if node.value in ENDS or TIMES_TODAY.match(node.value):
                return node.value
            guess = nearest(node.value, ENDS)
            self.fault(node.line, f"at is {quote(node.value)}", listed((*ENDS, "a number", "2x")), guess)
            return None
        value = self.number(node, "at")
        for name in levers if value is not None else ():
            card = self.catalogue.model.cards[name]
            if self.bounded(value, node, card, name) is None:
                return None
        return value

    def formulas(self, node: Node) -> dict[str, str]:
        """Rival formulas chosen."""
        settings = self.catalogue.formulas
        found = {}
        for name, child in self.mapping(node, "formulas", settings).items():
            found[name] = self.choice(child, f"the formula of {name}", settings[name])
        return found

    def loops(self, node: Node) -> tuple[str, ...]:
        """Loops switched off."""
        return self.names(node, "loops_off", self.catalogue.loops)

    def each_or(self, node: Node | None, read: Callable):
        """The word "each", or what `read` makes of the node."""
        if node is None:
            return ()
        return "each" if node.value == "each" else read(node)

    def try_out(self, check: Check) -> None:
        """Put the scenarios of a check together in every corridor, and note what a corridor refuses."""
        for corridor in check.corridors if check.predicates else ():
            for entry in check.scenarios:
                try:
                    scenarios_of(replace(check, scenarios=(entry,)), corridor)
                except ScenarioFaults as found:
                    line = entry.line or check.line
                    for fault in found.faults:
                        self.fault(line, f"{corridor}: {fault.what}", fault.allowed, fault.did_you_mean)
        names = {entry.name for entry in check.scenarios} | {"default", "inherit"}
        for predicate in check.predicates:
            for word, name in CLAIMS[type(predicate)].scenarios_named(predicate):
                if name not in names:
                    said = [one for one in names if one]
                    told = f"{word} names no scenario {quote(name)}"
                    self.fault(predicate.line, told, listed(said), nearest(name, said))
