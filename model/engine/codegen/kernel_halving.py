"""Moves that are cut in half, as LLVM text: see `engine.runs.halving`; its plain twin is in `engine.plain.plain_march`.

Every lane has its own place within the move and its own length of piece, so that it goes as it would alone; a lane
that is well, or done, waits with a piece of no length. `blend` takes levels over on some lanes, and makes nothing of
what rounding has left below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pushpull.engine.codegen.elementary import WIDTH, splat
from pushpull.engine.codegen.kernel_steps import JUDGEMENT
from pushpull.engine.runs.halving import PARTS, TOLD

_TOOLS = """
define internal void @blend(ptr %to, ptr %from, <4 x i1> %chosen, i64 %size, ptr %least) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from_at = getelementptr double, ptr %from, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %least_at = getelementptr double, ptr %least, i64 %at
  %given = load <4 x double>, ptr %from_at, align 8
  %other = load <4 x double>, ptr %to_at, align 8
  %lowest = load <4 x double>, ptr %least_at, align 8
  %negative = fcmp olt <4 x double> %given, zeroinitializer
  %bounded = fcmp ogt <4 x double> %lowest, {minus_one}
  %rounding = and <4 x i1> %negative, %bounded
  %one = select <4 x i1> %rounding, <4 x double> zeroinitializer, <4 x double> %given
  %level = select <4 x i1> %chosen, <4 x double> %one, <4 x double> %other
  store <4 x double> %level, ptr %to_at, align 8
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @between_by_lane(ptr %to, ptr %first, ptr %end, ptr %shares, i64 %columns) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %lane = and i64 %at, {last_lane}
  %share_at = getelementptr double, ptr %shares, i64 %lane
  %first_at = getelementptr double, ptr %first, i64 %at
  %end_at = getelementptr double, ptr %end, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %share = load double, ptr %share_at, align 8
  %one = load double, ptr %first_at, align 8
  %other = load double, ptr %end_at, align 8
  %rise = fsub double %other, %one
  %move = fmul double %rise, %share
  %value = fadd double %one, %move
  store double %value, ptr %to_at, align 8
  %next = add i64 %at, 1
  %more = icmp slt i64 %next, %columns
  br i1 %more, label %loop, label %done
