"""The march of `engine.plain.plain_march` as LLVM text, around the functions of `codegen.straight_line`.

All three entries take one pointer, to the fields named in FIELDS, each of eight bytes. Arrays of levels, slopes and
values hold a cell per place; `size` counts their doubles, a multiple of four.
"""

from __future__ import annotations

from pushpull.engine.codegen.elementary import hexadecimal
from pushpull.engine.codegen.kernel_halving import halving_text
from pushpull.engine.codegen.kernel_steps import JUDGEMENT, stepping_text
from pushpull.engine.runs.methods import SHORT, STEPPERS

POINTERS = (
    *("parameters", "inputs", "formulas", "cut", "settled", "driven", "levels", "held", "off", "values", "row"),
    *("seen", "stages", "trial", "broke", "sources", "targets", "widths", "strides", "out", "balanced", "table"),
    *("bounds", "least", "slack", "begun", "ended", "pieced", "told"),
)
NUMBERS = ("columns", "moves", "method", "policy_step", "every", "size", "copies", "member", "live", "skipped")
MORE_NUMBERS = ("balancing", "tries", "value_size", "usual")
DOUBLES = ("time_step", "pace")
FIELDS = (*POINTERS, *NUMBERS, *MORE_NUMBERS, *DOUBLES)
SETTLED_ENOUGH = 1e-13  # of a level, the last move of a balanced start

_TOOLS = """
define internal <4 x double> @sum(ptr noalias %from, i64 %size) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi <4 x double> [ zeroinitializer, %entry ], [ %grown, %loop ]
  %level_at = getelementptr double, ptr %from, i64 %at
  %level = load <4 x double>, ptr %level_at, align 8
  %grown = fadd <4 x double> %sum, %level
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  ret <4 x double> %grown
}

define internal void @copy(ptr noalias %to, ptr noalias %from, i64 %size) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from_at = getelementptr double, ptr %from, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %level = load <4 x double>, ptr %from_at, align 8
  store <4 x double> %level, ptr %to_at, align 8
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal i1 @same(ptr %one, ptr %other, i64 %columns) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %equal ]
  %one_at = getelementptr i64, ptr %one, i64 %at
  %other_at = getelementptr i64, ptr %other, i64 %at
  %first = load i64, ptr %one_at, align 8
  %second = load i64, ptr %other_at, align 8
  %alike = icmp eq i64 %first, %second
  br i1 %alike, label %equal, label %differs
equal:
  %next = add i64 %at, 1
  %more = icmp slt i64 %next, %columns
  br i1 %more, label %loop, label %agrees
agrees:
  ret i1 true
differs:
  ret i1 false
}
"""

