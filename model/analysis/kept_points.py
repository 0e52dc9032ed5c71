"""Points of a search with what was worked out of each, kept on disk: a search that is stopped goes on where it was."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import numpy as np

from pushpull.files.disk_cache import read_entry, write_entry
from pushpull.preparation import model_digest, versions

OFTEN = 20  # points from one writing to the next


class KeptPoints:
    """Arrays of one shape by point (a float array). `question` is all that they depend on beside the model."""

    def __init__(self, kind: str, question: object):
        said = repr((question, model_digest(), versions()))
        self.entry = f"{kind}_{hashlib.sha256(said.encode()).hexdigest()}"
        self._known: dict[bytes, np.ndarray] = {}
        content = read_entry(self.entry)
        if content is not None:
            with np.load(io.BytesIO(content)) as kept:
                for point, array in zip(kept["points"], kept["arrays"], strict=True):
                    self._known[point.tobytes()] = array
        self._written = len(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Every point with its array, in the order in which they came."""
        return ((np.frombuffer(key), array) for key, array in self._known.items())

    def get(self, point: np.ndarray) -> np.ndarray | None:
        """What is known of a point."""
        return self._known.get(point.tobytes())

    def add(self, point: np.ndarray, array: np.ndarray) -> np.ndarray:
        """Know something of a point from now on."""
        self._known[point.tobytes()] = array
        if len(self._known) - self._written >= OFTEN:
            self.store()
        return array

    def store(self) -> None:
        """Write all points, where the cache takes them."""
        if len(self._known) == self._written:
            return
        room = io.BytesIO()
        points = np.array([point for point, _ in self])
        np.savez(room, points=points, arrays=np.array([*self._known.values()]))
        write_entry(self.entry, room.getvalue())
        self._written = len(self._known)
