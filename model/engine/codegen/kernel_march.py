"""The march of `engine.plain.plain_march` for the kernel, around the functions of `codegen.straight_line`.

All three entries take one pointer, to the FIELDS of `engine.codegen.layout`.
"""

from __future__ import annotations

from llvmlite import ir

from pushpull.engine.codegen.emit import F64, I1, I1X4, I64, PTR, V4, WIDTH, ZERO, constant, number
from pushpull.engine.codegen.kernel_builder import STATE_ARGUMENTS, KernelBuilder
from pushpull.engine.codegen.kernel_halving import write_halving
from pushpull.engine.codegen.kernel_steps import write_steps
from pushpull.engine.codegen.layout import Memory
from pushpull.engine.stepping.methods import SHORT, STEPPERS

SETTLED_ENOUGH = 1e-13  # of a level, the last move of a balanced start


def write_march(module: ir.Module, memory: Memory) -> None:
    """The entries `begin`, `evaluate` and `march`, and what they share."""
    _write_slopes(module)
    _write_copy(module)
    _write_same(module)
    _write_drive_at(module)
    _write_note(module, memory)
    _write_save(module)
    _write_cut_loops(module, memory)
    write_steps(module, memory)
    write_halving(module, memory)
    _write_begin(module, memory)
    _write_evaluate(module)
    _write_march(module)


def _write_slopes(module: ir.Module) -> None:
    """`slopes`: the slopes of levels; `usual` while no loop is cut and no rival formula chosen."""
    b = KernelBuilder(module, "slopes", arguments=[("usual", I1), *STATE_ARGUMENTS])
    given = [b.given[name] for name, _ in STATE_ARGUMENTS]
    with b.when(b.given["usual"]):
        b.work_out("usual_slopes_at", *given)
        b.ret_void()
    b.work_out("slopes_at", *given)
    b.ret_void()


def _write_copy(module: ir.Module) -> None:
    """`copy`: levels, from one array to another."""
    b = KernelBuilder(module, "copy", arguments=[("target", PTR), ("source", PTR)])
    with b.for_range(b.field("size"), step=WIDTH) as loop:
        b.write(b.read(b.given["source"], loop.at, V4), b.given["target"], loop.at)
    b.ret_void()


def _write_same(module: ir.Module) -> None:
    """`same`: whether two rows of levers and context are the same, bit by bit."""
    b = KernelBuilder(module, "same", I1, [("row", PTR), ("other", PTR)])
    with b.for_range(b.field("columns")) as loop:
        alike = b.icmp_signed("==", *(b.read(b.given[name], loop.at, I64) for name in ("row", "other")))
        with b.when(b.not_(alike)):
            b.ret(constant(I1, 0))
    b.ret(constant(I1, 1))


def _write_drive_at(module: ir.Module) -> None:
    """`drive_afresh`: what rests on a row of levers and context; `drive_at`: where it is not the row of last time."""
    b = KernelBuilder(module, "drive_afresh", arguments=[("row", PTR)])
    with b.for_range(b.field("columns")) as loop:
        b.write(b.read(b.given["row"], loop.at), b.field("seen"), loop.at)
    b.work_out("drive", b.given["row"], b.field("levels"), b.field("values"))
    b.ret_void()
    b = KernelBuilder(module, "drive_at", arguments=[("row", PTR)])
    with b.when(b.not_(b.call_own("same", b.given["row"], b.field("seen")))):
        b.call_own("drive_afresh", b.given["row"])
    b.ret_void()


def _write_note(module: ir.Module, memory: Memory) -> None:
    """`note`: when the runs on some lanes broke, for each the first time; a single run is noted on the first lane."""
    b = KernelBuilder(module, "note", arguments=[("broke", PTR), ("lanes", I1X4), ("when", I64)])
    for lane in range(memory.form.lanes):
        newly = b.icmp_signed("<", b.read(b.given["broke"], lane, I64), number(0))
        if memory.form.lanes > 1:
            newly = b.and_(newly, b.lane(b.given["lanes"], lane))
        with b.when(newly):
            b.write(b.given["when"], b.given["broke"], lane)
    b.ret_void()


