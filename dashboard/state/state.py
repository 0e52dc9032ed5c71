"""What a session holds: a scenario, the package it began with, and what is looked at.

A `State` is never altered; each change gives a new one, so that a step back is the state before. Its
scenario is the one the command line and Python would run: a state goes to a link, and to a YAML file, and
comes back the same.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import ENGLISH, Language, language
from pushpull.dashboard.state import permalink, salvage
from pushpull.dashboard.state import view as looking
from pushpull.dashboard.state.limits import LARGEST_UPLOAD, MOST_KEPT_BESIDE, exceeded, shortened
from pushpull.dashboard.state.view import View
from pushpull.dashboard.storage import corridors, file_names
from pushpull.dashboard.storage.corridors import Homes, refuse_markup, shipped
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario import Heading, Scenario, ScenarioFaults, heading, policy_names, scenario_names
from pushpull.scenario.schedules import Constant, Pulse, Ramp, Step, Table

FIRST = "us_southwest_border"
OTHER_FILES = "own_corridor"  # what is told of a link to a corridor whose files are others now
DIGEST = 16  # letters of the digest of a corridor's files that a link holds

Setting = float | Mapping[str, float]


class Refused(ValueError):
    """Something a user gave that the session does not take.

    `key` names the words under `refused`, `values` what is put in; `lines` say why, one fault a line.
    """

    def __init__(self, key: str, lines: Iterable[str] = (), **values: object):
        super().__init__(key)
        self.key, self.lines, self.values = key, tuple(lines), values

    def told(self, words: Language) -> str:
        """One sentence for a person."""
        number = words.numbers.number
        values = {name: number(each, 6) if isinstance(each, int) else each for name, each in self.values.items()}
        if "year" in values:
            values["year"] = words.numbers.year(values["year"])
        if "names" in values:
            values["names"] = words.join([words.inside(words.title(name)) for name in values["names"]])
        if "why" in values:
            values["why"] = words.say(f"refused.{values['why']}")
        return words.say(f"refused.{self.key}", **values)

    def __str__(self) -> str:
        return self.told(language(ENGLISH))


@dataclass(frozen=True)
class Notice:
    """What the page tells at its top: a sentence, and lines below it, of which the `quoted` ones are in English. `good`
    news stays until there is other; a complaint goes with the next change."""

    summary: str
    lines: tuple[str, ...] = ()
    good: bool = False
    quoted: tuple[str, ...] = ()

    @classmethod
    def shortened(
        cls, words: Language, summary: str, lines: Iterable[str] = (), good: bool = False, quoted: Iterable[str] = ()
    ) -> Notice:
        """A notice with the first lines of each kind, and how many there are besides."""
        more = words.say("notices.more_lines")
        return cls(summary, tuple(shortened(lines, more)), good, tuple(shortened(quoted, more)))


@dataclass(frozen=True)
class State:
    """A scenario, the corridor it opened with, the package laid over it, the view, and scenarios kept beside it to
    compare with.

    `opened` names the corridor and `base` is its plain scenario: a shipped one, or that of a corridor of the user's
    own, which are looked for in `homes`.
    """

    opened: str
    scenario: Scenario
    package: str | None = None
    view: View = field(default_factory=View)
    kept: tuple[Scenario, ...] = ()
    base: Scenario = None  # type: ignore[assignment]  # the shipped one of that name where none is given
    homes: Homes = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.base is None:
            object.__setattr__(self, "base", shipped(self.opened))
        end, start = self.scenario.end, self.scenario.policy_start
        if end <= start:
            raise Refused("no_future", end=f"{end:g}", start=f"{start:g}")
        for scenario in (self.scenario, *self.kept):
            too_much = exceeded(scenario)
            if too_much is not None:
                raise Refused(too_much[0], **too_much[1])

    # Making one --------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, name: str = FIRST, view: View | None = None, homes: Homes = ()) -> State:
        """The corridor of that name as it stands today: a shipped one, or the user's own in one of `homes`.

        Raises Refused where there is none, or with every fault of its files.
        """
        try:
            base = corridors.plain(name, homes)
        except KeyError:
            raise Refused("corridor", name=name[:60]) from None
        except ScenarioFaults as found:
            raise Refused("corridor_faults", map(str, found.faults), name=name[:60]) from None
        return cls(name, base, view=view or View(), base=base, homes=homes)

    def reset(self) -> State:
        """As the corridor stands today: no policy, no change of context, nothing else; the view stays."""
        return replace(self, scenario=self.base, package=None)

    def with_scenario(self, scenario: Scenario) -> State:
        """The same with another scenario of the same corridor."""
        return replace(self, scenario=scenario)

    def with_package(self, name: str | None) -> State:
        """The policy package of that name instead of every lever moved; None is today's policy."""
        plain = self.base.baseline()
        bare = self.scenario.with_changes(title=plain.title).baseline()
        return replace(self, scenario=bare.with_policy(name) if name else bare, package=name)

    def with_horizon(self, **years: float) -> State:
        """The same with another `end` or `policy_start`.

        Raises Refused where something that is set would change before policy starts.
        """
        start = years.get("policy_start", self.scenario.policy_start)
        early = [name for name in (*self.scenario.policies, *self.scenario.context) if self._first_year(name) < start]
        if early:
            raise Refused("schedule_before", year=start, names=early)
        changed = replace(self, scenario=self.scenario.with_changes(**years))
        year = changed.view.year
        if year is not None and not changed.scenario.policy_start <= year <= changed.scenario.end:
            changed = replace(changed, view=replace(changed.view, year=None))
        return changed

    def without_context(self) -> State:
        """The same with the context as the record leaves it."""
        names = dict.fromkeys(self.scenario.context)
        return self.with_scenario(self.scenario.with_changes(context=names)) if names else self

    def looking(self, **view) -> State:
        """The same with something else looked at; what makes no sense is left out."""
        return replace(self, view=looking.changed(self.view, view, self.scenario))

    def in_year(self, year: float) -> State:
        """The same with the cards at another year."""
        if not self.scenario.policy_start <= year <= self.scenario.end:
            raise Refused("year", year=year)
        return self.looking(year=year)

    def with_formula(self, setting: str, formula: str) -> State:
        """The same under a rival formula of a contested assumption."""
        rivals = catalogue().formulas.get(setting, ())
        if formula not in rivals:
            raise Refused("formula", name=formula[:60])
        chosen = None if formula == rivals[0] else formula
        return self.with_scenario(self.scenario.with_changes(formulas={setting: chosen}))

    def with_loop(self, name: str, on: bool) -> State:
        """The same with a feedback loop acting, or frozen from the policy start on."""
        if name not in catalogue().loops:
            raise Refused("loop", name=name[:60])
        off = {*self.scenario.loops_off} - {name} | (set() if on else {name})
        return self.with_scenario(
            self.scenario.with_changes(loops_off=tuple(loop for loop in catalogue().loops if loop in off))
        )

    def keeping(self, scenario: Scenario) -> State:
        """The same with a scenario of the same corridor kept beside it, to compare with."""
        if len(self.kept) >= MOST_KEPT_BESIDE:
            raise Refused("too_many_kept", most=MOST_KEPT_BESIDE)
        return replace(self, kept=(*self.kept, scenario))

    def without_kept(self, place: int) -> State:
        """The same without the scenario kept at that place, if there is one."""
        if not 0 <= place < len(self.kept):
            return self
        return replace(self, kept=(*self.kept[:place], *self.kept[place + 1 :]))

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
                raise Refused("route", name=str(key)[:60])
            form = None if value is None or value == self._today(name, key) else _aimed(forms[key], value)
            forms[key] = form
        bare = self.scenario.with_changes(**{block: {name: None}})
        given = {key: form for key, form in forms.items() if form is not None}
        if not given:
            return self.with_scenario(bare)
        whole = given[None] if None in given else given
        return self.with_scenario(bare.with_changes(**{block: {name: whole}}))

    def with_schedule(self, name: str, form: object, route: str | None = None) -> State:
        """A lever or context driver with a schedule as a scenario file writes it, for all routes or one.

        Raises ScenarioFaults where the schedule makes no sense.
        """
        if name not in self.today:
            raise Refused("lever", name=str(name)[:60])
        block = "policies" if name in catalogue().levers else "context"
        if route is None:
            whole = form
        else:
            forms = self._forms(name)
            if route not in forms:
                raise Refused("route", name=str(route)[:60])
            whole = {key: form if key == route else each for key, each in forms.items()}
            whole = {key: each for key, each in whole.items() if each is not None}
        bare = self.scenario.with_changes(**{block: {name: None}})
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

    def _first_year(self, name: str) -> float:
        """The year in which a lever or driver begins to move by a schedule of its own; infinite where it has none."""
        years = (form.first_year for form in self._forms(name).values() if form is not None)
        return min((year for year in years if year is not None), default=math.inf)

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
        return [*self.scenario.parameters]

    @property
    def year(self) -> float:
        """The year the cards show."""
        return self.scenario.end if self.view.year is None else self.view.year

    # To a link and back ------------------------------------------------------------------------------------

    @cached_property
    def link(self) -> str:
        """The whole state as link text: what differs from the plain scenario, the package and the view; of a corridor
        of one's own, which version of its files."""
        differs = _differing(self.base, self.scenario)
        content: dict = {"of": self.opened}
        if self.opened not in scenario_names():
            content["own"] = self.base.corridor.digest[:DIGEST]
        if differs:
            content["scenario"] = differs
        if self.package:
            content["package"] = self.package
        if self.view.plain():
            content["view"] = self.view.plain()
        if self.kept:
            content["kept"] = [_differing(self.base, each) for each in self.kept]
        return permalink.encode(content)

    @property
    def short_link(self) -> str | None:
        """The link text where an address can hold it; None where it is longer."""
        text = self.link
        return text if len(text) <= permalink.LONGEST_LINK else None

    @classmethod
    def from_link(cls, text: str, homes: Homes = ()) -> State:
        """The state of a link text; raises Refused with one message."""
        return cls.from_link_told(text, homes)[0]

    @classmethod
    def from_link_told(cls, text: str, homes: Homes = ()) -> tuple[State, list[str]]:
        """The state of a link text, and the keys (under `migrated`) of what was changed in a link of an earlier
        version, or in the files of its corridor; raises Refused with one message."""
        opened = cls.open_link(text, homes)
        return opened.state, opened.migrated

    @classmethod
    def open_link(cls, text: str, homes: Homes = ()) -> Opened:
        """The state of a link text, what was changed in a link of an earlier version, and what was left out because
        it is not known here; raises Refused with one message where nothing can be opened."""
        try:
            content, migrated = permalink.renewed(*permalink.decode(text))
            name, package = content.get("of"), content.get("package")
            base = _base_of_link(name, content.get("own"), homes)
            if "own" in content and content["own"] != base.corridor.digest[:DIGEST]:
                migrated = [*migrated, OTHER_FILES]
            kept = content.get("kept", [])
            if not isinstance(kept, list):
                raise permalink.LinkFault("no_list")
            if len(kept) > MOST_KEPT_BESIDE:
                raise Refused("too_many_kept", most=MOST_KEPT_BESIDE)
            beside, left_out = _kept_of(base, homes, kept)
            try:
                scenario, own = _salvaged(base, homes, content.get("scenario", {}))
            except (permalink.LinkFault, ScenarioFaults):
                if not beside:
                    raise
                scenario, own = base, [salvage.LeftOut("scenario", name)]
            left_out = [*own, *left_out]
            if package is not None and package not in policy_names():
                if not isinstance(package, str):
                    raise permalink.LinkFault("package")
                left_out.append(salvage.LeftOut("package", package))
                package = None
            given = content.get("view", {})
            view = looking.changed(View(), given if isinstance(given, dict) else {}, scenario)
            return Opened(cls(name, scenario, package, view, beside, base, homes), migrated, left_out)
        except permalink.LinkFault as fault:
            raise Refused("link_because", why=f"because_{fault}") from None
        except ScenarioFaults as found:
            raise Refused("link", map(str, found.faults)) from None

    @property
    def renewals(self) -> list[str]:
        """What its scenarios said in an earlier version of scenario files and say otherwise now, one line each."""
        return [str(note) for each in (self.scenario, *self.kept) for note in each.notes if note.name]

    # To a file and back ------------------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The scenario as the text of a scenario file."""
        return self.scenario.to_yaml()

    def named(self) -> Scenario:
        """The scenario under a title that tells it from others of the corridor, in the language of the page."""
        words = language(self.view.language)
        stem = words.of("corridors", self.opened, self.scenario.corridor.title)
        if self.package:
            stem = words.of("packages", self.package, package_heading(self.package).title)
        if not self.is_own:
            return self.scenario.with_changes(title=stem) if self.package else self.scenario
        return self.scenario.with_changes(title=f"{stem} ({len(self.kept) + 1})")

    @property
    def file_name(self) -> str:
        """A name for the file."""
        words = [self.scenario.corridor.id, self.package or "", "own" if self.is_own else ""]
        return file_names.safe("_".join(word for word in words if word) + ".yaml")

    def with_file(self, text: str, name: str) -> State:
        """The state of an uploaded scenario file, or this one with an uploaded policy package over it.

        Raises Refused with every fault of the file.
        """
        fault = file_names.fault_of(name)
        if fault is not None:
            raise Refused("file_name", why=fault)
        if len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD:
            raise Refused("file_size", name=name)
        try:
            if re.search(r"^kind\s*:\s*[\"']?policy", text, re.MULTILINE):
                return replace(self, scenario=self._with_policy_text(text, name), package=None)
            scenario = Scenario.from_text(text, name, homes=self.homes)
            refuse_markup(scenario)
        except ScenarioFaults as found:
            raise Refused("file", map(str, found.faults), name=name) from None
        opened, base = corridors.plain_of(scenario)
        kept = self.kept if base.corridor == self.base.corridor else ()
        return State(opened, scenario, None, replace(self.view, year=None), kept, base, self.homes)

    def _with_policy_text(self, text: str, name: str) -> Scenario:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "package.yaml"
            path.write_text(text, encoding="utf-8", errors="replace")
            try:
                scenario = replace(self.scenario.baseline(), notes=()).with_policy(path)
            except ScenarioFaults as found:
                renamed = [replace(each, file=name) for each in found.faults]
                raise ScenarioFaults(renamed) from None
        refuse_markup(scenario)
        return replace(scenario, notes=tuple(replace(each, file=name) for each in scenario.notes))


