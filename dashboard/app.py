"""A session: one state, one set of components and charts, and the way from a move to what is shown."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable

import panel as pn
from bokeh.document import Document

from dashboard import controls, page, showing, text, theme, views
from dashboard.charts import Charts, Sources
from dashboard.components import Bridge, Headlines, LeverPanel, Toolbar
from dashboard.showing import Runs
from dashboard.state import PEOPLE, TABS, History, Refused, State, shipped
from model import Result, Scenario, run
from model.catalogue import catalogue
from model.engine.integrate import RunBroke
from model.scenario import ScenarioFaults, policy_names, scenario_names

KEPT_RUNS = 32
log = logging.getLogger(__name__)
_RUNS: OrderedDict[str, Result] = OrderedDict()


def kept_run(scenario: Scenario) -> Result:
    """The run of a scenario that many moves and sessions ask for: a baseline."""
    result = _RUNS.pop(scenario.digest, None) or run(scenario)
    _RUNS[scenario.digest] = result
    while len(_RUNS) > KEPT_RUNS:
        _RUNS.popitem(last=False)
    return result


def runs_of(scenario: Scenario) -> Runs:
    """The runs a page shows of a scenario; without a policy, yours is the baseline itself."""
    plain = scenario.baseline()
    baseline = kept_run(plain)
    untouched = None
    if plain.context:
        untouched = kept_run(plain.with_changes(context=dict.fromkeys(plain.context)))
    return Runs(run(scenario) if scenario.policies else baseline, baseline, untouched)


class Session:
    """What one browser tab sees. Every change goes through `go`, which runs the model and then shows it."""

    def __init__(self, state: State, dark: bool = False, notices: Iterable[dict] = ()):
        self.history = History(state)
        self.dark = dark
        self.notices = list(notices)
        self.sources = Sources()
        self.charts = Charts(self.sources, theme.palette(dark))
        self.toolbar = Toolbar(self._at_toolbar, words=text.TOOLBAR_WORDS)
        self.levers = LeverPanel(self._at_panel, words=showing.panel_words("levers"))
        self.context = LeverPanel(self._at_panel, words=showing.panel_words("context"))
        self.headlines = Headlines(self._at_headlines, words=text.HEADLINE_WORDS)
        self.bridge = Bridge(self._at_bridge, words=showing.bridge_words())
        self.turns = {"levers": 0, "context": 0}
        self.runs = runs_of(state.scenario)
        self._stale = set(TABS)
        self._place: tuple | None = None
        self.show()

    @property
    def state(self) -> State:
        """The state that is shown."""
        return self.history.now

    def page(self) -> page.Page:
        """The session as a page."""
        names = ("toolbar", "levers", "context", "headlines", "bridge")
        return page.Page({name: getattr(self, name) for name in names}, self.charts.figures)

    # From a move to a state --------------------------------------------------------------------------------

    def attempt(self, change: Callable[[], State], mover: str | None = None) -> bool:
        """Go to the state a change makes.

        Where it is refused or does not run, the last good state stays and a notice says so.
        """
        try:
            self.go(change(), mover)
            return True
        except Refused as refused:
            self.say(f"{refused.summary} {text.STAYS}", refused.lines)
        except ScenarioFaults as found:
            self.say(text.NOT_TAKEN, map(str, found.faults))
        except RunBroke as broke:
            self.say(text.RUN_BROKE, str(broke).splitlines()[:1])
        except Exception:
            # Whatever it was, the page must answer, or its sliders would wait for ever.
            log.exception("a change failed")
            self.say(f"{text.NOT_TAKEN} {text.STAYS}")
        self.show()
        return False

    def go(self, state: State, mover: str | None = None) -> None:
        """Take a state, run it and show it; raises RunBroke and leaves all as it was where it does not run."""
        self._run(state.scenario)
        self.history.go(state, mover)
        self.show()

    def say(self, summary: str, lines: Iterable[str] = (), good: bool = False) -> None:
        """Put a notice in the place of those before."""
        self.notices = [{"summary": summary, "lines": list(lines), "good": good}]

    def _run(self, scenario: Scenario) -> None:
        if scenario != self.state.scenario:
            self.runs = runs_of(scenario)
            self._stale = set(TABS)

    # Messages from the components --------------------------------------------------------------------------

    def _at_panel(self, message: dict) -> None:
        is_context = message.get("panel") == "context"
        match message:
            case {"moves": list(moves), "turn": int(turn)}:
                self.turns["context" if is_context else "levers"] = turn
                mover = "+".join(sorted(str(move.get("id")) for move in moves))
                self.attempt(lambda: self._moved(moves), mover)
            case {"unset": _}:
                self.attempt(self.state.without_context if is_context else lambda: self.state.with_package(None))
            case {"years": {"end": int(year) | float(year)}}:
                self.attempt(lambda: self.state.with_horizon(end=float(year)))
            case {"years": {"policy_start": int(year) | float(year)}}:
                self.attempt(lambda: self.state.with_horizon(policy_start=float(year)))

    def _moved(self, moves: list[dict]) -> State:
        state, known = self.state, catalogue()
        for move in moves:
            name, value = move.get("id"), move.get("value")
            if name in known.levers or name in known.context:
                state = state.with_value(name, None if value is None else float(value), move.get("route"))
        return state

    def _at_toolbar(self, message: dict) -> None:
        match message:
            case {"corridor": str(name)}:
                self.attempt(lambda: State.opening(name, self.state.view))
            case {"package": str(name)} if name in ("", *policy_names()):
                self.attempt(lambda: self.state.with_package(name or None))
            case {"do": "undo" | "redo" as step}:
                scenario = self.state.scenario
                state = self.history.undo() if step == "undo" else self.history.redo()
                if state.scenario != scenario:
                    self.runs, self._stale = runs_of(state.scenario), set(TABS)
                self.show()
            case {"do": "reset"}:
                self.notices = []
                self.attempt(self.state.reset)
            case {"do": "save"}:
                self.toolbar.send({"save": {"name": self.state.file_name, "text": self.state.to_yaml()}})
            case {"file": {"name": str(name), "text": str(content)}}:
                self._load(name, content)
            case {"large": str(name)}:
                self.say(text.TOO_LARGE.format(name[:120]))
                self.show()
            case {"dark": bool(dark)}:
                self._dress(dark)

    def _load(self, name: str, content: str) -> None:
        if self.attempt(lambda: self.state.with_file(content, name)):
            beyond = self.state.beyond
            lines = [text.SETS_MORE.format(", ".join(beyond))] if beyond else []
            self.say(text.LOADED.format(name), lines, good=True)
            self.show()

    def _at_headlines(self, message: dict) -> None:
        match message:
            case {"year": int(year) | float(year)}:
                self.attempt(lambda: self.state.in_year(float(year)))
            case {"chosen": list(names)}:
                known = (name for name in views.outcomes_for_cards() if name in names and name not in PEOPLE)
                self.attempt(lambda: self.state.looking(chosen=tuple(known)))

    def _at_bridge(self, message: dict) -> None:
        match message:
            case {"tab": str(tab)} if tab in TABS:
                self.attempt(lambda: self.state.looking(tab=tab))
            case {"dismiss": int(place)}:
                self.notices = [each for number, each in enumerate(self.notices) if number != place]
                self.show()
            case {"dark": bool(dark)}:
                self._dress(dark)

    def _dress(self, dark: bool) -> None:
        self.dark = dark
        with pn.io.hold():
            self.charts.dress(theme.palette(dark))
            self._stale |= {"outcomes", "routes"}  # the colours of routes are data
            self.show()

    # From a state to what is shown -------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the whole page up to the state, in one message: data of the visible charts, then texts."""
        state, runs = self.state, self.runs
        with pn.io.hold():
            self._show_place()
            if state.view.tab in self._stale:
                self._stale.discard(state.view.tab)
                self.charts.show(state.view.tab, runs)
            found = views.changes(runs.yours, runs.baseline, state.year)
            self.headlines.shown = showing.headlines(state, runs, found)
            self.bridge.summaries = showing.summaries(state, runs, found)
            self.bridge.shown = showing.bridge(state, runs, self.dark, self.notices)
            self.levers.shown = showing.levers(state, self.turns["levers"])
            self.context.shown = showing.context(state, self.turns["context"])
            self.toolbar.shown = showing.toolbar(self.history, self.dark)

    def _show_place(self) -> None:
        """What changes only with the corridor and the years: groups of controls, the record, axes."""
        state, scenario = self.state, self.state.scenario
        place = (scenario.corridor.digest, scenario.start, scenario.end, scenario.policy_start)
        if place == self._place:
            return
        self._place = place
        words = showing.panel_words("levers", state)
        self.levers.param.update(words=words, groups=controls.lever_groups(state))
        self.context.param.update(groups=controls.context_groups(state))
        for name, source in self.sources.history.items():
            source.data = views.history(scenario.corridor, name, scenario.start)
        self.charts.span(scenario.start, scenario.end, scenario.policy_start)


def open_session() -> page.Page:
    """The page a visitor gets: the state of the link if there is one, else the first corridor as it stands."""
    dark = pn.state.cookies.get("pushpull_theme") == "dark"
    given = pn.state.session_args.get("state", [b""])[0].decode("ascii", "replace")
    state, notices = State.opening(), []
    if given:
        try:
            state = State.from_link(given)
        except Refused as refused:
            told = f"{refused.summary} {text.LINK_FALLS_BACK}"
            notices = [{"summary": told, "lines": list(refused.lines), "good": False}]
    try:
        return Session(state, dark, notices).page()
    except RunBroke as broke:
        notices = [{"summary": text.RUN_BROKE, "lines": str(broke).splitlines()[:1], "good": False}]
        return Session(State.opening(), dark, notices).page()


def warm(say: Callable[[str], None]) -> None:
    """Do once what the first visitor would wait for: compile the model, run every corridor, build a page."""
    from model.running import integrator

    integrator(say)
    for name in scenario_names():
        kept_run(shipped(name).baseline())
    Session(State.opening()).page().server_doc(Document()).to_json()
