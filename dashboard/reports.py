"""The validation report on a corridor, made once for all sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dashboard.language import Language
from dashboard.markup import element
from dashboard.state import shipped
from model.reporting.findings import NoFit, gather
from model.reporting.page import page
from model.scenario import scenario_names

MEMBERS, SEED = 40, 1
_LOCK = threading.Lock()
_MADE: dict[str, str] = {}


def report_on(corridor: str, language: Language) -> Iterator[str]:
    """The report as an HTML page, or a sentence where the corridor has no fit to report on."""
    with _LOCK:
        if corridor not in _MADE:
            scenario = next(shipped(name) for name in scenario_names() if shipped(name).corridor.id == corridor)
            try:
                _MADE[corridor] = page(gather(scenario, MEMBERS, SEED, _silent))
            except NoFit:
                return (yield str(element("p", language.say("evidence.no_fit"))))
    yield _MADE[corridor]


@contextmanager
def _silent(*words: str) -> Iterator[Callable[[int, int], None]]:
    """Progress that nobody watches."""
    yield lambda done, whole: None
