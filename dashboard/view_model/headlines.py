"""What the headlines show: sentences, advisories and cards of the state whose runs are shown."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.dashboard.compute.advisories import advisories_of
from pushpull.dashboard.compute.indicators import Change
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.view_model.snapshot import PageSnapshot


def shown(language: Language, snapshot: PageSnapshot, changes: Mapping[str, Change]) -> dict:
    """All that changes; `changes` are those of the outcomes in the year that is shown."""
    state = snapshot.seen
    advisories = advisories_of(state, changes, snapshot.runs.yours)
    return overview_page.headlines(language, state, changes, snapshot.ensemble, advisories)
