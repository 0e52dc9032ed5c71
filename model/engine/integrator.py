"""From numbers to a run: the front of the engine, and what it says when a run breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import Extent
from pushpull.engine.language.rows import Layout
from pushpull.engine.machine.kernels import Kernel
from pushpull.engine.plain.breaks import BreakReplay
from pushpull.engine.plain.evaluator import PlainEvaluator
from pushpull.engine.plain.plain_march import PlainMarch
from pushpull.engine.runner import Runner
from pushpull.engine.runs.block import SavedBlock, Selection, as_rows
from pushpull.engine.runs.task import Break, Broke, RunBroke, Task
from pushpull.engine.stepping.halving import limits


@dataclass(frozen=True)
class Integrator:
    """Runs tasks on a kernel."""

    model: Model
    kernel: Kernel

    @property
    def layout(self) -> Layout:
        """Where names stand in the arrays."""
        return self.kernel.layout

    def evaluator(self, task: Task) -> PlainEvaluator:
        """The equations in plain Python, on what a task varies over."""
        return PlainEvaluator(self.model, self.layout, task.extent)

    def runner(self, task: Task, lanes: int = SIDE_BY_SIDE) -> Runner:
        """What runs tasks of that extent, up to `lanes` at a time: one for each thread."""
        return Runner(self.kernel, task.extent, lanes)

    def selection(self, names: Iterable[str], task: Task) -> Selection:
        """These variables, to be saved of a task; worked out once."""
        key = (tuple(names), task.extent)
        if key not in self._selections:
            self._selections[key] = Selection(self.model, self.layout, *key)
        return self._selections[key]

    @cached_property
    def _selections(self) -> dict[tuple[tuple[str, ...], Extent], Selection]:
        return {}

    def simulate(self, task: Task, names: Iterable[str] | None = None, skipped: int = 0) -> SavedBlock:
        """Run a task once and save these variables, all if None, without the first `skipped` states; raise RunBroke
        where it breaks."""
        names = (*self.layout.stocks, *self.layout.values) if names is None else names
        block = SavedBlock(self.selection(names, task), task, skipped=skipped)
        try:
            self.runner(task, SINGLE).run([task], block)
        except Broke as broke:
            raise RunBroke(self.explanation(task, *broke.breaks)) from None
        return block

    def run(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Saved times (time), levels and values (time, row, element) of one run; raise RunBroke where it breaks."""
        block = self.simulate(task)
        levels, values = (as_rows(block, names, task.extent)[0] for names in (self.layout.stocks, self.layout.values))
        return task.times, levels, values

    def run_plainly(self, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same run by plain Python: slow, and the kernel's judge."""
        levels, values, _ = self.march_plainly(task)
        return task.times, levels, values

    def march_plainly(self, task: Task) -> tuple[np.ndarray, np.ndarray, Mapping[str, int]]:
        """Saved levels and values (time, row, element) of a run by plain Python, and what it tells of its halvings."""
        march = PlainMarch(self.evaluator(task), task, self.initial_levels(task), *self._limits)
        try:
            with np.errstate(all="ignore"):  # a step that leaves the range of numbers is taken in pieces
                levels, values = march.run()
        except Broke as broke:
            raise RunBroke(self.explanation(task, *broke.breaks)) from None
        return levels, values, march.told

    @property
    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Least levels, and what is tolerated of an error beside a level of zero, (stock, 1)."""
        least, slack = limits((stock.unit, stock.declaration.signed) for stock in self.model.stocks)
        return least[:, None], slack[:, None]

    def initial_levels(self, task: Task) -> np.ndarray:
        """Stocks (stock, element) at the start: as stated, and those that are to be balanced from there."""
        return self.runner(task, SINGLE).initial_levels(task)

    def explanation(self, task: Task, broken: Break) -> str:
        """Why a task broke. Levels that are lost, as other simulations went on beside it, are found by running it to
        that place again."""
        if broken.saved is not None:
            step = int(task.saved_steps[broken.saved])
            broken = Break(move=task.move_from(step), levels=self._levels_at(task, step))
        elif broken.levels is None:
            broken = self._broken_alone(task)
        assert broken.levels is not None  # as the run to that place found them
        step = int(task.bounds[broken.move])
        off, held = np.zeros_like(task.cut), np.zeros((len(task.cut), broken.levels.shape[1]))
        if task.cut.any() and step >= task.policy_step:
            off = task.cut
            held = self._causes_at_policy_start(task, held)
        return BreakReplay(self.evaluator(task), task, self._limits[0], held, off).explanation(broken)

    def _broken_alone(self, task: Task) -> Break:
        """Where a task breaks that is run alone."""
        try:
            self.runner(task, SINGLE).run([task], SavedBlock(self.selection((), task), task))
        except Broke as broke:
            return broke.breaks[0]
        raise AssertionError("a run broke beside others and not alone")

    def _levels_at(self, task: Task, step: int) -> np.ndarray:
        """Levels (stock, element) of a run at the start of a step at which a state is saved."""
        if step == 0:
            return self.initial_levels(task)
        until = task.first(step)
        block = SavedBlock(self.selection(self.layout.stocks, until), until)
        try:
            self.runner(until, SINGLE).run([until], block)
        except Broke as broke:  # its values there are not finite, and its levels are saved
            if broke.breaks[0].saved is None:
                raise
        return as_rows(block, self.layout.stocks, task.extent)[0, -1]

    def _causes_at_policy_start(self, task: Task, before: np.ndarray) -> np.ndarray:
        """The causes of the loops (loop, element) as they stood when the run cut them; `before` if it did at once."""
        if task.policy_step <= 0:
            return before
        _, levels, values = self.run(dataclasses.replace(task.first(task.policy_step), cut=np.zeros_like(task.cut)))
        return self.evaluator(task).causes_of_loops(levels[-1], values[-1])
