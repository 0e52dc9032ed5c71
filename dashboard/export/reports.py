"""The validation report on a corridor, made once for all sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pushpull.dashboard.i18n.texts import Language
from pushpull.evaluation.stored import FILE as EVALUATIONS
from pushpull.evidence.verdicts import MEMBERS, SEED
from pushpull.files.atomic import stamp
from pushpull.reporting.findings import NoFit, gather
from pushpull.reporting.report_page import page
from pushpull.scenario import Scenario, ScenarioFaults
from pushpull.wording.markup import element

MOST_MADE = 4  # pages of half a megabyte
_LOCK = threading.Lock()
_MADE: dict[tuple, str] = {}


def report_on(scenario: Scenario, language: Language) -> Iterator[str]:
    """The report on the corridor of a plain scenario as an HTML page, or a sentence where there is no fit to report
    on."""
    corridor = scenario.corridor
    digest = corridor.digest, stamp(corridor.folder / EVALUATIONS), language.code
    with _LOCK:
        if digest not in _MADE:
            try:
                made = page(gather(scenario, MEMBERS, SEED, _silent), language.code)
            except NoFit:
                return (yield str(element("p", language.say("evidence.no_fit"))))
            except ScenarioFaults as refused:
                return (yield str(element("p", language.faults(refused.faults)[0])))
            while len(_MADE) >= MOST_MADE:
                _MADE.pop(next(iter(_MADE)))
            _MADE[digest] = made
    yield _MADE[digest]


@contextmanager
def _silent(*words: str) -> Iterator[Callable[[int, int], None]]:
    """Progress that nobody watches."""
    yield lambda done, whole: None
