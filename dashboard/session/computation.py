"""The numbers of a session: its runs at once; ranges, reasons and what else takes longer, from the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

from pushpull.analysis import Paired
from pushpull.dashboard.compute import ensembles, shared
from pushpull.dashboard.compute.compared import needed, scenarios
from pushpull.dashboard.compute.deciding.exploration import Separated
from pushpull.dashboard.compute.explanation import Reasons, reasoning
from pushpull.dashboard.compute.indicators import shown_years
from pushpull.dashboard.compute.judging import lever_effects
from pushpull.dashboard.compute.judging.advisories import makes_a_claim
from pushpull.dashboard.compute.levers_for_a_sum import SumRanking, key_of, ranking
from pushpull.dashboard.compute.runs import Runs, are_few, as_things_stand, runs_of, runs_well
from pushpull.dashboard.compute.trust import Trust, trust_in
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.session.deciding.work import PICTURED, decide
from pushpull.dashboard.session.jobs import Background, Steps
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import COMPUTED

OF_A_SCENARIO = ("reasons", "lever_effects", "context_effect")
TRUST = "trust"  # asked for where the guide is open, and from then on for each corridor


class Computation:
    """What the model says of the state of a session.

    `runs` belong to its scenario, and so does `ensemble`, which is None until simulations have been run. `findings` are
    all else by their kind: some belong to the scenario (OF_A_SCENARIO), others hold whatever it is (`experiments`).
    `changed` is called when the background has found something, `failed` when it could not.
    """

    def __init__(
        self,
        language: Language,
        runs: Runs,
        background: Background | None,
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ):
        self.language = language
        self.runs = runs
        self.ensemble: Paired | None = None
        self.findings: Mapping[str, object] = {}
        self._background, self._changed, self._failed = background, changed, failed

    def take(self, state: State, before: State) -> None:
        """Run another state; raises RunBroke, and all stays as it was, where it does not run."""
        if state.scenario.digest != before.scenario.digest:
            self.runs = runs_of(state.scenario)
            self.ensemble = None
            self.findings = {kind: found for kind, found in self.findings.items() if kind not in OF_A_SCENARIO}
        if not state.view.ranges:
            self.ensemble = None

    def begin(self, kind: str, steps: Steps, then: Callable[[], None] = lambda: None) -> None:
        """Begin work whose results stay true when the scenario changes; `then` follows each of them."""

        def take(found: object) -> None:
            self.learn(kind, found)
            then()

        if self._background is not None:
            self._background.start(kind, steps, take, self._failed)

    def drop(self, kind: str) -> None:
        """Let no more come from work of a kind."""
        if self._background is not None:
            self._background.cancel(kind)

    def learn(self, kind: str, found: object) -> None:
        """Keep what was found, and have it shown."""
        self.findings = {**self.findings, kind: found}
        if isinstance(found, Separated) and not found.choice.marked:
            self.findings = {**self.findings, PICTURED: found}  # what is marked by hand is marked in the same picture
        self._changed()

    def work(self, state: State) -> None:
        """Begin what the open page needs beyond runs, and drop what it needs no more."""
        if self._background is None:
            return
        view, scenario = state.view, state.scenario
        if not view.ranges:
            self._background.cancel("ensemble")
        elif self.ensemble is None and view.page in ("overview", "outcomes"):
            self._background.start(
                "ensemble",
                lambda stop: ensembles.refining(scenario, stop),
                lambda found: self._take_ensemble(found, state),
                self._failed,
            )
        self._find_effects(state)
        self._find_context_effect(state)
        if view.page == "compare" and view.way not in COMPUTED:
            self._compare(state)
        elif view.page == "compare":
            self.drop("compared_ensembles")
        self._rank(state)
        decide(self, state)
        if view.page == "outcomes" and view.part == "diagram" and shared.cached_cycles(scenario) is None:
            self.begin("cycles", lambda stop: shared.find_cycles(scenario, stop))
        if view.page == "evidence" and "experiments" not in self.findings:
            self.begin("experiments", shared.find_experiments)
        trust, base = self.findings.get(TRUST), state.base
        if isinstance(trust, Trust) and trust.corridor != base.corridor.digest:
            self.begin(TRUST, lambda stop: iter([trust_in(base)]))
        if view.page == "why":
            self._explain(state)
        else:
            self._background.cancel("reasons")

    def comparison_is_ready(self, state: State) -> bool:
        """Whether a comparison asks for few runs that have not been made, or they have just been made for it."""
        return (
            self._background is None
            or state.view.page != "compare"
            or self.findings.get("compared") == _compared(state)
            or are_few(needed(self.language, state))
        )

    def _find_effects(self, state: State) -> None:
        """Work out which lever does which half of what an advisory claims of an outcome, where one does."""
        if self._background is None or "lever_effects" in self.findings:
            return
        is_last = self.ensemble is not None and self.ensemble.members == ensembles.STAGES[-1]
        if is_last and state.view.page == "overview" and makes_a_claim(state):
            self.begin("lever_effects", lambda stop: lever_effects.finding(state.scenario, stop))
        else:
            self._background.cancel("lever_effects")

    def _find_context_effect(self, state: State) -> None:
        """Work out what a changed context does by itself, where no lever is moved and simulations are wanted."""
        if self._background is None:
            return
        kind, scenario = "context_effect", state.scenario
        held, reference = self.findings.get(kind), as_things_stand(scenario)
        if reference is None or scenario.policies or not state.view.ranges or state.view.page != "overview":
            self._background.cancel(kind)
        elif not isinstance(held, Paired) or held.members < ensembles.STAGES[-1]:
            self.begin(kind, lambda stop: ensembles.beside(scenario, reference, stop))

    def _take_ensemble(self, found: Paired, state: State) -> None:
        self.ensemble = found
        self._changed()
        self._find_effects(state)

    def _explain(self, state: State) -> None:
        """Work out why the outcome that is looked at changed, unless that has been done."""
        scenario, view, reasons = state.scenario, state.view, self.findings.get("reasons")
        held = reasons if isinstance(reasons, Reasons) else None
        if held is None or held.division is None or (held.focus, held.year) != (view.focus, state.year):
            self.begin("reasons", lambda stop: reasoning(scenario, view.focus, state.year, held, stop))

    def _rank(self, state: State) -> None:
        """Work out what each lever does for the sum that is chosen, where that is looked at and has not been done."""
        if self._background is None:
            return
        view, baseline, kind = state.view, state.scenario.baseline(), "ranking"
        held = self.findings.get(kind)
        key = key_of(baseline, view.spend, view.focus, state.year, view.valued)
        if view.page != "compare" or view.way != "sum":
            self._background.cancel(kind)
            return
        if not isinstance(held, SumRanking) or held.key != key or not held.is_complete:
            self._background.start(kind, lambda stop: ranking(baseline, key, stop), self._take_ranking, self._failed)

    def _take_ranking(self, found: SumRanking) -> None:
        if self.findings.get("ranking") is not found:
            self.learn("ranking", found)

    def _compare(self, state: State) -> None:
        """Run the simulations of the scenarios that are compared, where they have not been run."""
        held = [scenario for _, _, scenario in scenarios(self.language, state)]
        if not self.comparison_is_ready(state):
            wanted, key = needed(self.language, state), _compared(state)

            def run_all(stop: threading.Event) -> Iterator[tuple]:
                for scenario in wanted:
                    if stop.is_set():
                        return
                    runs_well(scenario)
                yield key

            self.begin("compared", run_all)
        if not all(ensembles.is_complete(scenario) for scenario in held):
            when = tuple(map(float, shown_years(state.scenario)))
            self.begin("compared_ensembles", lambda stop: ensembles.ensembles_of(filter(runs_well, held), when, stop))


def _compared(state: State) -> tuple:
    """What the runs of a comparison depend on."""
    scenarios = tuple(each.digest for each in (state.scenario, *state.kept))
    return (scenarios, state.view.compared, state.view.way == "effects")
