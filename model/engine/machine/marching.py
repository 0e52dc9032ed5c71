"""The kernel's march: one run at a time with every saved state, or four side by side with what is to be kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pushpull.engine.codegen.layout import POPULATIONS, SIDE_BY_SIDE, WIDTH
from pushpull.engine.machine.kernels import Kernel
from pushpull.engine.machine.loader import Machine, Workspace
from pushpull.engine.runs.halving import TOLD, room_to_tell
from pushpull.engine.runs.methods import STEPPERS
from pushpull.engine.runs.task import RunBroke, Task

if TYPE_CHECKING:
    from pushpull.engine.integrator import Integrator

PACE, TRIES = 0.05, 1000  # of the search for balanced initial levels: years a try, stable for turnovers down to weeks


class March:
    """The march of the kernel through one run after another, in memory of its own: one for each thread.

    `levels` and `values` hold the saved states of the last run over (time, row, element).
    """

    def __init__(self, engine: Integrator, task: Task):
        routes, layout = len(task.routes), engine.layout
        elements, saves = POPULATIONS * routes, len(task.saved_steps)
        self.engine = engine
        self.machine = engine.kernel.machine(routes)
        self.workspace = Workspace(self.machine, len(layout.loops))
        self.out = np.zeros(saves * (len(layout.values) + len(layout.stocks)) * elements)
        rows = saves * len(layout.values)
        self.values = self.out[: rows * elements].reshape(saves, len(layout.values), elements)
        self.levels = self.out[rows * elements :].reshape(saves, len(layout.stocks), elements)

    def begin(self, task: Task) -> np.ndarray:
        """The levels (stock, element) at the start."""
        self._begin(task)
        return self._levels()

    def run(self, task: Task) -> tuple[np.ndarray, np.ndarray]:
        """Levels and values over (time, row, element), overwritten by the next run; raise RunBroke where it breaks."""
        self._begin(task)
        copies = self._copies
        self.workspace.set(**copies, out=self.out, copies=len(copies["sources"]), live=1)
        self.workspace.call("march")
        move, save = self.workspace.broke[0], self.workspace.broke[WIDTH]
        if move >= 0:
            place, piece = (int(self.workspace.told[TOLD.index(name), 0]) for name in ("stopped_at", "stopped_by"))
            raise RunBroke(self.engine.explanation(task, self._levels(), int(move), place, piece))
        if save >= 0:
            raise RunBroke(self.engine.explanation(task, self.levels[save], task.move_from(task.saved_steps[save])))
        return self.levels, self.values

    def evaluate(
        self, task: Task, levels: np.ndarray, inputs: np.ndarray, held: np.ndarray, off: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes (row, element) of a state, under a task's parameters and formulas; all else is left NaN."""
        prepare(self.workspace, self.engine.kernel, [task])
        give(self.workspace, task.constants[None])
        memory, cells = self.workspace.arrays, self.machine.cells
        memory["levels"][:] = cells("levels", levels[None])
        usual = int(not off.any() and not task.formulas.any())
        self.workspace.set(inputs=inputs, held=cells("held", held[None]), off=off.astype(float), usual=usual)
        self.workspace.call("evaluate")
        self.workspace.set(held=memory["held"], off=memory["off"])
        values, slopes = np.full(self.values[0].shape, np.nan), np.full(self.levels[0].shape, np.nan)
        self.machine.outside("values", memory["values"], values)
        self.machine.outside("levels", memory["stages"], slopes)
        return values, slopes

    def _begin(self, task: Task) -> None:
        prepare(self.workspace, self.engine.kernel, [task])
        give(self.workspace, task.constants[None])
        self.workspace.call("begin")

    def _levels(self) -> np.ndarray:
        levels = np.zeros(self.levels.shape[1:])
        self.machine.outside("levels", self.workspace.arrays["levels"], levels)
        return levels

    @cached_property
    def _copies(self) -> dict[str, np.ndarray]:
        """For every number that is saved, where it is found among values and levels, and where it goes."""
        found = {"sources": [], "targets": [], "widths": []}
        firsts = {"values": (0, 0), "levels": (self.machine.sizes["values"], self.values.size)}
        for array, (source, target) in firsts.items():
            real = self.machine.real[array]
            found["sources"].append(source + real)
            found["targets"].append(target + self.machine.places[array][real])
            found["widths"].append(np.full(len(real), getattr(self, array)[0].size))
        copies = {name: np.concatenate(parts) for name, parts in found.items()}
        return {**copies, "strides": np.zeros_like(copies["sources"])}


def prepare(workspace: Workspace, kernel: Kernel, tasks: Sequence[Task]) -> None:
    """Set what a machine is told of tasks that are alike, one for each of its runs; of the last, for runs left over."""
    machine, task = workspace.machine, tasks[0]
    cuts, columns = bool(task.cut.any()), task.given.shared.shape[2] * machine.lanes
    balanced = kernel.balanced_cells(machine)
    least, slack = kernel.limit_cells(machine)
    inputs = [one.given.ends(one.bounds) for one in tasks]
    inputs += inputs[-1:] * (machine.lanes - len(inputs))
    workspace.set(
        inputs=np.stack(inputs, axis=-1) if machine.lanes > 1 else inputs[0],
        formulas=task.formulas.astype(float),
        cut=task.cut.astype(float),
        columns=columns,
        row=np.empty(columns),
        begun=np.empty(columns),
        ended=np.empty(columns),
        seen=np.empty(columns),
        bounds=task.bounds,
        moves=len(task.bounds) - 1,
        method=STEPPERS.index(task.method),
        policy_step=task.policy_step if cuts else -1,
        every=task.every,
        usual=int(not task.formulas.any()),  # until a loop is cut
        time_step=task.time_step,
        least=least,
        slack=slack,
        balanced=balanced,
        balancing=len(balanced),
        pace=PACE,
        tries=TRIES,
    )


