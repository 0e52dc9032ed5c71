"""Check files read and checked: every fault with its line, what is allowed, and the name that was perhaps meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pushpull.catalogue import Catalogue, catalogue
from pushpull.checking.claim import Predicate
from pushpull.checking.expansion import scenarios_of
from pushpull.checking.grammar import ENDS, PRESETS, Check, Ensemble, LeverPosition, ScenarioEntry
from pushpull.checking.predicate_words import WORDS, read_predicate
from pushpull.checking.structure import STRUCTURE
from pushpull.checking.vocabulary import Vocabulary
from pushpull.engine.stepping.methods import METHODS
from pushpull.files.faults import listed, nearest, quote
from pushpull.files.paths import shown
from pushpull.files.tree import Node, read_tree
from pushpull.scenario import ScenarioFaults, corridor_names, policy_names
from pushpull.scenario.draft import MOST_MEMBERS, MOST_STEPS
from pushpull.scenario.library import shipped_folder

GROUP_WORDS = ("describe", "tests", "corridors", "years")
CHECK_WORDS = ("it", "corridors", "years", "ensemble", "scenarios", "outcomes", "predicates", "model", "except")
ENTRY_WORDS = (
    "name", "preset", "with", "at", "with_levers", "with_levers_in", "for_each_lever", "for_each_lever_in",
    "for_each_driver", "for_each_parameter", "without", "package", "policies", "context", "parameters", "formulas",
    "loops_off", "method", "steps_per_year",
)  # fmt: skip
EACH_BLOCK = {"for_each_driver": "context", "for_each_parameter": "parameters"}
LEVER_WORDS = ("with", "with_levers", "with_levers_in", "for_each_lever", "for_each_lever_in", *EACH_BLOCK)
LONGEST = 300
MOST_YEARS = 200


def checks_folder() -> Path:
    """The folder of the checks that come with the package."""
    return shipped_folder() / "checks"


def check_files(folder: Path | str) -> list[Path]:
    """The check files of a folder; what begins with `kind:` holds explanations and is none."""
    return sorted(path for path in Path(folder).glob("*.yaml") if not _explains(path))


def _explains(path: Path) -> bool:
    """Whether a file says that it is of another kind; one that cannot be read is a fault where checks are read."""
    try:
        return re.search(rb"^kind:", path.read_bytes(), re.MULTILINE) is not None
    except OSError:
        return False


def read_checks(path: Path | str, model_catalogue: Catalogue | None = None, try_out: bool = True) -> list[Check]:
    """The checks of a file; raises ScenarioFaults with every fault, those too that show where the scenarios of a check
    are put together, which takes longest and is left out without `try_out`."""
    called = shown(path)
    node, faults = read_tree(Path(path), called)
    reader = CheckReader(called, faults, model_catalogue or catalogue())
    checks = reader.groups(node)
    if not faults and try_out:
        for check in checks:
            reader.try_out(check)
    if faults:
        raise ScenarioFaults(faults)
    return checks


class CheckReader(Vocabulary):
    """Reads the groups, checks and scenarios of a check file and gathers its faults."""

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
        checks = (self.check(test, describe or "", corridors, years) for test in tests)
        return [check for check in checks if check is not None]

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
            word = WORDS[type(predicate)].word
            if WORDS[type(predicate)].needs_outcomes and not looks_at_something:
                self.fault(predicate.line, f'"{word}" needs outcomes to look at', "outcomes: [...]")
            if predicate.single_runs and check.ensemble:
                self.fault(predicate.line, f'"{word}" takes single runs', "no ensemble")

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
            predicate = read_predicate(self, item)
            if predicate is not None:
                yield predicate

    # Scenarios ---------------------------------------------------------------------------------------------

    def scenarios(self, node: Node | None) -> tuple[ScenarioEntry, ...]:
        """The entries of `scenarios`; the corridor as it is where there are none."""
        if node is None:
            return (ScenarioEntry(),)
        return tuple(self.entry(item) for item in self.items(node, "scenarios", "scenarios"))

    def entry(self, node: Node) -> ScenarioEntry:
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
        return ScenarioEntry(
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

    def levers(self, entries: dict[str, Node], node: Node) -> tuple[tuple, tuple[str, ...], tuple[LeverPosition, ...]]:
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
            positions = entries["at"]
            several = positions.value if isinstance(positions.value, list) else [positions]
            read = (self.position(item, names) for item in several)
            return (), names, tuple(position for position in read if position is not None)
        position = self.position(entries["at"], names)
        return tuple((name, position) for name in names if position is not None), (), ()

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

    def pair(self, node: Node) -> tuple[str, LeverPosition] | None:
        """A lever and where it stands."""
        entries = self.mapping(node, "the lever", ("lever", "at"), ("lever", "at"))
        if len(entries) < 2:
            return None
        lever = self.lever(entries["lever"])
        position = self.position(entries["at"], (lever,) if lever else ())
        return None if lever is None or position is None else (lever, position)

    def formulas(self, node: Node) -> dict[str, str]:
        """Rival formulas chosen."""
        settings = self.catalogue.formulas
        chosen = {}
        for name, child in self.mapping(node, "formulas", settings).items():
            chosen[name] = self.choice(child, f"the formula of {name}", settings[name])
        return chosen

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
                except ScenarioFaults as raised:
                    line = entry.line or check.line
                    for fault in raised.faults:
                        self.fault(line, f"{corridor}: {fault.what}", fault.allowed, fault.did_you_mean)
        names = {entry.name for entry in check.scenarios} | {"default", "inherit"}
        for predicate in check.predicates:
            for word, name in WORDS[type(predicate)].scenarios_named(predicate):
                if name not in names:
                    said = [name for name in names if name]
                    message = f"{word} names no scenario {quote(name)}"
                    self.fault(predicate.line, message, listed(said), nearest(name, said))