_SAVE = """
define internal void @note(ptr %broke, <4 x i1> %odd, i64 %when) {
entry:
  br i1 {single}, label %run, label %lane_loop
run:
  %known = load i64, ptr %broke, align 8
  %unknown = icmp slt i64 %known, 0
  br i1 %unknown, label %first, label %done
first:
  store i64 %when, ptr %broke, align 8
  ret void
lane_loop:
  %lane = phi i64 [ 0, %entry ], [ %next_lane, %lane_end ]
  %flag = extractelement <4 x i1> %odd, i64 %lane
  %broke_at = getelementptr i64, ptr %broke, i64 %lane
  %before = load i64, ptr %broke_at, align 8
  %was_well = icmp slt i64 %before, 0
  %newly = and i1 %flag, %was_well
  br i1 %newly, label %note, label %lane_end
note:
  store i64 %when, ptr %broke_at, align 8
  br label %lane_end
lane_end:
  %next_lane = add i64 %lane, 1
  %more_lanes = icmp slt i64 %next_lane, 4
  br i1 %more_lanes, label %lane_loop, label %done
done:
  ret void
}
define internal void @save(ptr %p, i64 %saved) {
entry:
  {fields}
  %whole = call <4 x double> @sum(ptr %values, i64 %value_size)
  %rest = fsub <4 x double> %whole, %whole
  %odd = fcmp uno <4 x double> %rest, %rest
  %odd_bits = bitcast <4 x i1> %odd to i4
  %some_odd = icmp ne i4 %odd_bits, 0
  br i1 %some_odd, label %broken, label %well
broken:
  %odd_at = getelementptr i64, ptr %broke, i64 4
  call void @note(ptr %odd_at, <4 x i1> %odd, i64 %saved)
  br label %well
well:
  %early = icmp slt i64 %saved, %skipped
  %none = icmp eq i64 %copies, 0
  %idle = or i1 %early, %none
  %time = sub i64 %saved, %skipped
  br i1 %idle, label %done, label %lane_loop
lane_loop:
  %lane = phi i64 [ 0, %well ], [ %next_lane, %lane_end ]
  %run = add i64 %member, %lane
  br label %loop
loop:
  %at = phi i64 [ 0, %lane_loop ], [ %next, %loop ]
  %source_at = getelementptr i64, ptr %sources, i64 %at
  %target_at = getelementptr i64, ptr %targets, i64 %at
  %width_at = getelementptr i64, ptr %widths, i64 %at
  %stride_at = getelementptr i64, ptr %strides, i64 %at
  %source = load i64, ptr %source_at, align 8
  %target = load i64, ptr %target_at, align 8
  %width = load i64, ptr %width_at, align 8
  %stride = load i64, ptr %stride_at, align 8
  %from = add i64 %source, %lane
  %from_at = getelementptr double, ptr %values, i64 %from
  %number = load double, ptr %from_at, align 8
  %down = mul i64 %run, %stride
  %along = mul i64 %time, %width
  %place = add i64 %target, %down
  %to = add i64 %place, %along
  %to_at = getelementptr double, ptr %out, i64 %to
  store double %number, ptr %to_at, align 8
  %next = add i64 %at, 1
  %more = icmp slt i64 %next, %copies
  br i1 %more, label %loop, label %lane_end
lane_end:
  %next_lane = add i64 %lane, 1
  %more_lanes = icmp slt i64 %next_lane, %live
  br i1 %more_lanes, label %lane_loop, label %done
done:
  ret void
}

define internal void @drive_at(ptr %p, ptr %now) {
entry:
  {fields}
  %known = call i1 @same(ptr %now, ptr %seen, i64 %columns)
  br i1 %known, label %done, label %fresh
fresh:
  call void @drive_afresh(ptr %p, ptr %now)
  br label %done
done:
  ret void
}

define internal void @drive_afresh(ptr %p, ptr %now) {
entry:
  {fields}
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from_at = getelementptr double, ptr %now, i64 %at
  %to_at = getelementptr double, ptr %seen, i64 %at
  %value = load double, ptr %from_at, align 8
  store double %value, ptr %to_at, align 8
  %next = add i64 %at, 1
  %more = icmp slt i64 %next, %columns
  br i1 %more, label %loop, label %done
done:
  call void @drive({call:now,levels,values})
  ret void
}
"""

