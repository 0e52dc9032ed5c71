"""What a session holds: a scenario, the package it began with, and what is looked at.

A `State` is never altered; each change gives a new one, so that a step back is the state before. A state goes to a link
(`opened_link` is the way back) and to a YAML file that the command line and Python run, and comes back the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language, language
from pushpull.dashboard.limits import MOST_KEPT_BESIDE, exceeded
from pushpull.dashboard.shipped import FIRST, shipped
from pushpull.dashboard.state import levers, packages, uploads
from pushpull.dashboard.state.differences import differing
from pushpull.dashboard.state.levers import LeverValue
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.packages import policies_of
from pushpull.dashboard.state.view import View, changed
from pushpull.dashboard.storage import corridors, file_names
from pushpull.dashboard.storage.corridors import Homes
from pushpull.scenario import Scenario, ScenarioFaults, scenario_names
from pushpull.scenario.migrations import Note

DIGEST = 16  # letters of the digest of a corridor's files that a link holds


@dataclass(frozen=True)
class State:
    """A scenario, the corridor it opened with, the package laid over it, the view, and the options kept beside it to
    compare with.

    `option` is the place of the option that is edited: the scenario and that option are then one and the same.

    `opened` names the corridor and `base` is its plain scenario: a shipped one, or that of a corridor of the user's
    own, which are looked for in `homes`. A year that is looked at lies in the run, or gives way to the last.

    Raises Refusal where a run would have no years after the policy start, or ask too much of everyone's server.
    """

    opened: str
    scenario: Scenario
    package: str | None = None
    view: View = field(default_factory=View)
    kept: tuple[Scenario, ...] = ()
    base: Scenario = None  # type: ignore[assignment]  # the shipped one of that name where none is given
    homes: Homes = field(default=(), compare=False)
    option: int | None = None

    def __post_init__(self) -> None:
        if self.base is None:
            object.__setattr__(self, "base", shipped(self.opened))
        if self.option is not None and not 0 <= self.option < len(self.kept):
            object.__setattr__(self, "option", None)
        if self.option is not None:
            before, after = self.kept[: self.option], self.kept[self.option + 1 :]
            object.__setattr__(self, "kept", (*before, self.scenario, *after))
        end, start = self.scenario.end, self.scenario.policy_start
        if end <= start:
            raise Refusal("no_future", end=f"{end:g}", start=f"{start:g}")
        if self.view.year is not None and not start <= self.view.year < end:
            object.__setattr__(self, "view", replace(self.view, year=None))
        for scenario in (self.scenario, *self.kept):
            too_much = exceeded(scenario)
            if too_much is not None:
                raise Refusal(too_much[0], (), **too_much[1])

    # Making one --------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, name: str = FIRST, view: View | None = None, homes: Homes = ()) -> State:
        """The corridor of that name as it stands today: a shipped one, or the user's own in one of `homes`.

        Raises Refusal where there is none, or with every fault of its files.
        """
        try:
            base = corridors.plain(name, homes)
        except KeyError:
            raise Refusal("corridor", name=name[:60]) from None
        except ScenarioFaults as found:
            raise Refusal("corridor_faults", found.faults, name=name[:60]) from None
        return cls(name, base, view=view or View(), base=base, homes=homes)

    def reset(self) -> State:
        """As the corridor stands today: no policy, no change of context, nothing else; view and options stay."""
        return replace(self, scenario=self.base, package=None, option=None)

    def with_scenario(self, scenario: Scenario) -> State:
        """The same with another scenario of the same corridor."""
        return replace(self, scenario=scenario)

    def with_package(self, name: str | None) -> State:
        """The policy package of that name instead of every lever moved; None is today's policy. An option that is
        edited keeps the name that it was given."""
        plain = self.base.baseline()
        bare = self.scenario.with_changes(title=plain.title).baseline()
        laid = bare.with_policy(name) if name else bare
        if self.option is not None and self.name:
            laid = laid.with_changes(title=self.scenario.title)
        return replace(self, scenario=laid, package=name)

    def with_horizon(self, **years: float) -> State:
        """The same with another `end` or `policy_start`.

        Raises Refusal where something that is set would change before policy starts.
        """
        start = years.get("policy_start", self.scenario.policy_start)
        moved = (*self.scenario.policies, *self.scenario.context)
        early = [name for name in moved if levers.first_year(self.scenario, self.today, name) < start]
        if early:
            raise Refusal("schedule_before", year=start, names=early)
        return self.with_scenario(self.scenario.with_changes(years))

    def without_context(self) -> State:
        """The same with the context as the record leaves it."""
        names = dict.fromkeys(self.scenario.context)
        return self.with_scenario(self.scenario.with_changes(context=names)) if names else self

    def looking(self, **view: object) -> State:
        """The same with something else looked at; what makes no sense is left out."""
        return replace(self, view=changed(self.view, view, self.scenario))

    def in_year(self, year: float) -> State:
        """The same with the cards at another year."""
        if not self.scenario.policy_start <= year <= self.scenario.end:
            raise Refusal("year", year=year)
        return self.looking(year=year)

    def with_formula(self, setting: str, formula: str) -> State:
        """The same under a rival formula of a contested assumption."""
        rivals = catalogue().formulas.get(setting, ())
        if formula not in rivals:
            raise Refusal("formula", name=formula[:60])
        chosen = None if formula == rivals[0] else formula
        return self.with_scenario(self.scenario.with_changes(formulas={setting: chosen}))

    def with_loop(self, name: str, on: bool) -> State:
        """The same with a feedback loop acting, or frozen from the policy start on."""
        if name not in catalogue().loops:
            raise Refusal("loop", name=name[:60])
        off = {*self.scenario.loops_off} - {name} | (set() if on else {name})
        return self.with_scenario(
            self.scenario.with_changes(loops_off=tuple(loop for loop in catalogue().loops if loop in off))
        )

    def keeping(self, scenario: Scenario) -> State:
        """The same with a scenario of the same corridor as one more option."""
        if len(self.kept) >= MOST_KEPT_BESIDE:
            raise Refusal("too_many_kept", most=MOST_KEPT_BESIDE)
        if not packages.is_automatic(self.base, scenario.title):
            title = packages.unlike(scenario.title, {each.title for each in self.kept})
            scenario = scenario.with_changes(title=title)
        return replace(self, kept=(*self.kept, scenario))

    # Names -------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name that the scenario was given; empty where nobody gave it one."""
        return "" if packages.is_automatic(self.base, self.scenario.title) else self.scenario.title

    def shown_name(self, words: Language) -> str:
        """The name for legends and tables."""
        return self.title_of(words, self.scenario) if self.name or self.option is not None else words.say("yours")

    def title_of(self, words: Language, scenario: Scenario) -> str:
        """What the scenario or one of the options is called."""
        return packages.shown_title(words, self.base, scenario, self.opened)

    # Levers and context ------------------------------------------------------------------------------------

    def with_value(self, name: str, value: float | None, route: str | None = None) -> State:
        """A lever or context driver set to a value from the policy start on, for all routes or one.

        A schedule keeps its years and aims at the new value. None, or today's value, unsets the name. Raises Refusal
        for a route there is not, and ScenarioFaults where the value is out of range.
        """
        return self.with_scenario(levers.with_value(self.scenario, self.today, name, value, route))

    def with_schedule(self, name: str, form: object, route: str | None = None) -> State:
        """A lever or context driver with a schedule as a scenario file writes it, for all routes or one.

        Raises Refusal for a name or route there is not, and ScenarioFaults where the schedule makes no sense.
        """
        return self.with_scenario(levers.with_schedule(self.scenario, self.today, name, form, route))

    def value(self, name: str) -> LeverValue:
        """What a lever or context driver is set to (the aim of its schedule), per route where it varies."""
        return levers.value(self.scenario, self.today, name)

    def is_changed(self, name: str) -> bool:
        """Whether the state sets a lever or context driver."""
        return name in self.scenario.policies or name in self.scenario.context

    def schedule(self, name: str) -> object | None:
        """The form of the first route that has one other than a constant, for a note beside the lever."""
        return levers.schedule(self.scenario, self.today, name)

    @cached_property
    def today(self) -> dict[str, LeverValue]:
        """Today's value of every lever and context driver: at the policy start, before any policy."""
        return levers.values_today(self.scenario)

    @cached_property
    def is_own(self) -> bool:
        """Whether the policies differ from those of the package."""
        return dict(self.scenario.policies) != policies_of(self.package, self.scenario)

    @property
    def beyond(self) -> list[str]:
        """Names the scenario sets that the page has no control for."""
        return [*self.scenario.parameters]

    @property
    def year(self) -> float:
        """The year the cards show."""
        return self.scenario.end if self.view.year is None else self.view.year

    # To a link ------------------------------------------------------------------------------------

    @cached_property
    def link(self) -> str:
        """The whole state as link text: what differs from the plain scenario, the package and the view; of a corridor
        of one's own, which version of its files."""
        return permalink.encode(self._content())

    def link_with(self, made: list) -> str | None:
        """The same with what is to be said of its making; None where it is longer than an address can hold."""
        text = permalink.encode({**self._content(), "made": made})
        return text if len(text) <= permalink.LONGEST_LINK else None

    def _content(self) -> dict:
        differs = differing(self.base, self.scenario)
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
            content["kept"] = [differing(self.base, each) for each in self.kept]
        if self.option is not None:
            content["option"] = self.option
        return content

    @property
    def address_link(self) -> str | None:
        """The link text where an address can hold it; None where it is longer."""
        text = self.link
        return text if len(text) <= permalink.LONGEST_LINK else None

    def address(self, site: str) -> str | None:
        """The address of the state on a page; None where it is longer than an address can be."""
        return None if self.address_link is None else f"{site}?state={self.address_link}"

    @property
    def renewals(self) -> list[Note]:
        """What its scenarios said in an earlier version of scenario files and say otherwise now."""
        return [note for each in (self.scenario, *self.kept) for note in each.notes if note.name]

    # To a file and back ------------------------------------------------------------------------------------

    def to_yaml(self) -> str:
        """The scenario as the text of a scenario file."""
        return self.scenario.to_yaml()

    def named(self) -> Scenario:
        """The scenario under what it is called on the page."""
        words = language(self.view.language)
        return self.scenario.with_changes(title=self.title_of(words, self.scenario))

    @property
    def file_name(self) -> str:
        """A name for the file."""
        if self.name:
            return file_names.safe(f"{self.name}.yaml")
        words = [self.scenario.corridor.id, self.package or "", "own" if self.is_own else ""]
        return file_names.safe("_".join(word for word in words if word) + ".yaml")

    def with_file(self, text: str, name: str) -> State:
        """The state of an uploaded scenario file, or this one with an uploaded policy package over it.

        Raises Refusal with every fault of the file.
        """
        uploads.check_file(text, name)
        try:
            if uploads.is_package(text):
                return replace(self, scenario=uploads.with_package_of(self.scenario, text, name), package=None)
            scenario = uploads.scenario_of(text, name, self.homes)
        except ScenarioFaults as found:
            raise Refusal("file", found.faults, name=name) from None
        opened, base = corridors.plain_of(scenario)
        kept = self.kept if base.corridor == self.base.corridor else ()
        return State(opened, scenario, None, replace(self.view, year=None), kept, base, self.homes)