def _write_save(module: ir.Module) -> None:
    """`save`: keep what is to be kept of the `saved`-th state, and note where a value is no number."""
    b = KernelBuilder(module, "save", arguments=[("saved", I64)])
    values, saved, skipped = b.field("values"), b.given["saved"], b.field("skipped")
    with b.for_range(b.field("value_size"), step=WIDTH, sum=ZERO) as loop:
        loop["sum"] = b.fadd(loop["sum"], b.read(values, loop.at, V4))
    rest = b.fsub(loop["sum"], loop["sum"])
    odd = b.fcmp_unordered("uno", rest, rest)
    with b.when(b.some(odd)):
        b.call_own("note", b.address(b.field("broke"), WIDTH, I64), odd, saved)
    with b.when(b.icmp_signed(">=", saved, skipped)):
        time = b.sub(saved, skipped)
        with b.for_range(b.field("live")) as lanes:
            member = b.add(b.field("member"), lanes.at)
            with b.for_range(b.field("copies")) as copies:
                source, target, width, stride = (
                    b.read(b.field(name), copies.at, I64) for name in ("sources", "targets", "widths", "strides")
                )
                kept = b.read(values, b.add(source, lanes.at))
                first = b.add(target, b.mul(member, stride))
                b.write(kept, b.field("out"), b.add(first, b.mul(time, width)))
    b.ret_void()


def _write_cut_loops(module: ir.Module, memory: Memory) -> None:
    """`cut_loops`: from now on the causes of the loops that are to be cut are held as they stand."""
    b = KernelBuilder(module, "cut_loops")
    for loop, cause in enumerate(memory.names["held"]):
        array = "levels" if cause in memory.names["levels"] else "values"
        row, routed = memory.names[array].index(cause), memory.routed(cause)
        for part in range(memory.parts(cause)):
            target, source = memory.arrays["held"].offsets[loop, part], memory.arrays[array].offsets[row, part]
            doubles = memory.form.cells(routed) * memory.form.cell
            b.copy_fixed(b.address(b.field("held"), target), b.address(b.field(array), source), doubles)
    b.copy_fixed(b.field("off"), b.field("cut"), len(memory.names["held"]))
    b.ret_void()


def _write_begin(module: ir.Module, memory: Memory) -> None:
    """`begin`: the levels at the start. Those that are to be balanced are moved by their slopes, all others standing
    still, until the last move of every one of them is small, on every lane for itself."""
    b = KernelBuilder(module, "begin", entry=True)
    inputs, levels, stages = b.field("inputs"), b.field("levels"), b.field("stages")
    b.work_out("prepare", inputs, levels, b.field("values"))
    b.work_out("drive", inputs, levels, b.field("values"))
    b.work_out("start", inputs, b.field("trial"), levels)
    moving = b.room(ir.ArrayType(I64, WIDTH))
    for lane in range(memory.form.lanes):
        b.write(number(1), moving, lane)
    with b.when(b.icmp_signed(">", b.field("balancing"), number(0))), b.repeat(tried=number(0)) as tries:
        b.work_out("balanced_slopes_at", inputs, levels, stages)
        with b.for_range(memory.form.lanes, some=number(0)) as lanes:
            move_on = b.icmp_signed("!=", b.read(moving, lanes.at, I64), number(0))
            with b.when(move_on, still_moves=number(0)) as branch:
                farthest = _balance(b, lanes.at)
                far = b.fcmp_ordered(">=", farthest, constant(F64, SETTLED_ENOUGH))
                branch["still_moves"] = b.zext(far, I64)
                b.write(branch["still_moves"], moving, lanes.at)
            lanes["some"] = b.or_(lanes["some"], branch["still_moves"])
        tries["tried"] = b.add(tries["tried"], number(1))
        more = b.icmp_signed("<", tries["tried"], b.field("tries"))
        tries["again"] = b.and_(more, b.icmp_signed("!=", lanes["some"], number(0)))
    b.ret_void()


