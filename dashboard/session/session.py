"""A session: one state, one set of components and charts, and the way from a move to what is shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

import panel as pn
from bokeh.document import Document

from pushpull.analysis import Paired
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.charts.charts import Charts, Sources
from pushpull.dashboard.components import Bridge, Headlines, LeverPanel, Toolbar
from pushpull.dashboard.compute import ensembles, indicators, shared
from pushpull.dashboard.compute.compared import needed, scenarios
from pushpull.dashboard.compute.explanation import reasoning
from pushpull.dashboard.compute.runs import Runs, are_few, runs_of, runs_well
from pushpull.dashboard.export.evidence_pack import Pack
from pushpull.dashboard.html import page_shell
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages.overview_page import years
from pushpull.dashboard.session.jobs import Background, Steps
from pushpull.dashboard.session.messages import fits
from pushpull.dashboard.session.replay import Replay
from pushpull.dashboard.session.takers import Takers
from pushpull.dashboard.state.limits import MOST_MOVES, shortened
from pushpull.dashboard.state.state import Refused, State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.storage import user_folder
from pushpull.dashboard.view_model import controls, showing
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import ScenarioFaults
from pushpull.wording import palette

log = logging.getLogger(__name__)


class Session(Takers):
    """What one browser tab sees. Every change goes through `go`, which runs the model and then shows it."""

    def __init__(
        self,
        state: State,
        visitor: Visitor | None = None,
        notices: Iterable[dict] = (),
        document: Document | None = None,
        runs: Runs | None = None,
    ):
        self.history = History(state)
        self.language = language(state.view.language)
        self.visitor = visitor or Visitor()
        self.dark = self.visitor.dark
        self.notices = list(notices)
        self.background = Background(document, waiting=True) if document is not None else None
        self.replay = Replay(self, document)
        self.sources = Sources()
        self.charts = Charts(self.sources, palette.palette_of(self.dark), self.language, state.view.bands)
        words = self.language
        self.toolbar = Toolbar(self._hearing(self._at_toolbar), words=showing.toolbar_words(words, self.visitor.user))
        self.levers = LeverPanel(self._hearing(self._at_panel), words=showing.panel_words(words, "levers", state))
        self.context = LeverPanel(self._hearing(self._at_panel), words=showing.panel_words(words, "context", state))
        self.headlines = Headlines(self._hearing(self._at_headlines), words=showing.headline_words(words))
        self.bridge = Bridge(self._hearing(self._at_bridge), words=showing.bridge_words(words))
        self.turns = {"levers": 0, "context": 0}
        self.shelf_folder = user_folder.folder(self.visitor.user)
        self.watch: user_folder.Watch | None = None
        self.packed: Pack | None = None
        self.runs = runs or runs_of(state.scenario)
        self.worlds: Paired | None = None
        self.found: dict[str, object] = {}
        self.shared: dict[str, object] = {}
        self.moving = False
        self._changes: list[Callable[[State], State]] = []  # under way beside the page, in their order
        self._drawn: Runs | None = None
        self._place: tuple | None = None
        self.show()
        self._work()
        if self.background is not None:
            # What is shown between the browser's pulling the page and its being loaded would be lost.
            pn.state.onload(self.background.begin)

    @property
    def state(self) -> State:
        """The state of the session; while a replay lasts, another may be on the page."""
        return self.history.now

    def page(self) -> page_shell.Page:
        """The session as a page."""
        names = ("toolbar", "levers", "context", "headlines", "bridge")
        return page_shell.Page(self.language, {name: getattr(self, name) for name in names}, self.charts.figures)

    def close(self) -> None:
        """Drop what is under way; the tab is gone, and nothing more is shown."""
        if self.background is not None:
            self.background.close()
        self.replay.forget()

    # From a move to a state --------------------------------------------------------------------------------

    def attempt(self, change: Callable[[], State], mover: str | None = None) -> bool:
        """Go to the state a change makes.

        Where it is refused or does not run, the last good state stays and a notice says so.
        """
        self.replay.stop()
        try:
            state = change()
            self.notices = [each for each in self.notices if each["good"]]
            self.go(state, mover)
            return True
        except Exception as fault:
            # Whatever it was, the page must answer, or its sliders would wait for ever.
            self.refuse(fault)
        self.show()
        return False

    def change(self, change: Callable[[State], State], mover: str | None = None) -> None:
        """Go to the state that `change` makes of this one: at once, or beside the page where runs are long.

        Raises Refused where too many changes are under way beside the page.
        """
        if self.background is None or not self.runs.are_long:
            self.attempt(lambda: change(self.state), mover)
            return
        if len(self._changes) >= MOST_MOVES:
            raise Refused("moves")
        self._changes.append(change)
        changes = tuple(self._changes)

        def all_of(state: State) -> State:
            for each in changes:
                state = each(state)
            return state

        def taken() -> None:
            del self._changes[: len(changes)]

        self.attempt_aside("change", all_of, taken, self._changes.clear)

    def attempt_aside(
        self,
        kind: str,
        change: Callable[[State], State],
        then: Callable[[], None],
        otherwise: Callable[[], None] | None = None,
    ) -> None:
        """Go to the state that `change` makes of this one where making it may take long: beside the page, so that
        nobody waits. `then` follows where it is taken, `otherwise` where it is not. Should the page have moved on
        meanwhile, it is made anew.
        """
        if self.background is None:
            if self.attempt(lambda: change(self.state)):
                then()
            return
        before = self.state

        def steps(stop: threading.Event) -> Iterator[State]:
            state = change(before)
            runs_of(state.scenario)  # what is kept of it is there when the page asks
            yield state

        def take(state: State) -> None:
            if self.state is not before:
                self.attempt_aside(kind, change, then, otherwise)
            elif self.attempt(lambda: state):
                then()
            elif otherwise is not None:
                otherwise()

        def fail(fault: Exception) -> None:
            if otherwise is not None:
                otherwise()
            self.refuse(fault)
            self.show()

        self.background.start(kind, steps, take, fail)

    def refuse(self, fault: Exception) -> None:
        """Say why the last good state stays."""
        say = self.language.say
        match fault:
            case Refused():
                self.say(f"{fault.told(self.language)} {say('notices.stays')}", fault.lines)
            case ScenarioFaults():
                self.say(say("notices.not_taken"), map(str, fault.faults))
            case RunBroke():
                self.say(say("notices.run_broke"), str(fault).splitlines()[:1])
            case _:
                log.error("a change failed", exc_info=fault)
                self.say(f"{say('notices.not_taken')} {say('notices.stays')}")

    def _hearing(self, take: Callable[[dict], None]) -> Callable[[dict], None]:
        """What takes the messages of a component: none that is too large, and none that ends in a traceback."""

        def hear(message: dict) -> None:
            try:
                if not fits(message):
                    raise Refused("moves")
                take(message)
            except Exception as fault:
                self.refuse(fault)
                self.show()

        return hear

    def go(self, state: State, mover: str | None = None) -> None:
        """Take a state, run it and show it; raises RunBroke and leaves all as it was where it does not run."""
        self._run(state)
        self.history.go(state, mover)
        self.moving = mover is not None
        self.show()
        self._work()

    def step(self, way: str) -> None:
        """Go one step back (undo) or forth (redo) in the history."""
        self.replay.stop()
        now = self.state
        state = self.history.undo() if way == "undo" else self.history.redo()
        self.moving = False
        self._run(state, now)
        self.show()
        self._work()

    def say(self, summary: str, lines: Iterable[str] = (), good: bool = False, quoted: Iterable[str] = ()) -> None:
        """Put a notice in the place of those before; `quoted` lines are in English."""
        more = self.language.say("notices.more_lines")
        held, told = list(shortened(lines, more)), list(shortened(quoted, more))
        self.notices = [{"summary": summary, "lines": held, "good": good, "quoted": told}]

    def _run(self, state: State, before: State | None = None) -> None:
        if state.scenario != (before or self.state).scenario:
            self.runs = runs_of(state.scenario)
            self.worlds = None
            self.found = {}
        if not state.view.bands:
            self.worlds = None

    # Work in the background --------------------------------------------------------------------------------

    def _work(self) -> None:
        """Begin what the open page needs beyond one run: the worlds, and the reasons."""
        if self.background is None:
            return
        state, scenario, view = self.state, self.state.scenario, self.state.view
        if not view.bands:
            self.background.cancel("worlds")
        elif self.worlds is None and view.page in ("overview", "outcomes"):
            self.background.start(
                "worlds", lambda stop: ensembles.refining(scenario, stop), self._take_worlds, self._fail
            )
        if view.page == "compare":
            self._work_on_clouds(state)
        if view.page == "outcomes" and view.part == "diagram" and shared.kept_cycles(scenario) is None:
            self._begin("cycles", lambda stop: shared.find_cycles(scenario, stop))
        if view.page == "evidence" and "experiments" not in self.shared:
            self._begin("experiments", shared.find_experiments)
        if view.page != "why":
            self.background.cancel("reasons")
            return
        held = self.found.get("reasons")
        if held is None or held.division is None or (held.focus, held.year) != (view.focus, state.year):
            self.background.start(
                "reasons",
                lambda stop: reasoning(scenario, view.focus, state.year, held, stop),
                lambda found: self._take("reasons", found),
                self._fail,
            )

    def _work_on_clouds(self, state: State) -> None:
        """Run the worlds of the scenarios that are compared, those that are not yet known."""
        held = [scenario for _, _, scenario in scenarios(self.language, state)]
        if not self._comparison_is_ready(state):
            wanted, key = needed(self.language, state), _compared(state)

            def run_all(stop: threading.Event) -> Iterator[tuple]:
                for scenario in wanted:
                    if stop.is_set():
                        return
                    runs_well(scenario)
                yield key

            self._begin("compared", run_all)
        if any(ensembles.kept_cloud(scenario) is None for scenario in held):
            when = tuple(map(float, years(state.scenario)))
            self._begin("clouds", lambda stop: ensembles.clouds(filter(runs_well, held), when, stop))

    def _comparison_is_ready(self, state: State) -> bool:
        """Whether a comparison asks for few runs that are not known, or they have just been made for it."""
        return (
            self.background is None
            or state.view.page != "compare"
            or self.shared.get("compared") == _compared(state)
            or are_few(needed(self.language, state))
        )

    def _begin(self, kind: str, steps: Steps) -> None:
        """Begin work whose results stay true when the scenario changes."""
        self.background.start(kind, steps, lambda found: self.learn(kind, found), self._fail)

    def learn(self, kind: str, found: object) -> None:
        """Keep what holds whatever the scenario, and show it."""
        self.shared = {**self.shared, kind: found}
        self._show_found()

    def _take_worlds(self, found: Paired) -> None:
        self.worlds = found
        self._show_found()

    def _take(self, kind: str, found: object) -> None:
        """Keep what the background found, and show it."""
        self.found = {**self.found, kind: found}
        self._show_found()

    def _show_found(self) -> None:
        """Show what the background found; during a replay it waits for the end."""
        if not self.replay.is_on:
            with pn.io.hold():
                self._show_worlds()

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, RunBroke):
            log.error("work in the background failed", exc_info=fault)
        # What else goes wrong may name places on the server's disk, which are its user's business alone.
        is_told = isinstance(fault, RunBroke) or not self.visitor.among_many
        self.say(self.language.say("notices.worlds_broke"), str(fault).splitlines()[:1] if is_told else [])
        self.show()

    # From a state to what is shown -------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the whole page up to the state, in one message: data of the visible charts, then texts."""
        state, runs, words = self.state, self.runs, self.language
        with pn.io.hold():
            self._show_place()
            self.charts.place(showing.placed(state), state.scenario.corridor, state.scenario.start)
            if self._drawn is not runs:
                self._drawn = runs
                self.charts.show(runs, frozen=True)
            self._show_worlds()
            self.levers.shown = showing.levers(words, state, self.turns["levers"])
            self.context.shown = showing.context(words, state, self.turns["context"])
            self.toolbar.shown = showing.toolbar(words, self.history, self.dark, self.replay.shows, self.shelf_folder)

    def _show_worlds(self) -> None:
        """What rests on runs and worlds alike: charts' bands, cards, sentences and leaves."""
        state, runs, words = self.state, self.runs, self.language
        found = indicators.changes(runs.yours, runs.baseline, state.year)
        self.charts.show_bands(self.worlds, frozen=self.moving)
        if not self.moving:
            self.charts.rescale()
        self.headlines.shown = showing.headlines(words, state, found, self.worlds, runs.yours)
        self.bridge.summaries = showing.summaries(words, state, runs, found)
        self.bridge.shown = showing.bridge(words, state, runs, self.dark, self.notices, self.worlds, self.replay.shows)
        found = {**self.shared, **self.found, "is_ready": self._comparison_is_ready(state)}
        self.bridge.leaves = showing.leaves(words, state, runs, self.worlds, found)

    def flip(self, runs: Runs) -> None:
        """Show other runs for a moment, axes fixed, the history untouched."""
        with pn.io.hold():
            self._drawn = runs
            self.charts.show_bands(None, frozen=True)
            self.charts.show(runs, frozen=True)
            found = indicators.changes(runs.yours, runs.baseline, self.state.year)
            self.headlines.shown = showing.headlines(self.language, self.replay.state, found, None, runs.yours)
            self.toolbar.shown = showing.toolbar(
                self.language, self.history, self.dark, self.replay.shows, self.shelf_folder
            )
            self.bridge.shown = showing.bridge(
                self.language, self.state, runs, self.dark, self.notices, None, self.replay.shows
            )

    def _show_place(self) -> None:
        """What changes only with the corridor and the years: groups of controls, the record, axes."""
        state, scenario, words = self.state, self.state.scenario, self.language
        place = (scenario.corridor.digest, scenario.start, scenario.end, scenario.policy_start)
        if place == self._place:
            return
        self._place = place
        self.levers.words = showing.panel_words(words, "levers", state)
        self.levers.groups = controls.lever_groups(words, state)
        self.context.groups = controls.context_groups(words, state)
        self.charts.renew_history(scenario.corridor, scenario.start)
        self.charts.span(scenario.start, scenario.end, scenario.policy_start)


def _compared(state: State) -> tuple:
    """What the runs of a comparison depend on."""
    scenarios = tuple(each.digest for each in (state.scenario, *state.kept))
    return (scenarios, state.view.compared, state.view.way == "effects")
