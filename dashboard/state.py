"""What a session holds: a scenario, the package it began with, and what is looked at.

A `State` is never altered; each change gives a new one, so that a step back is the state before. Its
scenario is the one the command line and Python would run: a state goes to a link, and to a YAML file, and
comes back the same.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from dashboard import link
from model.catalogue import catalogue
from model.scenario import (
    Fault,
    Heading,
    Scenario,
    ScenarioFaults,
    heading,
    policy_names,
    scenario_names,
)
from model.scenario.schedules import Constant, Pulse, Ramp, Step, Table

FIRST = "us_southwest_border"
TABS = ("outcomes", "routes", "recorded")
LARGEST_UPLOAD = 1_000_000
_MARKUP = re.compile(r"<\s*[A-Za-z/!?]|&#|javascript:", re.IGNORECASE)

# The people's row is always shown; the other cards are for the user to choose.
PEOPLE = ("protection_gap", "deaths_in_transit", "people_exploited")
CHOSEN = (
    *("smuggled_migrants", "irregular_residents", "legal_admissions"),
    *("unfilled_vacancies", "public_concern", "public_cost"),
)

Setting = float | Mapping[str, float]


class Refused(ValueError):
    """Something a user gave that the session does not take; `lines` say why, one fault a line."""

    def __init__(self, summary: str, lines: Iterable[str] = ()):
        super().__init__(summary)
        self.summary, self.lines = summary, tuple(lines)


@dataclass(frozen=True)
class View:
    """What is looked at: the tab, the outcomes on the cards, and the year they show (None: the last)."""

    tab: str = TABS[0]
    chosen: tuple[str, ...] = CHOSEN
    year: float | None = None


@dataclass(frozen=True)
class State:
    """A scenario, the shipped one it opened with, the package laid over it, and the view."""

    opened: str
    scenario: Scenario
    package: str | None = None
    view: View = field(default_factory=View)

    def __post_init__(self) -> None:
        end, start = self.scenario.end, self.scenario.policy_start
        if end <= start:
            raise Refused(f"The run would end in {end:g}, before any policy starts in {start:g}.")

    # Making one --------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, name: str = FIRST, view: View | None = None) -> State:
        """The shipped scenario of that name, as it stands today."""
        if name not in scenario_names():
            raise Refused(f"There is no corridor called {name[:60]!r}.")
        return cls(name, shipped(name), view=view or View())

    def reset(self) -> State:
        """As the corridor stands today: no policy, no change of context, nothing else; the view stays."""
        return State.opening(self.opened, self.view)

    def with_scenario(self, scenario: Scenario) -> State:
        """The same with another scenario of the same corridor."""
        return replace(self, scenario=scenario)

    def with_package(self, name: str | None) -> State:
        """The policy package of that name instead of every lever moved; None is today's policy."""
        plain = shipped(self.opened).baseline()
        bare = self.scenario.with_changes(title=plain.title).baseline()
        return replace(self, scenario=bare.with_policy(name) if name else bare, package=name)

    def with_horizon(self, **years: float) -> State:
        """The same with another `end` or `policy_start`."""
        changed = replace(self, scenario=self.scenario.with_changes(**years))
        year = changed.view.year
        if year is not None and not changed.scenario.policy_start <= year <= changed.scenario.end:
            changed = changed.looking(year=None)
        return changed

    def without_context(self) -> State:
        """The same with the context as the record leaves it."""
        names = dict.fromkeys(self.scenario.context)
        return self.with_scenario(self.scenario.with_changes(context=names)) if names else self

    def looking(self, **view) -> State:
        """The same with something else looked at."""
        return replace(self, view=replace(self.view, **view))

    def in_year(self, year: float) -> State:
        """The same with the cards at another year."""
        if not self.scenario.policy_start <= year <= self.scenario.end:
            raise Refused(f"The year {year:g} lies outside the run.")
        return self.looking(year=None if year == self.scenario.end else year)

    # Levers and context ------------------------------------------------------------------------------------

    def with_value(self, name: str, value: float | None, route: str | None = None) -> State:
        """A lever or context driver set to a value from the policy start on, for all routes or one.

        A schedule keeps its years and aims at the new value. None, or today's value, unsets the name. Raises
        ScenarioFaults where the value is out of range.
        """
        block = "policies" if name in catalogue().levers else "context"
        forms = self._forms(name)
        for key in forms if route is None else (route,):
            if key not in forms:
                raise Refused(f"There is no route called {str(key)[:60]!r}.")
            form = None if value is None or value == self._today(name, key) else _aimed(forms[key], value)
            forms[key] = form
        bare = self.scenario.with_changes(**{block: {name: None}})
        given = {key: form for key, form in forms.items() if form is not None}
        if not given:
            return self.with_scenario(bare)
        whole = given[None] if None in given else given
        return self.with_scenario(bare.with_changes(**{block: {name: whole}}))

    def value(self, name: str) -> Setting:
        """What a lever or context driver is set to (the aim of its schedule), per route where it varies."""
        found = {
            key: self._today(name, key) if form is None else _aim(form, self._today(name, key))
            for key, form in self._forms(name).items()
        }
        return found[None] if None in found else found

    def is_changed(self, name: str) -> bool:
        """Whether the state sets a lever or context driver."""
        return name in self.scenario.policies or name in self.scenario.context

    def schedule(self, name: str) -> object | None:
        """The form of the first route that has one other than a constant, for a note beside the lever."""
        forms = (form for form in self._forms(name).values() if form is not None)
        return next((form for form in forms if not isinstance(form, Constant)), None)

    def _forms(self, name: str) -> dict[str | None, object | None]:
        """A form, or None where nothing is set, for each route or under None."""
        scenario = self.scenario
        setting = scenario.policies.get(name, scenario.context.get(name))
        if isinstance(self.today[name], Mapping):
            routes = self.today[name]
            return {route: setting.get(route) if isinstance(setting, Mapping) else setting for route in routes}
        return {None: setting}

    def _today(self, name: str, route: str | None) -> float:
        today = self.today[name]
        return today[route] if isinstance(today, Mapping) else today

    @cached_property
    def today(self) -> dict[str, Setting]:
        """Today's value of every lever and context driver: at the policy start, before any policy."""
        return _today(self.scenario.corridor, self.scenario.policy_start, self.scenario)

    @cached_property
    def is_own(self) -> bool:
        """Whether the policies differ from those of the package."""
        return dict(self.scenario.policies) != _package_policies(self.scenario, self.package)

    @property
    def beyond(self) -> list[str]:
        """Names the scenario sets that the page has no control for."""
        scenario = self.scenario
        return [*scenario.parameters, *scenario.formulas, *scenario.loops_off]

    @property
    def year(self) -> float:
        """The year the cards show."""
        return self.scenario.end if self.view.year is None else self.view.year

    # To a link and back ------------------------------------------------------------------------------------

    @cached_property
    def link(self) -> str:
        """The whole state as link text: what differs from the shipped scenario, the package and the view."""
        base, mapping = _mapping_of(self.opened), _plain(self.scenario.to_mapping())
        differs = {key: value for key, value in mapping.items() if base.get(key) != value}
        differs |= {key: None for key in base if key not in mapping}
        content: dict = {"of": self.opened}
        if differs:
            content["scenario"] = differs
        if self.package:
            content["package"] = self.package
        view = {key: value for key, value in vars(self.view).items() if value != getattr(View(), key)}
        if view:
            content["view"] = view
        return link.encode(content)

    @classmethod
    def from_link(cls, text: str) -> State:
        """The state of a link text; raises Refused with one message."""
        try:
            content = link.decode(text)
            name, package = content.get("of"), content.get("package")
            if name not in scenario_names():
                raise link.LinkFault("it names a corridor that is not here")
            differs = content.get("scenario", {})
            if not isinstance(differs, dict):
                raise link.LinkFault("it holds no scenario")
            mapping = {**_mapping_of(name), **differs}
            mapping = {key: value for key, value in mapping.items() if value is not None}
            scenario = Scenario.from_mapping(mapping, "link") if differs else shipped(name)
            refuse_markup(scenario)
            if package is not None and package not in policy_names():
                raise link.LinkFault("it names a policy package that is not here")
            return cls(name, scenario, package, _view(content.get("view", {}), scenario))
        except link.LinkFault as fault:
            raise Refused(f"The link cannot be opened: {fault}.") from None
        except ScenarioFaults as found:
            raise Refused("The link cannot be opened.", map(str, found.faults)) from None

    # To a file and back ------------------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The scenario as the text of a scenario file."""
        return self.scenario.to_yaml()

    @property
    def file_name(self) -> str:
        """A name for the file."""
        words = [self.scenario.corridor.id, self.package or "", "own" if self.is_own else ""]
        return "_".join(word for word in words if word) + ".yaml"

    def with_file(self, text: str, name: str) -> State:
        """The state of an uploaded scenario file, or this one with an uploaded policy package over it.

        Raises Refused with every fault of the file.
        """
        if not name or len(name) > 120 or re.search(r"[/\\\0]|\.\.|[<>]", name) or not name.isprintable():
            raise Refused("The file was not loaded: its name is not one of a plain file.")
        if len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD:
            raise Refused(f"{name} was not loaded: it is larger than 1 MB.")
        try:
            if re.search(r"^kind\s*:\s*[\"']?policy", text, re.MULTILINE):
                return replace(self, scenario=self._with_policy_text(text, name), package=None)
            scenario = Scenario.from_text(text, name)
            refuse_markup(scenario)
        except ScenarioFaults as found:
            raise Refused(f"{name} was not loaded.", map(str, found.faults)) from None
        opened = next((each for each in scenario_names() if shipped(each).corridor == scenario.corridor), None)
        if opened is None:
            raise Refused(f"{name} was not loaded: its corridor does not come with Pushpull.")
        return State(opened, scenario, None, replace(self.view, year=None))

    def _with_policy_text(self, text: str, name: str) -> Scenario:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "package.yaml"
            path.write_text(text, encoding="utf-8", errors="replace")
            try:
                scenario = self.scenario.baseline().with_policy(path)
            except ScenarioFaults as found:
                renamed = [replace(each, file=name) for each in found.faults]
                raise ScenarioFaults(renamed) from None
        refuse_markup(scenario)
        return scenario


