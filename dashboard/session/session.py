"""A session: `receive` takes what one browser tab says, and the screen shows what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import panel as pn
from bokeh.document import Document
from bokeh.server.callbacks import PeriodicCallback

from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.compute.runs import Runs, runs_of
from pushpull.dashboard.export.evidence_pack import Pack, WordBrief
from pushpull.dashboard.html import page_shell
from pushpull.dashboard.i18n.notices import Notice
from pushpull.dashboard.i18n.texts import Language, language
from pushpull.dashboard.session import complaints, page_links, taking  # noqa: F401  # all but the first put theirs among EFFECTS
from pushpull.dashboard.session.changes_beside import ChangesBeside, Way
from pushpull.dashboard.session.computation import Computation
from pushpull.dashboard.session.deciding import requests as deciding  # noqa: F401  # puts its own among EFFECTS
from pushpull.dashboard.session.effects import EFFECTS, Effect, look_at_file
from pushpull.dashboard.session.jobs import Background
from pushpull.dashboard.session.replay import Replay
from pushpull.dashboard.session.screen import Screen
from pushpull.dashboard.session.stories import playing, story_editor, teams_propose  # noqa: F401  # as above
from pushpull.dashboard.state import messages, target_changes  # noqa: F401  # the second puts its own among CHANGES
from pushpull.dashboard.state.messages import Kind, Message
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.update import CHANGES, HISTORY_STEPS, HistoryStep, StateChange, update
from pushpull.dashboard.storage import user_folder
from pushpull.dashboard.view_model.controls import PANELS
from pushpull.dashboard.view_model.snapshot import PageSnapshot

MILLISECONDS = 1000  # between looks at an open file

KINDS: tuple[Kind, ...] = (*CHANGES, *HISTORY_STEPS, *EFFECTS)


class Session:
    """What one browser tab sees: `receive` takes what it says, and `repaint` shows what came of it."""

    def __init__(
        self,
        state: State,
        visitor: Visitor | None = None,
        notices: Iterable[Notice] = (),
        document: Document | None = None,
        runs: Runs | None = None,
        background: Background | None = None,
    ):
        self.history = History(state)
        self._code = state.view.language
        self.visitor = visitor or Visitor()
        self.dark = self.visitor.dark
        self.notices = tuple(notices)
        self.turns = dict.fromkeys(PANELS, 0)
        self.heard = 0  # the number of the last change of which the browser wants to know that it arrived
        self.folder = user_folder.folder(self.visitor.user, self.visitor.among_many)
        self._watch: user_folder.Watch | None = None
        self._looking: PeriodicCallback | None = None  # at the file that is open, again and again
        self._document = document
        self.pack: Pack | WordBrief | None = None
        self.is_moving = False
        if background is None and document is not None:
            background = Background(document, waiting=True, tell=self.show_work)
        self.background = background
        self.beside = ChangesBeside(self, background)
        self.computation = Computation(
            self.language, runs or runs_of(state.scenario), background, self.show, self.tell_failed_work
        )
        self.replay = Replay(document, self.show)
        self.screen = Screen(state, self.language, self.dark, self.visitor.user, self.receive)
        self.show()
        self.computation.work(state)
        if document is not None and background is not None:
            # What is shown between the browser's pulling the page and its being loaded would be lost.
            pn.state.onload(background.begin)

    @property
    def state(self) -> State:
        """The state of the session; while a replay lasts, another may be on the page."""
        return self.history.now

    @property
    def language(self) -> Language:
        """The language of the page, with money in the currency of the corridor."""
        return language(self._code, self.state.scenario.corridor.currency)

    @property
    def watch(self) -> user_folder.Watch | None:
        """The watch on the file that is open; it is looked at every second while there is one."""
        return self._watch

    @watch.setter
    def watch(self, watch: user_folder.Watch | None) -> None:
        self._watch = watch
        if self._document is None:
            return
        if watch is not None and self._looking is None:
            self._looking = self._document.add_periodic_callback(lambda: look_at_file(self), MILLISECONDS)
        elif watch is None and self._looking is not None:
            self._document.remove_periodic_callback(self._looking)
            self._looking = None

    def page(self) -> page_shell.Page:
        """The session as a page."""
        return self.screen.page()

    def close(self) -> None:
        """Drop what is under way; the tab is gone, and nothing more is shown."""
        if self.background is not None:
            self.background.close()
        self.replay.forget()

    # From what a browser says to a state --------------------------------------------------------------------

    def receive(self, said: Mapping) -> None:
        """Take what a component sends, once the state that it rests on is there; whatever it is, the page answers, or
        its sliders would wait for ever."""
        try:
            message = messages.read(said, KINDS)
            act = None if message is None else partial(self.handle, message)
            if message is not None and self.beside.hold_up(message):
                self.beside.wait(message, partial(self._answer, said, act))
                return
        except Exception as fault:
            act = partial(self.refuse, fault)
        self._answer(said, act)

    def _answer(self, said: Mapping, act: Callable[[], None] | None) -> None:
        """Do what is to be done, if anything is, and let the page know that it was heard."""
        turn, panel = messages.turn(said.get("turn")), said.get("panel")
        if turn:
            self.turns = {**self.turns, panel if panel in PANELS else PANELS[0]: turn}
        self.heard = messages.turn(said.get("heard")) or self.heard
        try:
            if act is not None:
                act()
        except Exception as fault:
            self.refuse(fault)

    def handle(self, message: Message) -> None:
        """Do what a message asks for; raises Refusal where too many changes wait, and what the change itself raises."""
        match message.kind:
            case StateChange(runs_model=True) if self.background is not None and self.computation.runs.are_long:
                self.beside.move(message)
            case StateChange() as kind:
                self._change(kind, message)
            case HistoryStep():
                self._step(message)
            case Effect():
                message.kind.case(self, *message.values)

    def go(self, state: State, mover: str | None = None, way: Way = History.going) -> None:
        """Take a state, run it and show it; raises RunBroke and leaves all as it was where it does not run."""
        self.computation.take(state, self.state)
        self.history = way(self.history, state, mover)
        self.is_moving = mover is not None
        self.show()
        self.computation.work(state)

    def change_beside(
        self,
        kind: str,
        change: Callable[[State], State],
        then: Callable[[], None],
        *,
        way: Way = History.going,
    ) -> None:
        """Go to the state that `change` makes of this one, beside the page, and do what follows."""
        self.beside.make(kind, change, then, way=way)

    def _change(self, kind: StateChange, message: Message) -> None:
        """Go to the state after a message of that kind, and tell what is to be told of it."""
        state = update(self.state, message)
        notice = kind.notice(state) if kind.notice is not None else None
        if kind.forgets_notices:
            self.notices = ()
        self.take(state, kind.control(*message.values) if kind.control is not None else None, notice)

    def take(
        self, state: State, mover: str | None = None, notice: Notice | None = None, way: Way = History.going
    ) -> None:
        """Go to a state; complaints about what was tried before go, good news that lasts stays until there is other."""
        self.replay.stop()
        before = self.notices
        self.notices = tuple(each for each in before if each.lasts) if notice is None else (notice,)
        try:
            self.go(state, mover, way)
        except Exception:
            self.notices = before
            raise

    def _step(self, message: Message) -> None:
        """Go through the history: back, forth, or to the end of a run of moves."""
        self.replay.stop()
        before, history = self.state, message.kind.case(self.history, *message.values)
        self.computation.take(history.now, before)
        self.history, self.is_moving = history, False
        self.show()
        if self.state is not before:
            self.computation.work(self.state)

    # What is told -------------------------------------------------------------------------------------------

    def tell(self, notice: Notice) -> None:
        """Show a notice in the place of those before."""
        self.notices = (notice,)
        self.show()

    def refuse(self, fault: Exception) -> None:
        """Tell why the last good state stays."""
        self.tell(complaints.of_change(fault, self.language))

    def tell_failed_work(self, fault: Exception) -> None:
        """Tell that work in the background failed."""
        self.tell(complaints.of_work(fault, self.language, self.visitor.among_many))

    # From a state to what is shown --------------------------------------------------------------------------

    def send(self, message: dict) -> None:
        """Hand a message to the toolbar in the browser, which saves files and draws pictures."""
        self.screen.toolbar.send(message)

    def show(self) -> None:
        """Bring the page up to date."""
        self.screen.repaint(self.snapshot())

    def show_work(self, busy: bool) -> None:
        """Show whether something is being worked out."""
        self.screen.toolbar.working = busy

    def snapshot(self) -> PageSnapshot:
        """Everything that the page shows now."""
        state, computation, replay = self.state, self.computation, self.replay
        seen, runs = replay.shown if replay.is_on else (state, computation.runs)
        return PageSnapshot(
            state=state,
            seen=seen,
            runs=runs,
            ensemble=None if replay.is_on else computation.ensemble,
            findings=computation.findings,
            comparison_is_ready=computation.comparison_is_ready(state),
            notices=self.notices,
            turns=tuple(self.turns.items()),
            can_undo=bool(self.history.past),
            can_redo=bool(self.history.future),
            step=self.history.step,
            heard=self.heard,
            folder=None if self.folder is None else user_folder.listing(self.folder),
            dark=self.dark,
            is_moving=self.is_moving,
            replaying=replay.side,
        )
