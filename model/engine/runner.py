"""Simulations on a compiled kernel: one, or several side by side in the lanes of the processor's vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, WIDTH
from pushpull.engine.language.indices import Extent
from pushpull.engine.machine.kernels import Kernel
from pushpull.engine.machine.loader import Workspace
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Break, Broke, Task
from pushpull.engine.stepping.halving import TOLD
from pushpull.engine.stepping.methods import STEPPERS

# Of the search for balanced initial levels: years a try, stable for turnovers down to nine days, and how many tries.
PACE, TRIES = 0.02, 2500
STOPPED_AT, STOPPED_BY = TOLD.index("stopped_at"), TOLD.index("stopped_by")


class Runner:
    """Runs tasks of one corridor, up to `lanes` at a time, in memory of its own: one for each thread.

    The numbers of a simulation are the same, bit for bit, in any lane and whatever stands beside it.
    """

    def __init__(self, kernel: Kernel, extent: Extent, lanes: int = SIDE_BY_SIDE):
        self.kernel, self.lanes = kernel, lanes
        self.machine = kernel.machine(extent, lanes)
        self.workspace = Workspace(self.machine, len(kernel.layout.loops))
        self._loaded: tuple[Task, ...] = ()
        self._evaluated: Task | None = None

    def run(self, tasks: Sequence[Task], block: SavedBlock, first: int = 0) -> None:
        """Run tasks of one `Task.kind` as the members of a block from `first` on.

        Raises Broke where simulations break; those that run beside them are whole, those that would come later are not
        begun.
        """
        self._save_into(block)
        for offset in range(0, len(tasks), self.lanes):
            group = tuple(tasks[offset : offset + self.lanes])
            self._load(group)
            self._march(block, first + offset, np.stack([task.constants for task in group]))

    def run_members(self, task: Task, constants: np.ndarray, block: SavedBlock, first: int = 0) -> None:
        """Run one task under each of these parameters (member, parameter, element), otherwise as `run`."""
        self._save_into(block)
        self._load((task,))
        for offset in range(0, len(constants), self.lanes):
            self._march(block, first + offset, constants[offset : offset + self.lanes])

    def ready(self, task: Task, block: SavedBlock) -> Workspace:
        """The memory as it stands before a task is run as the first member of a block."""
        self._save_into(block)
        self._load((task,))
        self._give(task.constants[None])
        self.workspace.set(member=0, live=1)
        return self.workspace

    def initial_levels(self, task: Task) -> np.ndarray:
        """The levels (stock, element) at the start: as stated, and of balanced stocks where their flows cancel."""
        self._load((task,))
        self._give(task.constants[None])
        self.workspace.call("begin")
        return self._levels()

    def evaluate(
        self, task: Task, levels: np.ndarray, inputs: np.ndarray, held: np.ndarray, off: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Values (row, element) and slopes (stock, element) of a state under a task's parameters and formulas; NaN
        where a variable does not vary.

        levels (stock, element); inputs (column); held (loop, element) are the causes at which loops stand that are
        `off` (loop).
        """
        if self._evaluated is not task:
            self._load((task,))
            self._give(task.constants[None])
        memory, cells = self.workspace.arrays, self.machine.cells
        memory["levels"][:] = cells("levels", levels[None])
        usual = int(not off.any() and not task.formulas.any())
        inputs = np.repeat(inputs, self.lanes)
        self.workspace.set(inputs=inputs, held=cells("held", held[None]), off=off.astype(float), usual=usual)
        self.workspace.call("evaluate")
        self.workspace.set(held=memory["held"], off=memory["off"])
        self._loaded, self._evaluated = (), task
        layout, elements = self.kernel.layout, self.machine.elements
        values, slopes = (np.full((len(names), elements), np.nan) for names in (layout.values, layout.stocks))
        self.machine.outside("values", memory["values"], values)
        self.machine.outside("levels", memory["stages"], slopes)
        return values, slopes

    def _levels(self) -> np.ndarray:
        levels = np.zeros((len(self.kernel.layout.stocks), self.machine.elements))
        self.machine.outside("levels", self.workspace.arrays["levels"], levels)
        return levels

    def _save_into(self, block: SavedBlock) -> None:
        copies = block.copies(self.machine)
        self.workspace.set(**copies, out=block.numbers, copies=len(copies["sources"]), skipped=block.skipped)

    def _load(self, tasks: tuple[Task, ...]) -> None:
        """Load tasks of one kind into the lanes; lanes left over repeat the last."""
        if len(tasks) == len(self._loaded) and all(
            one is other for one, other in zip(tasks, self._loaded, strict=True)
        ):
            return
        self._evaluated = None
        task, lanes = tasks[0], self.lanes
        columns = task.given.shared.shape[2] * lanes
        balanced = self.kernel.balanced_cells(self.machine)
        least, slack = self.kernel.limit_cells(self.machine)
        inputs = [each.given.ends(each.bounds) for each in tasks]
        inputs += inputs[-1:] * (lanes - len(inputs))
        self.workspace.set(
            inputs=np.stack(inputs, axis=-1) if lanes > 1 else inputs[0],
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
            policy_step=task.policy_step if task.cut.any() else -1,
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
        self._loaded = tasks

    def _give(self, constants: np.ndarray) -> None:
        """Set the parameters (lane, parameter, element) of the next simulations, every loop on and nothing broken."""
        self.workspace.forget()
        self.workspace.set(parameters=self.machine.cells("parameters", constants))

    def _march(self, block: SavedBlock, first: int, constants: np.ndarray) -> None:
        members = len(constants)
        self._give(constants)
        self.workspace.set(member=first, live=members)
        self.workspace.call("begin")
        self.workspace.call("march")
        told = self.workspace.told[:, :members].T
        block.told[first : first + members] = told
        moves, saves = self.workspace.broke.reshape(2, WIDTH)[:, :members].tolist()
        breaks = []
        for lane, (move, save) in enumerate(zip(moves, saves, strict=True)):
            if move >= 0:
                place, piece = int(told[lane, STOPPED_AT]), int(told[lane, STOPPED_BY])
                levels = self._levels() if members == 1 else None
                breaks.append(Break(first + lane, move, place, piece, levels))
            elif save >= 0:
                breaks.append(Break(first + lane, saved=save))
        if breaks:
            raise Broke(breaks)
