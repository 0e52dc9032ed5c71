"""Moves that are cut in half: see `engine.stepping.halving`; the plain twin is in `engine.plain.plain_march`.

Every lane has its own place within the move and its own length of piece, so that it goes as it would alone; a lane
that is well, or done, waits with a piece of no length.
"""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from pushpull.engine.codegen.emit import I1, I1X4, I64, I64X4, NO_LANE, PTR, V4, VOID, WIDTH, ZERO, constant, number
from pushpull.engine.codegen.kernel_builder import KernelBuilder
from pushpull.engine.codegen.kernel_steps import STEP
from pushpull.engine.codegen.layout import Memory
from pushpull.engine.stepping.halving import PARTS, TOLD

NONE, SMALLEST, HALF, WHOLE = (constant(I64X4, parts) for parts in (0, 1, PARTS // 2, PARTS))  # of a move


def write_halving(module: ir.Module, memory: Memory) -> None:
    """The function `halved`: takes a move that failed on some lanes in pieces on these, from `levels` into `trial`.
    It gives true where the march is to end: one run is stopped, or all that stand side by side."""
    _write_blend(module)
    _write_between_by_lane(module, memory)
    others = [("failed", I1X4), ("move", I64), ("step", I64)]
    arguments = [("stepper", I64), *((name, kind) for name, kind in STEP if name != "levels"), *others]
    b = KernelBuilder(module, "halved", I1, arguments)
    broke, pieced, trial = b.field("broke"), b.field("pieced"), b.field("trial")
    wanted = b.and_(b.given["failed"], _well(b))
    with b.when(b.not_(b.some(wanted))):
        b.ret(constant(I1, 0))
    shares = b.room(V4)
    b.call_own("copy", pieced, trial)
    b.call_own("blend", pieced, b.field("levels"), wanted)
    first_piece, first_place = b.select(wanted, HALF, NONE), b.select(wanted, NONE, WHOLE)
    pieces = b.repeat(place=first_place, piece=first_piece, active=wanted, smallest=WHOLE, coarse=NO_LANE)
    with pieces as loop:
        place, piece, active = loop["place"], loop["piece"], loop["active"]
        moved = b.add(place, piece)
        impossible, far_off = _step_by_piece(b, shares, place, moved, piece)
        at_last = b.icmp_signed("==", piece, SMALLEST)
        refused = b.or_(b.and_(b.or_(impossible, far_off), b.opposite(at_last)), impossible)
        accepted = b.and_(active, b.opposite(refused))
        lost = b.and_(active, b.and_(impossible, at_last))
        b.call_own("blend", pieced, trial, accepted)
        loop["place"] = b.select(accepted, moved, place)
        largest = b.and_(moved, b.sub(NONE, moved))  # that begins where this one ended
        following = b.select(accepted, largest, b.lshr(piece, SMALLEST))
        unfinished = b.icmp_signed("<", loop["place"], WHOLE)
        loop["active"] = b.and_(active, b.and_(unfinished, b.opposite(lost)))
        loop["piece"] = b.select(loop["active"], following, NONE)
        smaller = b.and_(accepted, b.icmp_signed("<", piece, loop["smallest"]))
        loop["smallest"] = b.select(smaller, piece, loop["smallest"])
        loop["coarse"] = b.or_(loop["coarse"], b.and_(accepted, far_off))
        with b.when(b.some(lost)):
            b.call_own("note", broke, lost, b.given["move"])
            _tell(b, "stopped_at", lambda before: b.select(lost, place, before))
            _tell(b, "stopped_by", lambda before: b.select(lost, piece, before))
        loop["again"] = b.some(loop["active"])
    b.call_own("copy", trial, pieced)
    well = _well(b)
    _tell_of_move(b, b.and_(wanted, well), loop["smallest"], loop["coarse"])
    over = b.some(b.opposite(well)) if memory.form.lanes == 1 else b.not_(b.some(well))
    b.ret(over)


def _well(b: KernelBuilder) -> ir.Value:
    """The lanes that have not broken."""
    return b.icmp_signed("<", b.read(b.field("broke"), 0, I64X4), NONE)


def _step_by_piece(
    b: KernelBuilder, shares: ir.Value, place: ir.Value, moved: ir.Value, piece: ir.Value
) -> tuple[ir.Value, ir.Value]:
    """Take a piece of the move, from its place to where it has `moved`; where that is impossible and too far off."""
    part = constant(V4, 1.0 / PARTS)
    first, end, begun, ended = b.given["first"], b.given["end"], b.field("begun"), b.field("ended")
    length = b.fmul(b.given["length"], b.fmul(b.sitofp(piece, V4), part))
    for parts, row in ((place, begun), (moved, ended)):
        b.write(b.fmul(b.sitofp(parts, V4), part), shares, align=8 * WIDTH)
        b.call_own("between_by_lane", row, first, end, shares)
    b.call_own("drive_at", begun)
    b.slopes(b.given["usual"], begun, b.field("pieced"), b.field("stages"))
    given = (b.given["stepper"], b.given["usual"], begun, ended, length, b.field("pieced"))
    judgement = b.call_own("step", *given)
    return b.extract_value(judgement, 0), b.extract_value(judgement, 1)


def _tell_of_move(b: KernelBuilder, mended: ir.Value, smallest: ir.Value, coarse: ir.Value) -> None:
    """Tell of a move that was taken in pieces on some lanes."""
    now = b.spread(b.given["step"])
    _tell(b, "halved", lambda before: b.add(before, b.zext(mended, I64X4)))
    _tell(
        b,
        "smallest",
        lambda before: b.select(b.and_(mended, b.icmp_signed("<", smallest, before)), smallest, before),
    )
    _tell(b, "first", lambda before: b.select(b.and_(mended, b.icmp_signed("<", before, NONE)), now, before))
    _tell(b, "last", lambda before: b.select(mended, now, before))
    _tell(b, "coarse", lambda before: b.add(before, b.zext(b.and_(mended, coarse), I64X4)))


def _tell(b: KernelBuilder, name: str, change: Callable[[ir.Value], ir.Value]) -> None:
    """Change what is told of every lane."""
    told, place = b.field("told"), WIDTH * TOLD.index(name)
    b.write(change(b.read(told, place, I64X4)), told, place)


def _write_blend(module: ir.Module) -> None:
    """`blend`: takes levels over on some lanes, and makes nothing of what rounding has left below zero there."""
    b = KernelBuilder(module, "blend", VOID, [("target", PTR), ("source", PTR), ("lanes", I1X4)])
    with b.for_range(b.field("size"), step=WIDTH) as loop:
        level, other = (b.read(b.given[name], loop.at, V4) for name in ("source", "target"))
        bounded = b.fcmp_ordered(">", b.read(b.field("least"), loop.at, V4), constant(V4, -1.0))
        rounding = b.and_(b.fcmp_ordered("<", level, ZERO), bounded)
        taken = b.select(rounding, ZERO, level)
        b.write(b.select(b.given["lanes"], taken, other), b.given["target"], loop.at)
    b.ret_void()


def _write_between_by_lane(module: ir.Module, memory: Memory) -> None:
    """`between_by_lane`: levers and context between two rows, at a share of the way that each lane has for itself."""
    arguments = [("target", PTR), ("first", PTR), ("end", PTR), ("shares", PTR)]
    b = KernelBuilder(module, "between_by_lane", VOID, arguments)
    with b.for_range(b.field("columns")) as loop:
        share = b.read(b.given["shares"], b.and_(loop.at, number(memory.form.lanes - 1)))
        first, end = (b.read(b.given[name], loop.at) for name in ("first", "end"))
        b.write(b.fadd(first, b.fmul(b.fsub(end, first), share)), b.given["target"], loop.at)
    b.ret_void()
