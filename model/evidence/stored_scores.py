"""Verdicts on the shipped experiments as they are stored with the version: run once, there at once.

Each bears the digest of all that moves it: equations, numbers of cards and of its corridor, and the experiment itself.
One whose digest is another today is out of date, and is run anew where it counts.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.ensemble import Progress
from pushpull.evidence.experiment_files import Experiment, experiment_folder
from pushpull.evidence.verdicts import MEMBERS, SEED, Scoreboard, Verdict, judge, score_experiments
from pushpull.files.atomic import reason, stamp, write_whole
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.preparation import DISTRIBUTION
from pushpull.scenario import Corridor, Scenario
from pushpull.scenario.calibrated import CALIBRATED
from pushpull.scenario.fitted_numbers import PLAN, parts
from pushpull.scenario.forecast_errors import FILE as FORECAST_ERRORS

FILE = "scores.json"
DIGITS = 6
NEEDED = {
    "made": str, "version": str, "model": str, "corridors": dict, "members": int, "seed": int, "scores": dict,
}  # fmt: skip


@dataclass(frozen=True)
class StoredScores:
    """What was stored: on which day, of which version, model and corridors (by id, a digest), with how
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
        of_corridor = self.corridors.get(corridor.id)
        return self.model == digest_of_model() and of_corridor in (None, digest_of_corridor(corridor))

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
        "model": digest_of_model(),
        "corridors": {each.id: digest_of_corridor(each) for each in _corridors(board)},
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
    """SHA-256 of all that moves an experiment's verdict; words of cards and files move none."""
    arms = sorted((name, _digest_of_arm(arm)) for name, arm in experiment.arms.items())
    quantities = sorted((name, repr(each)) for name, each in experiment.quantities.items())
    judged = (experiment.measure, experiment.sign, experiment.low, experiment.high)
    return _sha(repr((digest_of_model(), arms, quantities, judged)))


def _digest_of_arm(arm: Scenario) -> str:
    content = {word: each for word, each in arm.to_mapping().items() if word not in ("title", "question")}
    return _sha(json.dumps(content, sort_keys=True, default=str) + digest_of_corridor(arm.corridor))


@cache
def digest_of_model() -> str:
    """SHA-256 of equations and of the numbers of every card."""
    model = catalogue().model
    cards = [
        (card.id, card.value, card.range, card.prior, card.distribution, sorted((card.by_population or {}).items()))
        for card in model.cards.values()
    ]
    return _sha(model.digest + repr(sorted(cards)))


@lru_cache(maxsize=8)
def digest_of_corridor(corridor: Corridor) -> str:
    """SHA-256 of the numbers of a corridor, of its series and of what its fit wrote."""
    numbers = {name: each for name, each in parts(corridor, catalogue()).items() if name != PLAN}
    written = [_content(corridor.folder / name) for name in (CALIBRATED, FORECAST_ERRORS)]
    return _sha(repr((sorted(numbers.items()), written)))


def _content(path: Path) -> str:
    return _sha(path.read_text(encoding="utf-8")) if path.exists() else ""


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _corridors(board: Scoreboard) -> Iterable[Corridor]:
    return (arm.corridor for each in board.tested for arm in each.experiment.arms.values())


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