_BEGIN = """
define void @begin(ptr %p) {
entry:
  {fields}
  %active = alloca [4 x i64], align 8
  store [4 x i64] [i64 1, i64 1, i64 1, i64 1], ptr %active, align 8
  call void @prepare({call:inputs,levels,values})
  call void @drive({call:inputs,levels,values})
  call void @start({call:inputs,levels,levels})
  %some = icmp sgt i64 %balancing, 0
  br i1 %some, label %try, label %done
try:
  %tried = phi i64 [ 0, %entry ], [ %tries_next, %try_end ]
  call void @balanced_slopes_at({call:inputs,levels,stages})
  br label %lane_loop
lane_loop:
  %lane = phi i64 [ 0, %try ], [ %next_lane, %lane_end ]
  %any = phi i64 [ 0, %try ], [ %any_next, %lane_end ]
  %flag_at = getelementptr i64, ptr %active, i64 %lane
  %flag = load i64, ptr %flag_at, align 8
  %moving = icmp ne i64 %flag, 0
  br i1 %moving, label %loop, label %lane_end
loop:
  %at = phi i64 [ 0, %lane_loop ], [ %next, %loop ]
  %farthest = phi double [ 0.0, %lane_loop ], [ %farther, %loop ]
  %place_at = getelementptr i64, ptr %balanced, i64 %at
  %place = load i64, ptr %place_at, align 8
  %cell = add i64 %place, %lane
  %slope_at = getelementptr double, ptr %stages, i64 %cell
  %level_at = getelementptr double, ptr %levels, i64 %cell
  %slope = load double, ptr %slope_at, align 8
  %level = load double, ptr %level_at, align 8
  %move = fmul double %pace, %slope
  %moved = fadd double %level, %move
  store double %moved, ptr %level_at, align 8
  %far = call double @llvm.fabs.f64(double %move)
  %size_of = call double @llvm.fabs.f64(double %moved)
  %scale = fadd double %size_of, 1.0
  %relative = fdiv double %far, %scale
  %beyond = fcmp ogt double %relative, %farthest
  %farther = select i1 %beyond, double %relative, double %farthest
  %next = add i64 %at, 1
  %more = icmp slt i64 %next, %balancing
  br i1 %more, label %loop, label %lane_done
lane_done:
  %still = fcmp oge double %farther, {enough}
  %flag_now = zext i1 %still to i64
  store i64 %flag_now, ptr %flag_at, align 8
  br label %lane_end
lane_end:
  %now = phi i64 [ 0, %lane_loop ], [ %flag_now, %lane_done ]
  %any_next = or i64 %any, %now
  %next_lane = add i64 %lane, 1
  %more_lanes = icmp slt i64 %next_lane, {lanes}
  br i1 %more_lanes, label %lane_loop, label %try_end
try_end:
  %tries_next = add i64 %tried, 1
  %again = icmp slt i64 %tries_next, %tries
  %unsettled = icmp ne i64 %any_next, 0
  %go_on = and i1 %again, %unsettled
  br i1 %go_on, label %try, label %done
done:
  ret void
}

define void @evaluate(ptr %p) {
entry:
  {fields}
  %is_usual = icmp ne i64 %usual, 0
  %slopes_now = select i1 %is_usual, ptr @usual_slopes_at, ptr @slopes_at
  call void @prepare({call:inputs,levels,values})
  call void @drive({call:inputs,levels,values})
  call void @outputs({call:inputs,levels,values})
  call void %slopes_now({call:inputs,levels,stages})
  ret void
}
"""

_MARCH = """
define void @march(ptr %p) {
entry:
  {fields}
  %is_usual = icmp ne i64 %usual, 0
  %slopes_first = select i1 %is_usual, ptr @usual_slopes_at, ptr @slopes_at
  %row_length = mul i64 %columns, 2
  call void @drive_afresh(ptr %p, ptr %inputs)
  br label %move_loop
move_loop:
  %move = phi i64 [ 0, %entry ], [ %next_move, %go_on ]
  %saved = phi i64 [ 0, %entry ], [ %saved_next, %go_on ]
  %slopes_before = phi ptr [ %slopes_first, %entry ], [ %slopes_now, %go_on ]
  %step_at = getelementptr i64, ptr %bounds, i64 %move
  %stop_at = getelementptr i64, ptr %step_at, i64 1
  %step = load i64, ptr %step_at, align 8
  %stop = load i64, ptr %stop_at, align 8
  %taken = sub i64 %stop, %step
  %times = sitofp i64 %taken to double
  %length = fmul double %times, %time_step
  %offset = mul i64 %move, %row_length
  %first = getelementptr double, ptr %inputs, i64 %offset
  %end = getelementptr double, ptr %first, i64 %columns
  %at_policy = icmp eq i64 %step, %policy_step
  br i1 %at_policy, label %policy, label %begin
policy:
  %is_first = icmp eq i64 %step, 0
  %back = sub i64 %offset, %columns
  %before_offset = select i1 %is_first, i64 %columns, i64 %back
  %before = getelementptr double, ptr %inputs, i64 %before_offset
  call void @drive_at(ptr %p, ptr %before)
  call void @outputs({call:before,levels,values})
  call void @hold(ptr %values, ptr %levels, ptr %held)
  call void @copy_flags(ptr %off, ptr %cut)
  br label %begin
begin:
  %slopes_now = phi ptr [ %slopes_before, %move_loop ], [ @slopes_at, %policy ]
  call void @drive_at(ptr %p, ptr %first)
  %since = srem i64 %step, %every
  %due = icmp eq i64 %since, 0
  br i1 %due, label %keep, label %step_on
keep:
  call void @outputs({call:first,levels,values})
  call void @save(ptr %p, i64 %saved)
  %saved_more = add i64 %saved, 1
  br label %step_on
step_on:
  %saved_next = phi i64 [ %saved, %begin ], [ %saved_more, %keep ]
  call void %slopes_now({call:first,levels,stages})
{method}
  %length_first = insertelement <4 x double> poison, double %length, i32 0
  %lengths = shufflevector <4 x double> %length_first, <4 x double> poison, <4 x i32> zeroinitializer
  %found = call {judgement} %step_by(ptr %p, ptr %slopes_now, ptr %first, ptr %end, <4 x double> %lengths, ptr %levels)
  %impossible = extractvalue {judgement} %found, 0
  %far_off = extractvalue {judgement} %found, 1
  %failed = or <4 x i1> %impossible, %far_off
  %failed_bits = bitcast <4 x i1> %failed to i4
  %some_failed = icmp ne i4 %failed_bits, 0
  br i1 %some_failed, label %halve, label %go_on
halve:
  %over = call i1 @halved(ptr %p, ptr %slopes_now, ptr %step_by, ptr %first, ptr %end, <4 x double> %lengths,
    <4 x i1> %failed, i64 %move, i64 %step)
  br i1 %over, label %stop_here, label %go_on
stop_here:
  call void @copy(ptr %levels, ptr %trial, i64 %size)
  ret void
go_on:
  call void @copy(ptr %levels, ptr %trial, i64 %size)
  %next_move = add i64 %move, 1
  %more = icmp slt i64 %next_move, %moves
  br i1 %more, label %move_loop, label %finish
finish:
  call void @drive_at(ptr %p, ptr %end)
  call void @outputs({call:end,levels,values})
  call void @save(ptr %p, i64 %saved_next)
  ret void
}
"""


