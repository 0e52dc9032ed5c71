"""The judgement of the sampler itself, on a few unknowns of a corridor's fit, as it lies beside the corridor."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pushpull.calibration import nested, synthetic_records
from pushpull.calibration.chains import CHAINS
from pushpull.calibration.few_unknowns import FewUnknowns, most_moved
from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.nested import UnknownBesideNested, beside_nested
from pushpull.calibration.plan import Plan
from pushpull.calibration.sampling import SamplingProgress
from pushpull.calibration.synthetic_records import UnknownInRecords, judged_ranks, rank_in_records
from pushpull.ensemble import Progress
from pushpull.files.atomic import write_whole
from pushpull.posterior import Posterior

FILE = "sampler_judged.json"
PARTIAL = "sampler_judged.partial"
UNKNOWNS = 8  # those that the record moved most


@dataclass(frozen=True)
class FewOfFit:
    """A few unknowns of a fit, with their names; all others stand at the means of its draws."""

    target: FewUnknowns
    names: tuple[str, ...]
    key: str


def few_of_fit(plan: Plan, posterior: Posterior, count: int = UNKNOWNS) -> FewOfFit:
    """The unknowns that a fit moved or narrowed most."""
    scores = posterior.scores[:, [posterior.parameters.index(name) for name in plan.names]]
    free = most_moved(scores, count)
    names = tuple(plan.names[number] for number in free)
    held = scores.mean(axis=0)
    key = hashlib.sha256(f"{plan.digest} {names}".encode() + held.tobytes()).hexdigest()
    return FewOfFit(FewUnknowns(Likelihood(plan), free, held), names, key)


@dataclass(frozen=True)
class JudgedInRecords:
    """What ranks of true numbers in records of the model's own say of the sampler, with the digest of the plan.

    `steps` are those of each chain, `draws` how many of all chains a true number is ranked among, `redrawn` how many
    draws from the priors broke their runs and were drawn again.
    """

    made: str
    plan: str
    records: int
    redrawn: int
    chains: int
    steps: int
    draws: int
    unknowns: tuple[UnknownInRecords, ...]

    @property
    def outside(self) -> tuple[str, ...]:
        """The unknowns whose ranks leave the envelope that right draws keep."""
        return tuple(each.name for each in self.unknowns if each.outside)

    @property
    def held(self) -> float:
        """The share of 90 percent ranges that hold the true number, over all unknowns and records."""
        return float(np.mean([each.held for each in self.unknowns]))


def judge_in_records(
    plan: Plan,
    few: FewOfFit,
    folder: Path,
    records: int = synthetic_records.RECORDS,
    progress: Progress | None = None,
) -> JudgedInRecords:
    """Judge the sampler in records of the model's own; a partial file in `folder` lets it go on where it stopped."""
    found = rank_in_records(few.target, records, partial=folder / PARTIAL, key=few.key, progress=progress)
    return JudgedInRecords(
        made=datetime.date.today().isoformat(),
        plan=plan.digest,
        records=records,
        redrawn=found.redrawn,
        chains=synthetic_records.CHAINS,
        steps=synthetic_records.STEPS,
        draws=found.draws,
        unknowns=judged_ranks(found, few.names),
    )


@dataclass(frozen=True)
class JudgedBesideNested:
    """What nested sampling of the same few unknowns says beside chains, with the real record, and the plan's digest.

    `steps` are those of each chain, `live` the points that nested sampling keeps, `runs` how many it took.
    """

    made: str
    plan: str
    chains: int
    steps: int
    draws: int
    live: int
    runs: int
    unknowns: tuple[UnknownBesideNested, ...]

    @property
    def apart(self) -> tuple[str, ...]:
        """The unknowns whose means or spreads lie farther apart than is asked for."""
        return tuple(each.name for each in self.unknowns if not each.agrees)

    @property
    def means_apart(self) -> float:
        """The largest distance of two means, in standard deviations."""
        return max(each.means_apart for each in self.unknowns)

    @property
    def spreads_apart(self) -> float:
        """The largest difference of two spreads, as a part of one."""
        return max(each.spreads_apart for each in self.unknowns)


def judge_beside_nested(plan: Plan, few: FewOfFit, progress: SamplingProgress | None = None) -> JudgedBesideNested:
    """Hold the sampler against nested sampling, with the real record."""
    rows, runs = beside_nested(few.target, few.names, progress=progress)
    return JudgedBesideNested(
        made=datetime.date.today().isoformat(),
        plan=plan.digest,
        chains=CHAINS,
        steps=nested.STEPS,
        draws=nested.DRAWS,
        live=nested.LIVE,
        runs=runs,
        unknowns=rows,
    )


@dataclass(frozen=True)
class JudgedSampler:
    """What was judged of the sampler, as it is stored; None where one of the two was not."""

    in_records: JudgedInRecords | None = None
    beside_nested: JudgedBesideNested | None = None


def save_sampler(judged: JudgedSampler, folder: Path) -> Path:
    """Write what was judged of the sampler beside a corridor."""
    path = folder / FILE
    write_whole(path, (json.dumps(dataclasses.asdict(judged), indent=1, ensure_ascii=False) + "\n").encode())
    return path


def read_sampler(folder: Path) -> JudgedSampler:
    """What lies beside a corridor; nothing of what cannot be read."""
    try:
        parts = json.loads((folder / FILE).read_text("utf-8"))
        found = (_part(parts, *each) for each in _PARTS)
        return JudgedSampler(*found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return JudgedSampler()


_PARTS = (
    ("in_records", JudgedInRecords, UnknownInRecords),
    ("beside_nested", JudgedBesideNested, UnknownBesideNested),
)


def _part(parts: dict, name: str, judged: Any, unknown: Any) -> Any:
    if parts[name] is None:
        return None
    fields = dict(parts[name])
    rows = tuple(unknown(**{key: _hashable(value) for key, value in row.items()}) for row in fields.pop("unknowns"))
    return judged(unknowns=rows, **fields)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
