"""What the headlines show: sentences, advisories and cards of the state whose runs are shown."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.analysis import Paired
from pushpull.dashboard.compute.indicators import changes
from pushpull.dashboard.compute.judging import outcome_verdicts
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.lever_effects import LeverEffects
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.view_model.snapshot import PageSnapshot


def verdicts_of(snapshot: PageSnapshot) -> dict[str, OutcomeVerdict]:
    """The verdict on every outcome in the year that is shown."""
    state, runs = snapshot.seen, snapshot.runs
    found = changes(runs.yours, runs.baseline, state.year)
    return outcome_verdicts.verdicts(found, snapshot.ensemble, state.year, state.view.valued)


def shown(language: Language, snapshot: PageSnapshot, verdicts: Mapping[str, OutcomeVerdict]) -> dict:
    """All that changes; `verdicts` are those on the outcomes in the year that is shown."""
    state, effects = snapshot.seen, snapshot.findings.get("lever_effects")
    known = effects if isinstance(effects, LeverEffects) else None
    found = overview_page.headlines(language, state, verdicts, advisories_of(state, verdicts, snapshot.runs, known))
    context = context_verdicts(snapshot)
    if context:
        found["verdict"] = overview_page.context_sentence(language, state, context)
        found["certainty"] = overview_page.certainty(language, context)
    return found


def context_verdicts(snapshot: PageSnapshot) -> dict[str, OutcomeVerdict]:
    """What a changed context does by itself beside the current situation, where no lever is moved; else nothing."""
    state, runs, found = snapshot.seen, snapshot.runs, snapshot.findings.get("context_effect")
    if state.scenario.policies or runs.untouched is None:
        return {}
    moved = changes(runs.baseline, runs.untouched, state.year)
    return outcome_verdicts.verdicts(moved, found if isinstance(found, Paired) else None, state.year, state.view.valued)
