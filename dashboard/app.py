"""A session: one state, one set of components and charts, and the way from a user's move to what is shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

import panel as pn

from dashboard import controls, page, text, theme, views
from dashboard.charts import EMPTY, Charts, Sources, route_looks
from dashboard.components import Bridge, Headlines, LeverPanel, Toolbar
from dashboard.state import PEOPLE, TABS, History, Refused, State, package_heading, shipped
from model import Result, Scenario, run
from model.catalogue import catalogue
from model.engine.integrate import RunBroke
from model.scenario import ScenarioFaults, policy_names, scenario_names

KEPT_RUNS = 32
_RUNS: OrderedDict[str, Result] = OrderedDict()


def kept_run(scenario: Scenario) -> Result:
    """The run of a scenario that many moves and sessions ask for: a baseline."""
    result = _RUNS.pop(scenario.digest, None) or run(scenario)
    _RUNS[scenario.digest] = result
    while len(_RUNS) > KEPT_RUNS:
        _RUNS.popitem(last=False)
    return result


class Session:
    """What one browser tab sees. Every change goes through `go`, which runs the model and then shows it."""

    def __init__(self, state: State, dark: bool = False, notices: Iterable[dict] = ()):
        self.history = History(state)
        self.dark = dark
        self.notices: list[dict] = list(notices)
        self.sources = Sources()
        self.charts = Charts(self.sources, theme.palette(dark))
        self.toolbar = Toolbar(self._at_toolbar, words=_toolbar_words())
        self.levers = LeverPanel(self._at_levers, words=_panel_words(text.LEVERS, "", True))
        self.context = LeverPanel(self._at_levers, words=_panel_words(text.CONTEXT, text.CONTEXT_HINT, False))
        self.headlines = Headlines(self._at_headlines, words={"in_year": text.IN_YEAR, "choose": text.CHOOSE})
        self.bridge = Bridge(self._at_bridge, words=_bridge_words())
        self.turns = {"levers": 0, "context": 0}
        self.stale: set[str] = set(TABS)
        self._place: tuple | None = None
        self.yours: Result | None = None
        self.baseline: Result | None = None
        self.untouched: Result | None = None
        self.go(state)

    @property
    def state(self) -> State:
        """The state that is shown."""
        return self.history.now

    # From a move to a state --------------------------------------------------------------------------------

    def go(self, state: State, mover: str | None = None) -> bool:
        """Take a state, run it and show it; where it does not run, the last good one stays and the page says so."""
        try:
            self._run(state)
        except RunBroke as broke:
            self.say(text.RUN_BROKE, [str(broke).splitlines()[0]])
            self.show()
            return False
        self.history.go(state, mover)
        self.show()
        return True

    def attempt(self, change: Callable[[], State], mover: str | None = None) -> bool:
        """Go to the state a change makes; a refusal is said, and nothing else happens."""
        try:
            return self.go(change(), mover)
        except Refused as refused:
            self.say(f"{refused.summary} {text.STAYS}", refused.lines)
        except ScenarioFaults as found:
            self.say(text.NOT_TAKEN, map(str, found.faults))
        self.show()
        return False

    def say(self, summary: str, lines: Iterable[str] = (), good: bool = False) -> None:
        """Put a notice in the place of those before."""
        self.notices = [{"summary": summary, "lines": list(lines), "good": good}]

    def _run(self, state: State) -> None:
        """Run what has changed: yours, the baseline in the same context, and things as they stand."""
        scenario = state.scenario
        if self.yours is not None and scenario == self.state.scenario:
            return
        plain = scenario.baseline()
        baseline = kept_run(plain)
        yours = run(scenario) if scenario.policies else baseline
        untouched = (
            kept_run(plain.with_changes(context=dict.fromkeys(plain.context))) if plain.context else None
        )
        self.yours, self.baseline, self.untouched = yours, baseline, untouched
        self.stale = set(TABS)

    # Messages from the components --------------------------------------------------------------------------

    def _at_levers(self, message: dict) -> None:
        panel = "context" if "context" in message.get("panel", "") else "levers"
        match message:
            case {"moves": list(moves), "turn": int(turn)}:
                self.turns[panel] = turn
                self.attempt(
                    lambda: self._moved(moves), mover="+".join(sorted(str(each["id"]) for each in moves))
                )
            case {"unset": _} if panel == "context":
                self.attempt(self.state.without_context)
            case {"unset": _}:
                self.attempt(lambda: self.state.with_package(None))
            case {"years": dict(years)}:
                known = {key: float(value) for key, value in years.items() if key in ("end", "policy_start")}
                self.attempt(lambda: self.state.with_horizon(**known))

    def _moved(self, moves: list[dict]) -> State:
        state = self.state
        known = catalogue()
        for move in moves:
            name, value, route = move["id"], move["value"], move.get("route")
            if name in known.levers or name in known.context:
                state = state.with_value(name, None if value is None else float(value), route)
        return state

    def _at_toolbar(self, message: dict) -> None:
        match message:
            case {"corridor": str(name)}:
                self.attempt(lambda: State.opening(name, self.state.view))
            case {"package": str(name)} if name in ("", *policy_names()):
                self.attempt(lambda: self.state.with_package(name or None))
            case {"do": "undo"}:
                self._step(self.history.undo)
            case {"do": "redo"}:
                self._step(self.history.redo)
            case {"do": "reset"}:
                self.notices = []
                self.attempt(self.state.reset)
            case {"do": "save"}:
                self.toolbar._send_msg({"save": {"name": self.state.file_name, "text": self.state.to_yaml()}})
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
            self.say(
                text.LOADED.format(name), [text.SETS_MORE.format(", ".join(beyond))] if beyond else (), True
            )
            self.show()

    def _step(self, step: Callable[[], State]) -> None:
        before = self.state
        after = step()
        if after is not before:
            self._run_anew(after)
        self.show()

    def _run_anew(self, state: State) -> None:
        self.yours = None
        self._run(state)

    def _at_headlines(self, message: dict) -> None:
        match message:
            case {"year": int(year) | float(year)}:
                scenario = self.state.scenario
                if scenario.policy_start <= year <= scenario.end:
                    chosen = None if year == scenario.end else float(year)
                    self.go(self.state.looking(year=chosen))
                    self.stale = set(TABS)
                    self.show()
            case {"chosen": list(names)}:
                known = [name for name in views.outcomes_for_cards() if name in names and name not in PEOPLE]
                self.go(self.state.looking(chosen=tuple(known)))

    def _at_bridge(self, message: dict) -> None:
        match message:
            case {"tab": str(tab)} if tab in TABS:
                self.go(self.state.looking(tab=tab))
            case {"dismiss": int(place)}:
                self.notices = [each for number, each in enumerate(self.notices) if number != place]
                self.show()
            case {"dark": bool(dark)}:
                self._dress(dark)

    def _dress(self, dark: bool) -> None:
        self.dark = dark
        with pn.io.hold():
            self.charts.dress(theme.palette(dark))
            self.stale.add("routes")
            self.stale.add("outcomes")
            self.show()

    # From a state to what is shown -------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the whole page up to the state: data of the visible charts first, then every text."""
        with pn.io.hold():
            self._show_place()
            self._show_charts()
            self._show_texts()
            self._show_controls()

    def _show_place(self) -> None:
        """What changes only with the corridor and the years: groups of controls, history, axes."""
        scenario = self.state.scenario
        place = (scenario.corridor.digest, scenario.start, scenario.end, scenario.policy_start)
        if place == self._place:
            return
        self._place = place
        start = f"{scenario.policy_start:g}"
        words = _panel_words(text.LEVERS, text.LEVERS_HINT.format(start=start), True)
        self.levers.param.update(words=words, groups=controls.lever_groups(self.state))
        self.context.param.update(groups=controls.context_groups(self.state))
        for name, source in self.sources.history.items():
            points = views.history(scenario.corridor, name, scenario.start)
            source.data = points if points["time"] else EMPTY
        self.charts.span(scenario.start, scenario.end, scenario.policy_start)

    def _show_charts(self) -> None:
        tab = self.state.view.tab
        if tab not in self.stale:
            return
        self.stale.discard(tab)
        sources = self.sources
        if tab == "outcomes":
            sources.yours.data = views.outcome_columns(self.yours)
            _set_once(sources.baseline, self.baseline, views.outcome_columns)
            _set_once(sources.untouched, self.untouched, views.outcome_columns)
        if tab in ("outcomes", "routes"):
            looks = route_looks(len(self.yours.routes), self.charts.colours)
            sources.routes_yours.data = views.route_columns(self.yours) | looks
            sources.routes_baseline.data = views.route_columns(self.baseline) | looks
        if tab == "recorded":
            sources.recorded_yours.data = views.recorded_columns(self.yours)
            sources.recorded_baseline.data = views.recorded_columns(self.baseline)

    def _show_texts(self) -> None:
        state, scenario = self.state, self.state.scenario
        found = views.changes(self.yours, self.baseline, state.year)
        harm = bool(views.harms_that_rise(found))
        touched = bool(scenario.policies)
        rows = [
            [text.PEOPLE_ROW, [views.card(found[name], harm) for name in PEOPLE]],
            [text.CHOSEN_ROW, [views.card(found[name], harm) for name in state.view.chosen]],
        ]
        outcomes = catalogue().outcomes
        self.headlines.shown = {
            "verdict": views.headline(found, state.year, touched),
            "caution": views.caution(found, state.year),
            "rows": rows,
            "years": _years(scenario),
            "year": f"{state.year:g}",
            "choices": [
                [name, outcomes[name].title] for name in views.outcomes_for_cards() if name not in PEOPLE
            ],
            "chosen": list(state.view.chosen),
        }
        self.bridge.summaries = self._summaries(found)
        corridor = scenario.corridor
        self.bridge.shown = {
            "tab": state.view.tab,
            "title": corridor.title,
            "question": scenario.question or corridor.question,
            "illustrative": corridor.illustrative,
            "dark": self.dark,
            "notices": self.notices,
            "untouched": self.untouched is not None,
            "history": bool(corridor.recorded),
            "routes": [route.title for route in corridor.routes.values()],
            "gateways": views.route_table(
                corridor, self.yours, self.baseline, scenario.policy_start, state.year
            )
            if state.view.tab == "routes"
            else None,
        }

    def _summaries(self, found: dict) -> dict[str, str]:
        scenario, year = self.state.scenario, self.state.year
        match self.state.view.tab:
            case "outcomes":
                told = {
                    f"outcome:{name}": views.summary(
                        change,
                        views.at(self.baseline, self.baseline.total(name)[0], scenario.policy_start),
                        scenario.policy_start,
                        year,
                    )
                    for name, change in found.items()
                }
                told["outcome:route_share"] = views.by_route_told(
                    scenario.corridor, self.yours, "route_share", year
                )
                return told
            case "routes":
                return {
                    f"route:{name}": views.by_route_told(scenario.corridor, self.yours, name, year)
                    for name in views.ROUTE_CHARTS
                }
        return {
            f"recorded:{true}": views.recorded_summary(self.yours, true, shown, year)
            for true, shown in views.PAIRS
        }

    def _show_controls(self) -> None:
        state, known = self.state, catalogue()
        self.levers.shown = {"turn": self.turns["levers"], "settings": controls.settings(state, known.levers)}
        self.context.shown = {
            "turn": self.turns["context"],
            "settings": controls.settings(state, known.context),
            "years": {"policy_start": state.scenario.policy_start, "end": state.scenario.end},
        }
        undo, redo = self.history.can
        chosen = _package_key(state)
        self.toolbar.shown = {
            "corridors": [[name, shipped(name).corridor.title] for name in _corridors()],
            "corridor": state.opened,
            "packages": _packages(state, chosen),
            "package": chosen,
            "package_question": package_heading(state.package).question if state.package else "",
            "can_undo": undo,
            "can_redo": redo,
            "can_reset": state.scenario != shipped(state.opened),
            "dark": self.dark,
            "link": state.link,
        }

    # The page ----------------------------------------------------------------------------------------------

    def page(self) -> pn.Template:
        """The session as a page."""
        names = list(self.charts.figures)
        built = pn.Template(page.template(names))
        for name in ("toolbar", "levers", "context", "headlines", "bridge"):
            built.add_panel(name, getattr(self, name))
        for name, chart in self.charts.figures.items():
            built.add_panel(page.root_name(name), pn.pane.Bokeh(chart, sizing_mode="stretch_width", margin=0))
        built.title = text.TITLE
        return built


