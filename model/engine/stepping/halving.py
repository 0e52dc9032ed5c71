"""When a move through time is too long, and what is told of those that were shortened.

A move fails where a level is no longer finite, where a stock that cannot be negative falls below zero by more than
rounding, or where the method's own estimate of its error is too large. It is then cut in half, each half is judged in
its turn, and so on down to a thousandth of the move. In pieces, what rounding leaves below zero is made zero, lest
ratios of such remains steer the run. Ordinary runs never come near: their largest estimate is a
fifteenth of what is allowed. Beside others, each run is judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

DEEPEST = 10
PARTS = 1 << DEEPEST  # of a move, the smallest that is tried
TOLERANCE = 1e-3  # of a level and its unit together: the largest estimate of a move's error
SMALL_UNIT = 0.01  # beside which shares and chances, and their rates, are seen; all else beside one unit
BELOW_ZERO = 1e-6  # of a unit: what rounding may leave of a stock that is empty
TOLD = ("halved", "smallest", "first", "last", "coarse", "stopped_at", "stopped_by")  # what a march tells of a run
NOTHING_TOLD = {"halved": 0, "smallest": PARTS, "first": -1, "last": -1, "coarse": 0, "stopped_at": 0, "stopped_by": 0}


def room_to_tell(members: int) -> np.ndarray:
    """Where marches tell what was shortened, (member, one of TOLD): nothing as yet."""
    return np.tile(np.array([NOTHING_TOLD[name] for name in TOLD], dtype=np.int64), (members, 1))


def unit_size(unit: str) -> float:
    """What counts as small beside a stock's unit: a hundredth for a share, else one person, case, job or dollar."""
    return SMALL_UNIT if unit.partition("/")[0].strip() == "1" else 1.0


def least_level(unit: str, signed: bool) -> float:
    """The level below which a stock is negative by more than rounding."""
    return -np.inf if signed else -BELOW_ZERO * unit_size(unit)


@dataclass(frozen=True, eq=False)
class Halvings:
    """What was shortened in the runs of a result; every array is over the members.

    `moves` counts the moves that were cut, `depth` says how often the shortest piece was halved, `first` and `last`
    are the years in which the first and the last of them began (NaN where none was). `coarse` counts those of the moves
    whose estimated error stayed above the tolerance down to the shortest piece: there something leaps, and the level
    after the leap is right to within the shortest piece.
    """

    WORDS = (
        *("moves_halved", "members_with_halved_moves", "deepest_halving"),
        *("first_halved_move", "last_halved_move", "moves_left_coarse"),
    )
    _arrays = ("moves", "depth", "first", "last", "coarse")

    moves: np.ndarray
    depth: np.ndarray
    first: np.ndarray
    last: np.ndarray
    coarse: np.ndarray

    @classmethod
    def of(cls, told: np.ndarray, start: float, steps_per_year: int) -> Halvings:
        """From what marches tell, an array (member, one of TOLD)."""
        halved, smallest, first, last, coarse = told[:, :5].T
        begun, ended = (np.where(halved > 0, start + step / steps_per_year, np.nan) for step in (first, last))
        depth = DEEPEST - np.log2(np.maximum(smallest, 1)).astype(np.int64)
        return cls(halved.copy(), np.where(halved > 0, depth, 0), begun, ended, coarse.copy())

    @classmethod
    def none(cls, members: int) -> Halvings:
        """Nothing was shortened."""
        return cls.of(room_to_tell(members), 0.0, 1)

    @classmethod
    def joined(cls, several: Sequence[Halvings]) -> Halvings:
        """Those of one block of members after the other."""
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in cls._arrays))

    def of_members(self, rows: Sequence[int]) -> Halvings:
        """Those of some of the members."""
        return Halvings(*(getattr(self, name)[list(rows)] for name in self._arrays))

    def __bool__(self) -> bool:
        return bool(self.moves.any())

    def since(self, year: float) -> bool:
        """Whether a move was cut into more than two pieces in a run that shortens moves from a year on: before policy
        starts, what a user sets shortens none, and where people pass within weeks a move is cut in two now and then."""
        return bool(((self.last >= year) & (self.depth > 1)).any())

    @property
    def provenance(self) -> dict[str, int | float]:
        """In sum over the members: how many moves, in how many members, how deep and when."""
        if not self:
            return {self.WORDS[0]: 0}
        sums = (int(self.moves.sum()), int((self.moves > 0).sum()), int(self.depth.max()))
        years = (float(np.nanmin(self.first)), float(np.nanmax(self.last)))
        return dict(zip(self.WORDS, (*sums, *years, int(self.coarse.sum())), strict=True))

    def __str__(self) -> str:
        if not self:
            return "no move was shortened"
        told, members = self.provenance, len(self.moves)
        moves = f"{told['moves_halved']:,} move{'s' if told['moves_halved'] > 1 else ''} through time"
        if members > 1:
            moves += f" in {told['members_with_halved_moves']:,} of {members:,} members"
        first, last = f"{told['first_halved_move']:.2f}", f"{told['last_halved_move']:.2f}"
        when = f"in {first}" if first == last else f"from {first} to {last}"
        found = f"{moves} had to be shortened, {when}, to 1/{2 ** told['deepest_halving']} at the shortest"
        left = told["moves_left_coarse"]
        return found + (f"; in {left:,} of them the estimated error stayed above the tolerance" if left else "")


def limits(units: Iterable[tuple[str, bool]]) -> tuple[np.ndarray, np.ndarray]:
    """For stocks given by unit and whether they may be negative: least levels, and what is tolerated of an error when
    the level is zero."""
    units = list(units)
    least = np.array([least_level(unit, signed) for unit, signed in units])
    return least, np.array([TOLERANCE * unit_size(unit) for unit, _ in units])