done:
  ret void
}
"""

# Gives true where the march is to end: one run is stopped, or all that stand side by side.
_HALVED = """
define internal i1 @halved(ptr %p, ptr %slopes_now, ptr %step_by, ptr %first, ptr %end, <4 x double> %length,
  <4 x i1> %failed, i64 %move, i64 %step) {
entry:
  {fields}
  %shares = alloca [4 x double], align 32
  %broken_before = load <4 x i64>, ptr %broke, align 8
  %going = icmp slt <4 x i64> %broken_before, zeroinitializer
  %wanted = and <4 x i1> %failed, %going
  %wanted_bits = bitcast <4 x i1> %wanted to i4
  %some_wanted = icmp ne i4 %wanted_bits, 0
  br i1 %some_wanted, label %begin, label %nothing
nothing:
  ret i1 false
begin:
  call void @copy(ptr %pieced, ptr %trial, i64 %size)
  call void @blend(ptr %pieced, ptr %levels, <4 x i1> %wanted, i64 %size, ptr %least)
  %first_piece = select <4 x i1> %wanted, <4 x i64> {half}, <4 x i64> zeroinitializer
  %first_place = select <4 x i1> %wanted, <4 x i64> zeroinitializer, <4 x i64> {whole}
  br label %loop
loop:
  %place = phi <4 x i64> [ %first_place, %begin ], [ %place_next, %judged ]
  %piece = phi <4 x i64> [ %first_piece, %begin ], [ %piece_next, %judged ]
  %active = phi <4 x i1> [ %wanted, %begin ], [ %active_next, %judged ]
  %smallest = phi <4 x i64> [ {whole}, %begin ], [ %smallest_next, %judged ]
  %coarse = phi <4 x i1> [ zeroinitializer, %begin ], [ %coarse_next, %judged ]
  %moved = add <4 x i64> %place, %piece
  %place_number = sitofp <4 x i64> %place to <4 x double>
  %moved_number = sitofp <4 x i64> %moved to <4 x double>
  %piece_number = sitofp <4 x i64> %piece to <4 x double>
  %from_share = fmul <4 x double> %place_number, {part}
  %to_share = fmul <4 x double> %moved_number, {part}
  %piece_share = fmul <4 x double> %piece_number, {part}
  %piece_length = fmul <4 x double> %length, %piece_share
  store <4 x double> %from_share, ptr %shares, align 32
  call void @between_by_lane(ptr %begun, ptr %first, ptr %end, ptr %shares, i64 %columns)
  store <4 x double> %to_share, ptr %shares, align 32
  call void @between_by_lane(ptr %ended, ptr %first, ptr %end, ptr %shares, i64 %columns)
  call void @drive_at(ptr %p, ptr %begun)
  call void %slopes_now({call:begun,pieced,stages})
  %found = call {judgement} %step_by(ptr %p, ptr %slopes_now, ptr %begun, ptr %ended,
    <4 x double> %piece_length, ptr %pieced)
  %impossible = extractvalue {judgement} %found, 0
  %far_off = extractvalue {judgement} %found, 1
  %at_last = icmp eq <4 x i64> %piece, splat (i64 1)
  %failing = or <4 x i1> %impossible, %far_off
  %shorter = xor <4 x i1> %at_last, splat (i1 true)
  %refused_short = and <4 x i1> %failing, %shorter
  %refused = or <4 x i1> %refused_short, %impossible
  %good = xor <4 x i1> %refused, splat (i1 true)
  %accepted = and <4 x i1> %active, %good
  %lost_here = and <4 x i1> %impossible, %at_last
  %lost = and <4 x i1> %active, %lost_here
  call void @blend(ptr %pieced, ptr %trial, <4 x i1> %accepted, i64 %size, ptr %least)
  %place_next = select <4 x i1> %accepted, <4 x i64> %moved, <4 x i64> %place
  %less = sub <4 x i64> zeroinitializer, %moved
  %largest = and <4 x i64> %moved, %less
  %halved_piece = lshr <4 x i64> %piece, splat (i64 1)
  %piece_then = select <4 x i1> %accepted, <4 x i64> %largest, <4 x i64> %halved_piece
  %unfinished = icmp slt <4 x i64> %place_next, {whole}
  %not_lost = xor <4 x i1> %lost, splat (i1 true)
  %to_go = and <4 x i1> %unfinished, %not_lost
  %active_next = and <4 x i1> %active, %to_go
  %piece_next = select <4 x i1> %active_next, <4 x i64> %piece_then, <4 x i64> zeroinitializer
  %is_smaller = icmp slt <4 x i64> %piece, %smallest
  %taken_smaller = and <4 x i1> %accepted, %is_smaller
  %smallest_next = select <4 x i1> %taken_smaller, <4 x i64> %piece, <4 x i64> %smallest
  %taken_coarse = and <4 x i1> %accepted, %far_off
  %coarse_next = or <4 x i1> %coarse, %taken_coarse
  %lost_bits = bitcast <4 x i1> %lost to i4
  %some_lost = icmp ne i4 %lost_bits, 0
  br i1 %some_lost, label %broken, label %judged
broken:
  call void @note(ptr %broke, <4 x i1> %lost, i64 %move)
  {store_stopped}
  br label %judged
judged:
  %active_bits = bitcast <4 x i1> %active_next to i4
  %some_active = icmp ne i4 %active_bits, 0
  br i1 %some_active, label %loop, label %done
done:
  call void @copy(ptr %trial, ptr %pieced, i64 %size)
  %broken_after = load <4 x i64>, ptr %broke, align 8
  %well = icmp slt <4 x i64> %broken_after, zeroinitializer
  %well_bits = bitcast <4 x i1> %well to i4
  %mended = and <4 x i1> %wanted, %well
  %mended_coarse = and <4 x i1> %mended, %coarse_next
  %one_more = zext <4 x i1> %mended to <4 x i64>
  %one_more_coarse = zext <4 x i1> %mended_coarse to <4 x i64>
  %now_first = insertelement <4 x i64> poison, i64 %step, i32 0
  %now = shufflevector <4 x i64> %now_first, <4 x i64> poison, <4 x i32> zeroinitializer
  {store_told}
  %stop_run = icmp ne i4 %well_bits, -1
  %stop_all = icmp eq i4 %well_bits, 0
  %stop = select i1 {single}, i1 %stop_run, i1 %stop_all
  ret i1 %stop
}
"""


def halving_text(lanes: int) -> str:
    """The function `halved`: takes a move that failed on some lanes in pieces on these, from `levels` into `trial`."""
    stopped = {
        "stopped_at": "select <4 x i1> %lost, <4 x i64> %place, <4 x i64> %stopped_at_before",
        "stopped_by": "select <4 x i1> %lost, <4 x i64> %piece, <4 x i64> %stopped_by_before",
    }
    told = {
        "halved": "add <4 x i64> %halved_before, %one_more",
        "smallest": "select <4 x i1> %mended_deeper, <4 x i64> %smallest_next, <4 x i64> %smallest_before",
        "first": "select <4 x i1> %mended_first, <4 x i64> %now, <4 x i64> %first_before",
        "last": "select <4 x i1> %mended, <4 x i64> %now, <4 x i64> %last_before",
        "coarse": "add <4 x i64> %coarse_before, %one_more_coarse",
    }
    compared = [
        "%deeper = icmp slt <4 x i64> %smallest_next, %smallest_before",
        "%mended_deeper = and <4 x i1> %mended, %deeper",
        "%is_first = icmp slt <4 x i64> %first_before, zeroinitializer",
        "%mended_first = and <4 x i1> %mended, %is_first",
    ]
    text = _HALVED.replace("{store_stopped}", "\n  ".join([*_loaded(stopped), *_stored(stopped)]))
    text = text.replace("{store_told}", "\n  ".join([*_loaded(told), *compared, *_stored(told)]))
    text = text.replace("{half}", f"splat (i64 {PARTS // 2})").replace("{whole}", f"splat (i64 {PARTS})")
    text = text.replace("{part}", splat(1.0 / PARTS)).replace("{judgement}", JUDGEMENT)
    tools = _TOOLS.replace("{last_lane}", str(lanes - 1)).replace("{minus_one}", splat(-1.0))
    return tools + text


def _loaded(names: Iterable[str]) -> list[str]:
    """What is told so far: of every lane a whole number."""
    lines = []
    for name in names:
        lines.append(f"%{name}_at = getelementptr i64, ptr %told, i64 {WIDTH * TOLD.index(name)}")
        lines.append(f"%{name}_before = load <4 x i64>, ptr %{name}_at, align 8")
    return lines


def _stored(changes: Mapping[str, str]) -> list[str]:
    lines = []
    for name, change in changes.items():
        lines += [f"%{name}_now = {change}", f"store <4 x i64> %{name}_now, ptr %{name}_at, align 8"]
    return lines