class Opened(NamedTuple):
    """A link that was opened: the state, the keys (under `migrated`) of what was changed in a link of an earlier
    version, and what was left out."""

    state: State
    migrated: list[str]
    left_out: list[salvage.LeftOut]


@cache
def package_heading(name: str) -> Heading:
    """What a policy package says of itself."""
    return heading(name)


@cache
def recorded_outcomes() -> tuple[str, ...]:
    """Outcomes that the record of any corridor speaks of."""
    found = {name for each in scenario_names() for name in shipped(each).corridor.recorded}
    return tuple(name for name in catalogue().outcomes if name in found)


_PACKAGES: Bounded[dict] = Bounded("policies of packages", 2 * MEGABYTE, lambda held: len(repr(held)))
_TODAY: Bounded[dict[str, Setting]] = Bounded("today's values", 2 * MEGABYTE, lambda held: len(repr(held)))


def _package_policies(scenario: Scenario, package: str | None) -> dict:
    """The policies a package sets in a scenario; none where it cannot be laid over it."""
    if package is None:
        return {}
    key = (scenario.corridor.digest, scenario.policy_start, scenario.end, package)
    return _PACKAGES.get_or_make(key, lambda: _laid(scenario.baseline(), package))


def _laid(baseline: Scenario, package: str) -> dict:
    try:
        return dict(baseline.with_policy(package).policies)
    except ScenarioFaults:
        return {}