def open_session() -> pn.Template:
    """The page a visitor gets: the state of the link if there is one, else the first corridor as it stands."""
    dark = pn.state.cookies.get("pushpull_theme") == "dark"
    given = pn.state.session_args.get("state", [b""])[0].decode("ascii", "replace")
    notices: list[dict] = []
    state = State.opening()
    if given:
        try:
            state = State.from_link(given)
        except Refused as refused:
            notices = [
                {
                    "summary": f"{refused.summary} {text.LINK_FALLS_BACK}",
                    "lines": list(refused.lines),
                    "good": False,
                }
            ]
    return Session(state, dark, notices).page()


def warm(say: Callable[[str], None]) -> None:
    """Do once what the first visitor would wait for: compile the model, run every corridor, build a page."""
    from model.running import integrator

    integrator(say)
    for name in scenario_names():
        kept_run(shipped(name).baseline())
    Session(State.opening())


def _set_once(source, result: Result | None, columns: Callable) -> None:
    """Give a source the data of a result unless it holds them; nothing where there is no result."""
    mark = "" if result is None else result.provenance["scenario_hash"]
    if source.tags != [mark]:
        source.data = {name: [] for name in source.data} if result is None else columns(result)
        source.tags = [mark]


def _corridors() -> list[str]:
    return sorted(scenario_names(), key=lambda name: shipped(name).corridor.illustrative)