class History:
    """The states of a session, for steps back and forth; moves of one control count as one."""

    DEEPEST = 200

    def __init__(self, state: State):
        self.now = state
        self._before: list[State] = []
        self._after: list[State] = []
        self._mover: str | None = None

    def go(self, state: State, mover: str | None = None) -> None:
        """Take a new state; one after the other by the same mover (a slider) is one step."""
        if state.scenario != self.now.scenario or state.package != self.now.package:
            if mover is None or mover != self._mover:
                self._before = [*self._before[-self.DEEPEST :], self.now]
            self._mover, self._after = mover, []
        self.now = state

    def undo(self) -> State:
        """One step back; the view stays as it is."""
        return self._step(self._before, self._after)

    def redo(self) -> State:
        """One step forth again."""
        return self._step(self._after, self._before)

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is a step back, and one forth."""
        return bool(self._before), bool(self._after)

    def _step(self, source: list[State], target: list[State]) -> State:
        if source:
            target.append(self.now)
            self.now = replace(source.pop(), view=self.now.view)
            self._mover = None
        return self.now


def shipped(name: str) -> Scenario:
    """A shipped scenario; read once."""
    if name not in _SHIPPED:
        _SHIPPED[name] = Scenario.load(name)
    return _SHIPPED[name]


def refuse_markup(scenario: Scenario) -> None:
    """Raise ScenarioFaults where a title or question holds markup: they are plain text."""
    texts = {"title": scenario.title, "question": scenario.question}
    faults = [
        Fault("the scenario", None, f"the {word} holds markup", "plain text")
        for word, text in texts.items()
        if _MARKUP.search(text)
    ]
    if faults:
        raise ScenarioFaults(faults)


@cache
def package_heading(name: str) -> Heading:
    """What a policy package says of itself."""
    return heading(name)


@cache
def recorded_outcomes() -> tuple[str, ...]:
    """Outcomes that the record of any corridor speaks of."""
    found = {name for each in scenario_names() for name in shipped(each).corridor.recorded}
    return tuple(name for name in catalogue().outcomes if name in found)


_SHIPPED: dict[str, Scenario] = {}
_PACKAGES: dict[tuple, dict] = {}
_TODAY: dict[tuple, dict] = {}
MOST_KEPT = 100


def _package_policies(scenario: Scenario, package: str | None) -> dict:
    """The policies a package sets in a scenario; none where it cannot be laid over it."""
    if package is None:
        return {}
    key = (scenario.corridor.digest, scenario.policy_start, scenario.end, package)
    if key not in _PACKAGES:
        if len(_PACKAGES) > MOST_KEPT:
            _PACKAGES.clear()
        try:
            _PACKAGES[key] = dict(scenario.baseline().with_policy(package).policies)
        except ScenarioFaults:
            _PACKAGES[key] = {}
    return _PACKAGES[key]


def _today(corridor, policy_start: float, scenario: Scenario) -> dict[str, Setting]:
    key = (corridor.digest, policy_start)
    if key not in _TODAY:
        known = catalogue()
        if len(_TODAY) > MOST_KEPT:
            _TODAY.clear()
        _TODAY[key] = {name: scenario.today(name) for name in (*known.levers, *known.context)}
    return _TODAY[key]


def _aim(form, today: float) -> float:
    """The value a form comes to; of a pulse, the value while it lasts."""
    return form.amounts[-1].resolved(today)


def _aimed(form, value: float) -> object:
    """A form with the same years that comes to a value; a table of years gives way to a constant."""
    match form:
        case Step():
            return {"step": {"year": form.year, "value": value}}
        case Ramp() | Pulse():
            word = "ramp" if isinstance(form, Ramp) else "pulse"
            return {word: {"from": form.start, "to": form.end, "value": value}}
        case None | Constant() | Table():
            return value
    raise TypeError(f"not a form: {form!r}")


def _plain(value: object) -> object:
    """The same values as JSON gives them back."""
    return json.loads(json.dumps(value))


def _mapping_of(name: str) -> dict:
    return _plain(shipped(name).to_mapping())


def _view(given: object, scenario: Scenario) -> View:
    """The view a link asks for; what makes no sense in it is left out."""
    given = given if isinstance(given, dict) else {}
    tab, chosen, year = given.get("tab"), given.get("chosen"), given.get("year")
    view = View()
    if tab in TABS:
        view = replace(view, tab=tab)
    if isinstance(chosen, list):
        known = [name for name in catalogue().outcomes if name in chosen and name not in PEOPLE]
        view = replace(view, chosen=tuple(known))
    if isinstance(year, (int, float)) and scenario.policy_start <= year <= scenario.end:
        view = replace(view, year=float(year))
    return view