def _today(corridor, policy_start: float, scenario: Scenario) -> dict[str, Setting]:
    names = (*catalogue().levers, *catalogue().context)
    key = (corridor.digest, policy_start)
    return _TODAY.get_or_make(key, lambda: {name: scenario.today(name) for name in names})


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


def _differing(base: Scenario, scenario: Scenario) -> dict:
    """What of a scenario differs from the plain one; None where it does not have what that has."""
    plain, mapping = _plain(base.to_mapping()), _plain(scenario.to_mapping())
    differs = {key: value for key, value in mapping.items() if plain.get(key) != value}
    return differs | {key: None for key in plain if key not in mapping}


def _base_of_link(name: object, own: object, homes: Homes) -> Scenario:
    """The plain scenario of the corridor that a link names; raises LinkFault, Refused or ScenarioFaults."""
    if not isinstance(name, str):
        raise permalink.LinkFault("corridor")
    try:
        return corridors.plain(name, homes)
    except KeyError:
        if own is None:
            raise permalink.LinkFault("corridor") from None
        raise Refused("own_corridor", name=name[:60]) from None


def _salvaged(base: Scenario, homes: Homes, differs: object, kept: str = "") -> tuple[Scenario, list[salvage.LeftOut]]:
    """The scenario of what differs, as far as it is known here, and what is not; raises as `_from_differing` does."""
    if not isinstance(differs, dict):
        raise permalink.LinkFault("no_scenario")
    routes = base.routes
    return salvage.opened(lambda given: _from_differing(base, given, homes), differs, routes, kept)


