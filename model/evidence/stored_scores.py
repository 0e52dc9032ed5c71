"""Verdicts on the shipped experiments as they are stored with the version: run once, there at once.

Each bears the digest of all that moves it: equations, cards, the files of its corridor and the experiment itself. One
whose digest is another today is out of date, and is run anew where it counts.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pushpull.ensemble import Progress
from pushpull.evidence.experiment_files import Experiment, experiment_folder
from pushpull.evidence.verdicts import MEMBERS, SEED, Scoreboard, Verdict, judge, score_experiments
from pushpull.files.atomic import reason, stamp, write_whole
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.preparation import DISTRIBUTION, model_digest
from pushpull.scenario import Corridor, Scenario

FILE = "scores.json"
DIGITS = 6
NEEDED = {
    "made": str, "version": str, "model": str, "corridors": dict, "members": int, "seed": int, "scores": dict,
}  # fmt: skip


@dataclass(frozen=True)
class StoredScores:
    """What was stored: on which day, of which version, model and corridors (by id, the digest of their files), with how
    many draws and which seed; by the id of each experiment its digest, verdict, median and range."""

    made: str
    version: str
    model: str
    corridors: Mapping[str, str]
    members: int
    seed: int
    scores: Mapping[str, Mapping]

    def verdict_on(self, experiment: Experiment) -> Verdict | None:
        """The stored verdict on an experiment; None where there is none."""
        score = self.scores.get(experiment.id)
        if score is None or not experiment.arms:
            return None
        return Verdict(experiment, score["verdict"], score["median"], score["low"], score["high"])

    def are_of_today(self, corridor: Corridor) -> bool:
        """Whether the model is today's, and so is that corridor where experiments are on it; without reading any."""
        return self.model == model_digest() and self.corridors.get(corridor.id, corridor.digest) == corridor.digest

    def is_of_today(self, experiment: Experiment) -> bool:
        """Whether the stored verdict is of today's model, corridor and experiment."""
        return self.scores.get(experiment.id, {}).get("digest") == digest_of(experiment)


def stored_scores() -> StoredScores | None:
    """What is stored with the version; None where nothing is. Raises ScenarioFaults where it cannot be read."""
    path = experiment_folder() / FILE
    state = stamp(path)
    return None if state is None else _read(path, state)


def store(board: Scoreboard) -> Path:
    """Store the verdicts of a scoreboard that was run with `MEMBERS` draws from `SEED`; raises NotWritten."""
    scores = {
        each.experiment.id: {
            "digest": digest_of(each.experiment),
            "verdict": each.verdict,
            **{name: _rounded(getattr(each, name)) for name in ("median", "low", "high")},
        }
        for each in board.tested
    }
    content = {
        "made": datetime.date.today().isoformat(),
        "version": importlib.metadata.version(DISTRIBUTION),
        "model": model_digest(),
        "corridors": {arm.corridor.id: arm.corridor.digest for each in board.tested for arm in _arms(each)},
        "members": MEMBERS,
        "seed": SEED,
        "scores": scores,
    }
    return write_whole(experiment_folder() / FILE, json.dumps(content, indent=1) + "\n")


def scoreboard(
    experiments: Sequence[Experiment], members: int = MEMBERS, seed: int = SEED, progress: Progress | None = None
) -> Scoreboard:
    """The verdicts on experiments: stored ones where they are of today and made with as many draws from that seed, the
    others run anew. Raises ScenarioFaults where the stored ones cannot be read, and ValueError for fewer than two."""
    stored = stored_scores()
    held: dict[str, Verdict] = {}
    for each in experiments:
        if not each.arms:
            held[each.id] = judge(each, None)
        elif stored is not None and (stored.members, stored.seed) == (members, seed) and stored.is_of_today(each):
            verdict = stored.verdict_on(each)
            if verdict is not None:
                held[each.id] = verdict
    rest = [each for each in experiments if each.id not in held]
    run = {each.experiment.id: each for each in score_experiments(rest, members, seed, progress).verdicts}
    return Scoreboard(tuple({**held, **run}[each.id] for each in experiments))


def digest_of(experiment: Experiment) -> str:
    """SHA-256 of all that moves an experiment's verdict."""
    arms = sorted((name, arm.digest) for name, arm in experiment.arms.items())
    quantities = sorted((name, repr(each)) for name, each in experiment.quantities.items())
    judged = (experiment.measure, experiment.sign, experiment.low, experiment.high)
    return hashlib.sha256(repr((model_digest(), arms, quantities, judged)).encode()).hexdigest()


def _arms(verdict: Verdict) -> Iterable[Scenario]:
    return verdict.experiment.arms.values()


def _rounded(value: float | None) -> float | None:
    """A number as it is stored; none where it is none, as of a run that gave no number."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.{DIGITS}g}")


@lru_cache(maxsize=2)
def _read(path: Path, state: object) -> StoredScores:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise _unreadable(f"the file cannot be read: {reason(fault)}") from fault
    except (ValueError, RecursionError) as fault:
        raise _unreadable("this is no JSON") from fault
    if not isinstance(content, dict) or any(not isinstance(content.get(key), kind) for key, kind in NEEDED.items()):
        raise _unreadable("this holds no scores")
    if not all(map(_is_score, content["scores"].values())):
        raise _unreadable("a score is not whole")
    return StoredScores(**{key: content[key] for key in NEEDED})


def _is_score(score: object) -> bool:
    if not isinstance(score, dict) or not isinstance(score.get("digest"), str):
        return False
    numbers = (score.get("low"), score.get("median"), score.get("high"))
    return isinstance(score.get("verdict"), str) and all(isinstance(each, int | float | None) for each in numbers)


def _unreadable(why: str) -> ScenarioFaults:
    remedy = "`pushpull evidence --store` writes it anew"
    return ScenarioFaults([Fault(f"evidence/{FILE}", None, why, remedy=remedy)])
