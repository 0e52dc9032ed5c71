"""What is told of what went wrong; what nobody thought of goes to the log too."""

from __future__ import annotations

import logging

from pushpull.dashboard.i18n.notices import Notice, Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import ScenarioFaults

log = logging.getLogger(__name__)


def of_change(fault: Exception, words: Language) -> Notice:
    """Why a change was not made, and the last good state stays."""
    say = words.say
    match fault:
        case Refusal():
            return Notice.shortened(words, f"{fault.told(words)} {say('notices.stays')}", words.faults(fault.faults))
        case ScenarioFaults():
            return Notice.shortened(words, say("notices.not_taken"), words.faults(fault.faults))
        case RunBroke():
            return Notice(say("notices.run_broke"), quoted=tuple(str(fault).splitlines()[:1]))
    log.error("a change failed", exc_info=fault)
    return Notice(f"{say('notices.not_taken')} {say('notices.stays')}")


def of_work(fault: Exception, words: Language, among_many: bool) -> Notice:
    """That work in the background failed."""
    if not isinstance(fault, RunBroke):
        log.error("work in the background failed", exc_info=fault)
    # What else goes wrong may name places on the server's disk, which are its user's business alone.
    is_told = isinstance(fault, RunBroke) or not among_many
    return Notice(words.say("notices.ensemble_broke"), quoted=tuple(str(fault).splitlines()[:1]) if is_told else ())