def _package_key(state: State) -> str:
    """The package, `own` where levers are moved by hand, or nothing."""
    return "own" if state.is_own else state.package or ""


def _packages(state: State, chosen: str) -> list[list[str]]:
    entries = [["", text.NO_PACKAGE]] + [[name, package_heading(name).title] for name in policy_names()]
    if chosen == "own":
        own = (
            text.CHANGED_PACKAGE.format(package_heading(state.package).title)
            if state.package
            else text.OWN_LEVERS
        )
        entries.append(["own", own])
    return entries


def _years(scenario: Scenario) -> list[str]:
    first, last = scenario.policy_start, scenario.end
    fives = [year for year in range(int(first) + 1, int(last)) if year % 5 == 0]
    return [f"{year:g}" for year in (first, *fives, last)]


def _toolbar_words() -> dict[str, str]:
    return {
        "name": text.TOOLBAR,
        "corridor": text.CORRIDOR,
        "package": text.PACKAGE,
        "undo": text.UNDO,
        "redo": text.REDO,
        "reset": text.RESET,
        "reset_hint": text.RESET_HINT,
        "save": text.SAVE,
        "save_hint": text.SAVE_HINT,
        "load": text.LOAD,
        "load_hint": text.LOAD_HINT,
        "link": text.COPY_LINK,
        "link_hint": text.LINK_HINT,
        "copied": text.LINK_COPIED,
        "theme": text.THEME,
    }


