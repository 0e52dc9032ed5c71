"""The steps of `pushpull.engine.stepping.methods`: a function for each, and what weighs slopes and judges levels.

    step(usual, stepper, first, end, length, levels) -> where the new levels are impossible, and where too far off

takes one step from `levels`, whose slopes stand in the first of `stages`, into `trial`.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir

from pushpull.engine.codegen.emit import F64, I1, I1X4, I64, NO_LANE, PTR, V4, VOID, WIDTH, ZERO, constant, number
from pushpull.engine.codegen.kernel_builder import KernelBuilder
from pushpull.engine.codegen.layout import Memory
from pushpull.engine.stepping.halving import TOLERANCE
from pushpull.engine.stepping.methods import STEPPERS, Tableau, tableau

JUDGEMENT = ir.LiteralStructType([I1X4, I1X4])  # where levels are impossible, and where they are too far off
STEP = (("usual", I1), ("first", PTR), ("end", PTR), ("length", V4), ("levels", PTR))


def write_steps(module: ir.Module, memory: Memory) -> None:
    """`step`, and a function for every method."""
    _write_drive_between(module)
    for method in STEPPERS:
        _write_method(module, method, tableau(method), memory.form.lanes)
    b = KernelBuilder(module, "step", JUDGEMENT, [("stepper", I64), *STEP])
    given = [b.given[name] for name, _ in STEP]
    for stepper, method in enumerate(STEPPERS[:-1]):
        with b.when(b.icmp_signed("==", b.given["stepper"], number(stepper))):
            b.ret(b.call_own(f"step_{method}", *given))
    b.ret(b.call_own(f"step_{STEPPERS[-1]}", *given))


def _write_drive_between(module: ir.Module) -> None:
    """Levers and context at a share of the way from the first to the end of a move, and what rests on them."""
    b = KernelBuilder(module, "drive_between", VOID, [("first", PTR), ("end", PTR), ("share", F64)])
    first, end, row = b.given["first"], b.given["end"], b.field("row")
    still = b.call_own("same", first, end)
    with b.when(b.not_(still)):
        with b.for_range(b.field("columns")) as loop:
            begun = b.read(first, loop.at)
            rise = b.fsub(b.read(end, loop.at), begun)
            b.write(b.fadd(begun, b.fmul(rise, b.given["share"])), row, loop.at)
        b.call_own("drive_at", row)
    b.ret_void()


def _write_method(module: ir.Module, method: str, coefficients: Tableau, lanes: int) -> None:
    stages = len(coefficients.weights)
    for stage in range(1, stages):
        _write_weighing(module, f"{method}_stage_{stage}", coefficients.parts[stage, :stage])
    error, looks_on = coefficients.error, coefficients.looks_on
    _write_ending(module, f"{method}_end", coefficients.weights, None if looks_on else error)
    if error is not None and looks_on:
        _write_judging(module, f"{method}_error", error)
    b = KernelBuilder(module, f"step_{method}", JUDGEMENT, STEP)
    usual, first, end, length, levels = (b.given[name] for name, _ in STEP)
    trial = b.field("trial")

    def slopes(stage: int) -> None:
        b.slopes(usual, first, trial, b.address(b.field("stages"), b.mul(b.field("size"), number(stage))))

    for stage in range(1, stages):
        share = float(coefficients.times[stage])
        b.call_own(f"{method}_stage_{stage}", levels, length)
        if share == 1.0:
            b.call_own("drive_at", end)
        elif share != coefficients.times[stage - 1]:
            b.call_own("drive_between", first, end, constant(F64, share))
        slopes(stage)
    judgement = b.call_own(f"{method}_end", levels, length)
    impossible, coarse = (b.extract_value(judgement, part) for part in (0, 1))
    if looks_on:
        slopes(stages)
        coarse = b.extract_value(b.call_own(f"{method}_error", levels, length), 1)
    if lanes == 1:  # a run of its own lies on all lanes: what holds of one of them holds of the run
        impossible, coarse = (b.spread(b.some(flags)) for flags in (impossible, coarse))
    b.ret(_judgement(b, impossible, coarse))


def _judgement(b: KernelBuilder, impossible: ir.Value, coarse: ir.Value) -> ir.Value:
    whole = b.insert_value(ir.Constant(JUDGEMENT, ir.Undefined), impossible, 0)
    return b.insert_value(whole, coarse, 1)


LEVELS_AND_LENGTH = (("levels", PTR), ("length", V4))


def _write_weighing(module: ir.Module, name: str, weights: np.ndarray) -> None:
    """A function that moves levels by the weighed sum of slopes, into `trial`."""
    b = KernelBuilder(module, name, VOID, LEVELS_AND_LENGTH)
    with b.for_range(b.field("size"), step=WIDTH) as loop:
        level = b.read(b.given["levels"], loop.at, V4)
        b.write(_moved(b, level, _Slopes(b, loop.at).weighed(weights)), b.field("trial"), loop.at)
    b.ret_void()


def _write_ending(module: ir.Module, name: str, weights: np.ndarray, error: np.ndarray | None) -> None:
    """A function that moves levels to the end of the step and judges them, by their error where it is given."""
    b = KernelBuilder(module, name, JUDGEMENT, LEVELS_AND_LENGTH)
    with b.for_range(b.field("size"), step=WIDTH, sum=ZERO, negative=NO_LANE, coarse=NO_LANE) as loop:
        level, slopes = b.read(b.given["levels"], loop.at, V4), _Slopes(b, loop.at)
        moved = _moved(b, level, slopes.weighed(weights))
        b.write(moved, b.field("trial"), loop.at)
        loop["sum"] = b.fadd(loop["sum"], moved)
        below = b.fcmp_ordered("<", moved, b.read(b.field("least"), loop.at, V4))
        loop["negative"] = b.or_(loop["negative"], below)
        if error is not None:
            loop["coarse"] = b.or_(loop["coarse"], _too_far_off(b, loop.at, level, moved, slopes.weighed(error)))
    rest = b.fsub(loop["sum"], loop["sum"])  # no number, if any level is none or endless
    b.ret(_judgement(b, b.or_(b.fcmp_unordered("uno", rest, rest), loop["negative"]), loop["coarse"]))


def _write_judging(module: ir.Module, name: str, error: np.ndarray) -> None:
    """A function that judges levels at the end of a step by their slopes there too."""
    b = KernelBuilder(module, name, JUDGEMENT, LEVELS_AND_LENGTH)
    with b.for_range(b.field("size"), step=WIDTH, coarse=NO_LANE) as loop:
        level, moved = (b.read(array, loop.at, V4) for array in (b.given["levels"], b.field("trial")))
        off = _too_far_off(b, loop.at, level, moved, _Slopes(b, loop.at).weighed(error))
        loop["coarse"] = b.or_(loop["coarse"], off)
    b.ret(_judgement(b, NO_LANE, loop["coarse"]))


def _moved(b: KernelBuilder, level: ir.Value, slope: ir.Value) -> ir.Value:
    return b.fadd(level, b.fmul(slope, b.given["length"]))


def _too_far_off(b: KernelBuilder, at: ir.Value, level: ir.Value, moved: ir.Value, slope: ir.Value) -> ir.Value:
    """Whether an error is beyond what is tolerated beside the larger of two levels; it is where it is no number."""
    off = b.size(b.fmul(slope, b.given["length"]))
    before, after = b.size(level), b.size(moved)
    larger = b.select(b.fcmp_ordered(">", after, before), after, before)
    allowed = b.fused(larger, constant(V4, TOLERANCE), b.read(b.field("slack"), at, V4))
    return b.fcmp_unordered(">", off, allowed)


class _Slopes:
    """The slopes of four cells at every stage, each read once."""

    def __init__(self, b: KernelBuilder, at: ir.Value):
        self.b, self.at = b, at
        self._read: dict[int, ir.Value] = {}

    def weighed(self, weights: np.ndarray) -> ir.Value:
        """Their weighed sum, in the order of the stages."""
        whole = None
        for stage, weight in enumerate(map(float, weights)):
            if weight == 0.0:
                continue
            slope, factor = self._at_stage(stage), constant(V4, weight)
            whole = self.b.fmul(slope, factor) if whole is None else self.b.fused(slope, factor, whole)
        return whole

    def _at_stage(self, stage: int) -> ir.Value:
        if stage not in self._read:
            place = self.b.add(self.b.mul(self.b.field("size"), number(stage)), self.at)
            self._read[stage] = self.b.read(self.b.field("stages"), place, V4)
        return self._read[stage]