def give(workspace: Workspace, constants: np.ndarray) -> None:
    """Set the parameters (run, parameter, element) of the next runs, with every loop on and nothing broken."""
    workspace.forget()
    workspace.set(parameters=workspace.machine.cells("parameters", constants))


class Kept:
    """What is kept of many runs: for every name an array over (member, time, population, route), in one block.

    `room` gives the block, of so many doubles; `skipped` saved states at the start are left out.
    """

    def __init__(self, engine: Integrator, names: tuple[str, ...], task: Task, skipped: int):
        self.engine, self.names, self.skipped = engine, names, skipped
        self.times = len(task.saved_steps) - skipped
        self.routes = len(task.routes)

    def size(self, members: int) -> int:
        """Doubles that all names take."""
        return members * self.times * sum(self._widths.values())

    def arrays(self, block: np.ndarray, members: int) -> Mapping[str, np.ndarray]:
        """The block as the arrays of the names."""
        return _Slices(block, members, self.times, self.engine.shapes(self.names, self.routes))

    def copies(self, machine: Machine, members: int) -> dict[str, np.ndarray]:
        """For every number that is kept of a state, where a machine has it and where it goes: see `march_text`."""
        widths = np.array([self._widths[name] for name in self.names], dtype=np.int64)
        firsts = (np.cumsum(widths) - widths) * self.times * members
        each = np.repeat(widths, widths)
        within = np.arange(len(each)) - np.repeat(np.cumsum(widths) - widths, widths)
        return {
            "sources": self.engine.sources(self.names, machine),
            "targets": np.repeat(firsts, widths) + within,
            "widths": each,
            "strides": each * self.times,
        }

    @cached_property
    def _widths(self) -> dict[str, int]:
        """Numbers each name has in a state."""
        return {name: one * other for name, (one, other) in self.engine.shapes(self.names, self.routes).items()}


class _Slices(Mapping[str, np.ndarray]):
    """A block as the arrays of the names that lie in it one behind the other, each made when it is asked for."""

    def __init__(self, block: np.ndarray, members: int, times: int, shapes: Mapping[str, tuple[int, int]]):
        self._block, self._members, self._times, self._shapes = block, members, times, shapes

    @cached_property
    def _firsts(self) -> dict[str, int]:
        widths = np.array([one * other for one, other in self._shapes.values()])
        firsts = (np.cumsum(widths) - widths) * self._members * self._times
        return dict(zip(self._shapes, firsts.tolist(), strict=True))

    def __getitem__(self, name: str) -> np.ndarray:
        first, shape = self._firsts[name], (self._members, self._times, *self._shapes[name])
        return self._block[first : first + math.prod(shape)].reshape(shape)

    def __contains__(self, name: object) -> bool:
        return name in self._shapes

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)


class KeepingMarch:
    """Marches members of an ensemble, or tasks that are alike, so many `runs` at a time, in memory of its own: one for
    each thread. The numbers of a run are the same, bit for bit, whatever stands beside it.

    `told` (member, one of `engine.runs.halving.TOLD`) receives what was shortened in each of them; marches that share
    a block share it too.
    """

    def __init__(
        self,
        engine: Integrator,
        task: Task,
        kept: Kept,
        block: np.ndarray,
        members: int,
        runs: int = SIDE_BY_SIDE,
        told: np.ndarray | None = None,
    ):
        self.engine, self.runs = engine, runs
        self.told = room_to_tell(members) if told is None else told
        self.machine = engine.kernel.machine(len(task.routes), runs)
        self.workspace = Workspace(self.machine, len(engine.layout.loops))
        copies = kept.copies(self.machine, members)
        self.workspace.set(**copies, out=block, copies=len(copies["sources"]), skipped=kept.skipped)
        prepare(self.workspace, engine.kernel, [task])

    def run(self, first: int, constants: np.ndarray) -> int | None:
        """March members from `first` on, with parameters (member, parameter, element), and keep what is to be kept;
        return the first member that broke, if any."""
        for offset in range(0, len(constants), self.runs):
            broke = self._march(first + offset, constants[offset : offset + self.runs])
            if broke is not None:
                return broke
        return None

    def run_alike(self, first: int, tasks: Sequence[Task]) -> int | None:
        """March tasks of one `Task.kind`, at most as many as go at a time, as the members from `first` on; return the
        first that broke, if any."""
        prepare(self.workspace, self.engine.kernel, tasks)
        return self._march(first, np.stack([task.constants for task in tasks]))

    def _march(self, first: int, constants: np.ndarray) -> int | None:
        give(self.workspace, constants)
        self.workspace.set(member=first, live=len(constants))
        self.workspace.call("begin")
        self.workspace.call("march")
        self.told[first : first + len(constants)] = self.workspace.told[:, : len(constants)].T
        broke = self.workspace.broke.reshape(2, WIDTH)[:, : len(constants)].max(axis=0) >= 0
        return first + int(broke.argmax()) if broke.any() else None
