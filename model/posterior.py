"""What a fit leaves behind: draws of the unknown numbers, kept beside the corridor and used by ensembles."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pushpull.files.atomic import reason, stamp, write_whole
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.paths import shown
from pushpull.scenario.calibrated import stated_posterior
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.library import renewal

FILE = "posterior.nc"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws (draw, parameter) of equal weight, and how they were made.

    A draw d of a parameter turns the corridor's present value v into v * d / reference (v + d where the reference is
    zero). `errors` (draw, record) are the standard deviations of logarithms that went with each draw.
    """

    parameters: tuple[str, ...]
    draws: np.ndarray
    weights: np.ndarray
    reference: np.ndarray
    scores: np.ndarray
    records: tuple[str, ...]
    errors: np.ndarray
    provenance: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of what the fit depended on: equations, cards, the corridor's own files, the plan."""
        return str(self.provenance["plan"])

    @cached_property
    def contraction(self) -> np.ndarray:
        """How much narrower each parameter became, shape (parameter,): one less the posterior over the prior
        variance of its score."""
        return 1 - self.scores.var(axis=0)

    @cached_property
    def shift(self) -> np.ndarray:
        """How far each parameter's mean moved, shape (parameter,), in prior standard deviations of its score."""
        return self.scores.mean(axis=0)

    def choose(self, members: int, seed: int) -> np.ndarray:
        """Rows of `draws` for an ensemble, shape (member,): without repetition as far as the draws reach, in an
        order set by the seed.

        The first rows do not depend on how many are asked for, so a larger ensemble goes on where a smaller one ended.
        """
        rng = np.random.default_rng(seed)
        rounds = -(-members // len(self.draws))
        return np.concatenate([rng.permutation(len(self.draws)) for _ in range(rounds)])[:members]

    def thinned(self, draws: int, seed: int = 1) -> Posterior:
        """So many of the draws, the first that an ensemble would take: chains lie side by side, so that draws at equal
        distances could be of a few of them alone.

        Raises:
            ValueError: for more draws than there are, or none.
        """
        if not 0 < draws <= len(self.draws):
            raise ValueError(f"{draws} draws of a fit that has {len(self.draws)}")
        rows = self.choose(draws, seed)
        return replace(
            self,
            draws=self.draws[rows],
            weights=np.full(draws, 1 / draws),
            scores=self.scores[rows],
            errors=self.errors[rows],
        )

    def save(self, path: Path) -> Path:
        """Write the file whole or not at all; raises NotWritten where the folder does not take it."""
        import xarray  # late: half a second, which a run that draws nothing need not wait for

        dataset = xarray.Dataset(
            {
                "draws": (("draw", "parameter"), self.draws.astype(np.float32)),
                "weights": ("draw", self.weights.astype(np.float32)),
                "scores": (("draw", "parameter"), self.scores.astype(np.float32)),
                "reference": ("parameter", self.reference),
                "errors": (("draw", "record"), self.errors.astype(np.float32)),
            },
            coords={"parameter": list(self.parameters), "record": list(self.records)},
            attrs={"provenance": json.dumps(dict(self.provenance), sort_keys=True)},
        )
        packed = {"zlib": True, "complevel": 9, "shuffle": True}
        encoding = {name: packed for name in ("draws", "scores", "errors")}
        return write_whole(path, lambda file: dataset.to_netcdf(file, encoding=encoding))

    @classmethod
    def load(cls, path: Path) -> Posterior:
        """Read a posterior file; raises ScenarioFaults where it is none, or not the one that the fit beside it wrote.

        The digest is looked at before the file is opened: HDF5 does not survive every damage.
        """
        stated = stated_posterior(path.parent)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as fault:
            raise _unreadable(path, reason(fault)) from fault
        if stated and digest != stated:
            raise _unreadable(path, "it is not as `pushpull fit` wrote it")
        try:
            return cls._read(path)
        except Exception as fault:  # whatever the libraries say of a file that is none
            raise _unreadable(path, "it is no posterior of a fit") from fault

    @classmethod
    def _read(cls, path: Path) -> Posterior:
        import xarray

        with xarray.open_dataset(path, engine="netcdf4") as dataset:
            return cls(
                parameters=tuple(str(name) for name in dataset["parameter"].values),
                draws=dataset["draws"].values.astype(float),
                weights=dataset["weights"].values.astype(float),
                reference=dataset["reference"].values.astype(float),
                scores=dataset["scores"].values.astype(float),
                records=tuple(str(name) for name in dataset["record"].values),
                errors=dataset["errors"].values.astype(float),
                provenance=json.loads(dataset.attrs["provenance"]),
            )


def _unreadable(path: Path, why: str) -> ScenarioFaults:
    way_out = f"a new one ({renewal(path.parent)}), or no such file"
    return ScenarioFaults([Fault(shown(path), None, f"cannot be read; {why}", way_out)])


def posterior_of(corridor: Corridor) -> Posterior | None:
    """The posterior kept with a corridor, or None where it has not been fitted; raises as `Posterior.load`."""
    path = corridor.folder / FILE
    if not os.path.lexists(path):
        return None
    return _load(path, stamp(path), corridor.digest)


@lru_cache(maxsize=8)
def _load(path: Path, changed: object, corridor: str) -> Posterior:
    return Posterior.load(path)
