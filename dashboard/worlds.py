"""Ensembles behind the page: a policy and its baseline in the same worlds, more worlds at each step."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator

from model import Scenario
from model.analysis import Members, Paired, paired

STAGES = (16, 32, 64, 128)
KEPT = 6
_BASELINES: OrderedDict[str, Members] = OrderedDict()
_LOCK = threading.Lock()


def members_of(baseline: Scenario) -> Members:
    """The members of a baseline, shared by all sessions; those run once are kept."""
    with _LOCK:
        members = _BASELINES.pop(baseline.digest, None) or Members(baseline)
        _BASELINES[baseline.digest] = members
        while len(_BASELINES) > KEPT:
            _BASELINES.popitem(last=False)
    return members


def refining(scenario: Scenario, stop: threading.Event, most: int = STAGES[-1]) -> Iterator[Paired]:
    """What 16 worlds say of a scenario against its baseline, then 32, and so on; raises Stopped and RunBroke."""
    reference = members_of(scenario.baseline())
    policy = Members(scenario) if scenario.policies else reference
    for count in STAGES:
        if count <= most:
            yield paired(policy, reference, members=count, stop=stop)