def _balance(b: KernelBuilder, lane: ir.Value) -> ir.Value:
    """Move the balanced levels of a lane by their slopes; the farthest move beside its level."""
    with b.for_range(b.field("balancing"), farthest=constant(F64, 0.0)) as loop:
        cell = b.add(b.read(b.field("balanced"), loop.at, I64), lane)
        move = b.fmul(b.field("pace"), b.read(b.field("stages"), cell))
        moved = b.fadd(b.read(b.field("levels"), cell), move)
        b.write(moved, b.field("levels"), cell)
        relative = b.fdiv(b.size(move), b.fadd(b.size(moved), constant(F64, 1.0)))
        farther = b.fcmp_ordered(">", relative, loop["farthest"])
        loop["farthest"] = b.select(farther, relative, loop["farthest"])
    return loop["farthest"]


def _write_evaluate(module: ir.Module) -> None:
    """`evaluate`: values, and slopes in the first of `stages`, of the levels and the first row of inputs."""
    b = KernelBuilder(module, "evaluate", entry=True)
    given = b.field("inputs"), b.field("levels")
    for name in ("prepare", "drive", "outputs"):
        b.work_out(name, *given, b.field("values"))
    b.slopes(_is_usual(b), *given, b.field("stages"))
    b.ret_void()


def _is_usual(b: KernelBuilder) -> ir.Value:
    return b.icmp_signed("!=", b.field("usual"), number(0))


def _write_march(module: ir.Module) -> None:
    """`march`: from the levels at the start through all moves, saving states on the way."""
    b = KernelBuilder(module, "march", entry=True)
    inputs, columns, levels, values = b.field("inputs"), b.field("columns"), b.field("levels"), b.field("values")

    def save(row: ir.Value, saved: ir.Value) -> ir.Value:
        b.work_out("outputs", row, levels, values)
        b.call_own("save", saved)
        return b.add(saved, number(1))

    b.call_own("drive_afresh", inputs)
    with b.repeat(move=number(0), saved=number(0), usual=_is_usual(b)) as moves:
        step, stop = (b.read(b.field("bounds"), b.add(moves["move"], number(more)), I64) for more in (0, 1))
        first = b.address(inputs, b.mul(moves["move"], b.mul(columns, number(2))))
        end = b.address(first, columns)
        with b.when(b.icmp_signed("==", step, b.field("policy_step")), usual=moves["usual"]) as policy:
            at_start = b.icmp_signed("==", step, number(0))
            before = b.select(at_start, end, b.address(first, b.neg(columns)))
            b.call_own("drive_at", before)
            b.work_out("outputs", before, levels, values)
            b.call_own("cut_loops")
            policy["usual"] = constant(I1, 0)
        moves["usual"] = usual = policy["usual"]
        b.call_own("drive_at", first)
        due = b.icmp_signed("==", b.srem(step, b.field("every")), number(0))
        with b.when(due, saved=moves["saved"]) as saving:
            saving["saved"] = save(first, saving["saved"])
        moves["saved"] = saving["saved"]
        b.slopes(usual, first, levels, b.field("stages"))
        steps = b.sub(stop, step)
        stepper, length = _stepper(b, steps), b.spread(b.fmul(b.sitofp(steps, F64), b.field("time_step")))
        judgement = b.call_own("step", stepper, usual, first, end, length, levels)
        failed = b.or_(b.extract_value(judgement, 0), b.extract_value(judgement, 1))
        with b.when(b.some(failed)):
            over = b.call_own("halved", stepper, usual, first, end, length, failed, moves["move"], step)
            with b.when(over):
                b.call_own("copy", levels, b.field("trial"))
                b.ret_void()
        b.call_own("copy", levels, b.field("trial"))
        moves["move"] = b.add(moves["move"], number(1))
        moves["again"] = b.icmp_signed("<", moves["move"], b.field("moves"))
    b.call_own("drive_at", end)
    save(end, moves["saved"])
    b.ret_void()


def _stepper(b: KernelBuilder, steps: ir.Value) -> ir.Value:
    """The stepper of a move of so many steps: that of the chosen method, or for a single step its short one."""
    single, stepper = b.icmp_signed("==", steps, number(1)), number(0)
    for method, short in SHORT.items():
        own = b.select(single, number(STEPPERS.index(short)), number(STEPPERS.index(method)))
        chosen = b.icmp_signed("==", b.field("method"), number(STEPPERS.index(method)))
        stepper = b.select(chosen, own, stepper)
    return stepper