def _kept_of(base: Scenario, homes: Homes, kept: list) -> tuple[tuple[Scenario, ...], list[salvage.LeftOut]]:
    """The scenarios kept beside the page's that can be opened, and what was left out of them and among them."""
    beside, left_out = [], []
    for place, each in enumerate(kept, 1):
        title = each.get("title") if isinstance(each, dict) else None
        title = title if isinstance(title, str) and title.strip() else str(place)
        try:
            scenario, gone = _salvaged(base, homes, each, title)
        except (permalink.LinkFault, ScenarioFaults):
            left_out.append(salvage.LeftOut("kept", title))
        else:
            beside.append(scenario)
            left_out += gone
    return tuple(beside), left_out


def _from_differing(base: Scenario, differs: object, homes: Homes) -> Scenario:
    """The scenario of what differs; raises ScenarioFaults or LinkFault."""
    if not isinstance(differs, dict):
        raise permalink.LinkFault("no_scenario")
    mapping = {**_plain(base.to_mapping()), **differs}
    mapping = {key: value for key, value in mapping.items() if value is not None}
    places = () if corridors.is_shipped(base) else homes
    scenario = Scenario.from_mapping(mapping, "link", homes=places) if differs else base
    refuse_markup(scenario)
    if scenario.corridor != base.corridor:
        raise permalink.LinkFault("two_corridors")
    return scenario