def _choice_of_method() -> str:
    """The step by which a move is taken: that of the chosen method, or for a move of one step of its short one."""
    lines, before = ["  %one = icmp eq i64 %taken, 1"], f"@step_{STEPPERS[0]}"
    for method, short in SHORT.items():
        name = "%step_by" if method == [*SHORT][-1] else f"%step_by_{method}"
        lines += [
            f"  %is_{method} = icmp eq i64 %method, {STEPPERS.index(method)}",
            f"  %by_{method} = select i1 %one, ptr @step_{short}, ptr @step_{method}",
            f"  {name} = select i1 %is_{method}, ptr %by_{method}, ptr {before}",
        ]
        before = name
    return "\n".join(lines)


def march_text(lanes: int, loops: int) -> str:
    """The entries `begin`, `evaluate` and `march`, and what they share."""
    texts = [
        "declare double @llvm.fabs.f64(double)",
        "declare <4 x double> @llvm.fabs.v4f64(<4 x double>)",
        "declare double @llvm.sqrt.f64(double)",
        "declare <4 x double> @llvm.sqrt.v4f64(<4 x double>)",
        _TOOLS,
        _flags(loops),
        *(_filled(text, lanes) for text in (_SAVE, _BEGIN, stepping_text(lanes), halving_text(lanes), _MARCH)),
    ]
    return "\n".join(texts)


def _filled(text: str, lanes: int) -> str:
    parts = []
    for number, name in enumerate(FIELDS):
        kind = "ptr" if name in POINTERS else "double" if name in DOUBLES else "i64"
        parts.append(f"%{name}_field = getelementptr i64, ptr %p, i64 {number}")
        parts.append(f"%{name} = load {kind}, ptr %{name}_field, align 8")
    text = text.replace("{fields}", "\n  ".join(parts)).replace("{lanes}", str(lanes))
    text = text.replace("{method}", _choice_of_method()).replace("{judgement}", JUDGEMENT)
    text = text.replace("{single}", "true" if lanes == 1 else "false").replace("{enough}", hexadecimal(SETTLED_ENOUGH))
    pieces = text.split("{call:")
    whole = pieces[0]
    for piece in pieces[1:]:
        given, _, rest = piece.partition("}")
        row, levels, found = given.split(",")
        names = ("parameters", row, "formulas", "settled", "driven", levels, "held", "off", found, "table")
        whole += ", ".join(f"ptr %{name}" for name in names) + rest
    return whole


def _flags(loops: int) -> str:
    lines = ["define internal void @copy_flags(ptr %to, ptr %from) {"]
    for number in range(loops):
        lines += [
            f"  %from_{number} = getelementptr double, ptr %from, i64 {number}",
            f"  %to_{number} = getelementptr double, ptr %to, i64 {number}",
            f"  %flag_{number} = load double, ptr %from_{number}, align 8",
            f"  store double %flag_{number}, ptr %to_{number}, align 8",
        ]
    return "\n".join([*lines, "  ret void", "}"])
