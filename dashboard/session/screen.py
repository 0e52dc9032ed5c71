"""The screen of a session: its components and charts, and the one repaint that brings them up to a snapshot."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from pushpull.dashboard.charts.charts import Charts
from pushpull.dashboard.charts.sources import DIFFERENCE, Sources
from pushpull.dashboard.components import Headlines, LeverPanel, PageShell, Toolbar
from pushpull.dashboard.components.base import Component
from pushpull.dashboard.export.chart_files import ChartContent, taken
from pushpull.dashboard.export.charts_shown import of_figure, of_plot
from pushpull.dashboard.export.colophon import Colophon
from pushpull.dashboard.html import page_shell
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model import controls, headlines, page, toolbar
from pushpull.dashboard.view_model.snapshot import PageSnapshot
from pushpull.wording.palette import palette_of

# The fields of a snapshot that each part of the screen rests on: it is renewed when one of them is another.
CURVES = {"state", "runs", "ensemble"}
LEVERS = {"state", "turns", "runs", "ensemble", "replaying"}
TOOLBAR = {"state", "can_undo", "can_redo", "step", "heard", "replaying", "dark", "folder"}
CARDS = {"seen", "runs", "ensemble", "findings"}
SUMMARIES = {"state", "runs", "ensemble"}
PAGE = {"state", "runs", "ensemble", "notices", "dark", "replaying"}
PIECES = {"state", "runs", "ensemble", "findings", "comparison_is_ready", "dark"}


class Screen:
    """What stands in the browser. `receive` takes what its components send."""

    def __init__(self, state: State, words: Language, dark: bool, user: str | None, receive: Callable[[dict], None]):
        self._words = words
        self.sources = Sources()
        self.charts = Charts(self.sources, palette_of(dark), words, state.view.ranges)
        self.toolbar = Toolbar(receive, words=toolbar.words(words, user))
        self.levers = LeverPanel(receive, words=controls.words(words, "levers", state))
        self.context = LeverPanel(receive, words=controls.words(words, "context", state))
        self.headlines = Headlines(receive, words={**words.section("overview"), **words.section("strip")})
        self.shell = PageShell(receive, words=page.words(words))
        self._snapshot: PageSnapshot | None = None
        self._horizon: tuple | None = None

    @property
    def components(self) -> dict[str, Component]:
        """The components by their names on the page."""
        names = ("toolbar", "levers", "context", "headlines", "shell")
        return {name: getattr(self, name) for name in names}

    def page(self) -> page_shell.Page:
        """The screen as a page."""
        return page_shell.Page(self._words, self.components, self.charts.made)

    def taken(self, kind: str, key: str, colophon: Colophon) -> dict:
        """The chart of that place, or the figure of that id, as a file or for the clipboard; nothing where the page
        holds none any more."""
        words, place = self._words, self.shell.shown["places"].get(key)
        chart: ChartContent | None
        if place:
            names = self.shell.words["lines"] | {"yours": self.shell.shown["yours"]}
            chart = of_plot(words, self.charts.at(key), place["outcome"], place["title"], place["unit"], names)
        else:
            chart = of_figure(words, self.shell.fragments.values(), key)
        return {} if chart is None else taken(chart, kind, colophon, words.say("exports.about"))

    def repaint(self, snapshot: PageSnapshot) -> None:
        """Show a snapshot, in one message: data of the visible charts, then texts; only what rests on what changed."""
        changed = snapshot.changes(self._snapshot)
        state = snapshot.state
        self._words = words = self._words.counting(state.scenario.corridor.currency)
        with pn.io.hold():
            self._repaint_horizon(state)
            self._repaint_charts(snapshot, changed)
            if "dark" in changed:
                self.charts.dress(palette_of(snapshot.dark))
            verdicts = headlines.verdicts_of(snapshot) if changed & (CARDS | SUMMARIES | LEVERS) else {}
            if changed & (CARDS | SUMMARIES):
                self.headlines.shown = headlines.shown(words, snapshot, verdicts)
                self.shell.summaries = page.summaries(words, snapshot, verdicts)
            if changed & PAGE:
                self.shell.shown = page.shown(words, snapshot)
            if changed & PIECES and not snapshot.replaying:
                self.shell.fragments = page.pieces(words, snapshot)
            if changed & LEVERS:
                turns = dict(snapshot.turns)
                idle = {} if snapshot.replaying else controls.idle(words, state, snapshot.runs, verdicts)
                self.levers.shown = controls.shown(words, "levers", state, turns["levers"]) | {"idle": idle}
                self.context.shown = controls.shown(words, "context", state, turns["context"])
            if changed & TOOLBAR:
                self.toolbar.shown = toolbar.shown(words, snapshot)
        self._snapshot = snapshot

    def _repaint_charts(self, snapshot: PageSnapshot, changed: set[str]) -> None:
        """Outcomes, curves and ranges of the charts; axes where they stay while a hand moves a slider."""
        state = snapshot.state
        self.charts.place(page.chart_outcomes(state), state.scenario.corridor, state.scenario.start)
        if state.scenario.policies:  # without, levels are shown
            self.charts.make(DIFFERENCE)
        if "runs" in changed:
            self.charts.show(snapshot.runs, frozen=True)
        if changed & CURVES:
            self.charts.show_ranges(snapshot.ensemble, frozen=True)
            self.charts.difference.show(snapshot.runs, snapshot.ensemble, state.scenario.policy_start)
            self.charts.difference.rescale(snapshot.axes_are_fixed)
        if not snapshot.axes_are_fixed:
            self.charts.rescale()
        self.charts.figures.draw()

    def _repaint_horizon(self, state: State) -> None:
        """What changes only with the corridor and the years: groups of controls, the record, the axis of years."""
        scenario, words = state.scenario, self._words
        horizon = (scenario.corridor.digest, scenario.start, scenario.end, scenario.policy_start)
        if horizon == self._horizon:
            return
        self._horizon = horizon
        self.levers.words = controls.words(words, "levers", state)
        self.levers.groups = controls.lever_groups(words, state)
        self.context.groups = controls.context_groups(words, state)
        self.charts.renew_history(scenario.corridor, scenario.start)
        self.charts.span(scenario.start, scenario.end, scenario.policy_start)