def _panel_words(title: str, hint: str, is_policy: bool) -> dict:
    words = {
        "title": title,
        "hint": hint,
        "panel": "levers" if is_policy else "context",
        "open": is_policy,
        "reset": text.RESET_GROUP,
        "moved": text.MOVED,
        "today": text.TODAY,
        "differs": text.TODAY_DIFFERS,
        "back": text.BACK_TO_TODAY,
        "exact": text.EXACT,
        "all_routes": text.ALL_ROUTES,
        "one_route": text.ONE_ROUTE,
        "out_of_range": text.OUT_OF_RANGE,
        "more": text.MORE,
        "range": text.RANGE,
        "cost": text.COST,
        "rights": text.RIGHTS,
    }
    if not is_policy:
        words["years"] = {"policy_start": text.POLICY_START, "end": text.END}
    return words


def _bridge_words() -> dict:
    twins = {
        outcome.id: outcome.observed_as for outcome in catalogue().outcomes.values() if outcome.observed_as
    }
    return {
        "name": text.NAME,
        "dismiss": text.DISMISS,
        "baseline": text.BASELINE,
        "yours": text.YOURS,
        "as_recorded": text.AS_RECORDED.lower(),
        "year": text.YEAR,
        "gateway": text.GATEWAY,
        "strictness": text.STRICTNESS,
        "of_traffic": text.SHARE_OF_TRAFFIC,
        "weak": text.WEAK,
        "dashes": [list(dash) for dash in theme.ROUTE_DASHES],
        "twins": twins | dict(views.PAIRS),
    }
