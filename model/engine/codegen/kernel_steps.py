"""The steps of `pushpull.engine.runs.methods` as LLVM text: a function for each method, and one that weighs slopes."""

from __future__ import annotations

from pushpull.engine.codegen.elementary import hexadecimal, splat
from pushpull.engine.runs.halving import TOLERANCE
from pushpull.engine.runs.methods import STEPPERS, Tableau, tableau

JUDGEMENT = "{ <4 x i1>, <4 x i1> }"  # where levels are impossible, and where they are too far off

_ROWS = """
define internal void @between(ptr %to, ptr %first, ptr %end, double %share, i64 %columns) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %first_at = getelementptr double, ptr %first, i64 %at
  %end_at = getelementptr double, ptr %end, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
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

define internal void @drive_between(ptr %p, ptr %first, ptr %end, double %share) {
entry:
  {fields}
  %still = call i1 @same(ptr %first, ptr %end, i64 %columns)
  br i1 %still, label %done, label %moving
moving:
  call void @between(ptr %row, ptr %first, ptr %end, double %share, i64 %columns)
  call void @drive_at(ptr %p, ptr %row)
  br label %done
done:
  ret void
}
"""

_WEIGHED = """
define internal void @{name}(ptr %to, ptr %from, ptr %stages, <4 x double> %times, i64 %size) {{
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %level_at = getelementptr double, ptr %from, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %level = load <4 x double>, ptr %level_at, align 8
{weighed}
  %move = fmul <4 x double> {slope}, %times
  %moved = fadd <4 x double> %level, %move
  store <4 x double> %moved, ptr %to_at, align 8
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  ret void
}}
"""

_JUDGED = """
define internal {judgement} @{name}(ptr %to, ptr %from, ptr %stages, <4 x double> %times, i64 %size,
  ptr %least, ptr %slack) {{
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi <4 x double> [ zeroinitializer, %entry ], [ %larger, %loop ]
  %negative = phi <4 x i1> [ zeroinitializer, %entry ], [ %negative_now, %loop ]
  %coarse = phi <4 x i1> [ zeroinitializer, %entry ], [ %coarse_now, %loop ]
  %level_at = getelementptr double, ptr %from, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %least_at = getelementptr double, ptr %least, i64 %at
  %slack_at = getelementptr double, ptr %slack, i64 %at
  %level = load <4 x double>, ptr %level_at, align 8
{weighed}
{moved}
  %larger = fadd <4 x double> %sum, %moved
  %bottom = load <4 x double>, ptr %least_at, align 8
  %below = fcmp olt <4 x double> %moved, %bottom
  %negative_now = or <4 x i1> %negative, %below
{coarse}
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  %rest = fsub <4 x double> %larger, %larger
  %endless = fcmp uno <4 x double> %rest, %rest
  %impossible = or <4 x i1> %endless, %negative_now
  %half = insertvalue {judgement} poison, <4 x i1> %impossible, 0
  %whole = insertvalue {judgement} %half, <4 x i1> %coarse_now, 1
  ret {judgement} %whole
}}
"""

_MOVED = """  %move = fmul <4 x double> {slope}, %times
  %moved = fadd <4 x double> %level, %move
  store <4 x double> %moved, ptr %to_at, align 8"""

_COARSE = """  %error = fmul <4 x double> {error}, %times
  %off = call <4 x double> @llvm.fabs.v4f64(<4 x double> %error)
  %before = call <4 x double> @llvm.fabs.v4f64(<4 x double> %level)
  %after = call <4 x double> @llvm.fabs.v4f64(<4 x double> %moved)
  %grown = fcmp ogt <4 x double> %after, %before
  %size_of = select <4 x i1> %grown, <4 x double> %after, <4 x double> %before
  %room = load <4 x double>, ptr %slack_at, align 8
  %allowed = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %size_of, <4 x double> {tolerance}, <4 x double> %room)
  %too_far = fcmp ugt <4 x double> %off, %allowed
  %coarse_now = or <4 x i1> %coarse, %too_far"""


def stepping_text(lanes: int) -> str:
    """The functions `step_<method>`: each writes the levels at the end of a step from the levels `from` into `trial`
    and says on which lanes they are impossible and on which too far off; of a single run, on all or on none.

    The slopes at the start of the step stand in the first stage, the drivers at its start are driven.
    """
    return "\n".join([_ROWS, *(text for method in STEPPERS for text in _method(method, lanes))])


def _method(method: str, lanes: int) -> list[str]:
    known, texts = tableau(method), []
    lines = [
        f"define internal {JUDGEMENT} @step_{method}"
        "(ptr %p, ptr %slopes_now, ptr %first, ptr %end, <4 x double> %length, ptr %from) {",
        "entry:",
        "  {fields}",
    ]
    stages = len(known.weights)
    for stage in range(1, stages):
        name, share = f"{method}_stage_{stage}", float(known.times[stage])
        texts.append(_weighing(name, known.parts[stage, :stage]))
        lines.append(f"  call void @{name}(ptr %trial, ptr %from, ptr %stages, <4 x double> %length, i64 %size)")
        if share == 1.0:
            lines.append("  call void @drive_at(ptr %p, ptr %end)")
        elif share != known.times[stage - 1]:
            lines.append(f"  call void @drive_between(ptr %p, ptr %first, ptr %end, double {hexadecimal(share)})")
        lines += _slopes(stage)
    texts.append(_ending(f"{method}_end", known))
    given = "ptr %trial, ptr %from, ptr %stages, <4 x double> %length, i64 %size, ptr %least, ptr %slack"
    lines.append(f"  %at_end = call {JUDGEMENT} @{method}_end({given})")
    lines.append(f"  %impossible = extractvalue {JUDGEMENT} %at_end, 0")
    if known.looks_on:
        texts.append(_looking_on(f"{method}_error", known))
        lines += _slopes(stages)
        lines.append(f"  %judged = call {JUDGEMENT} @{method}_error({given})")
        lines.append(f"  %coarse = extractvalue {JUDGEMENT} %judged, 1")
    else:
        lines.append(f"  %coarse = extractvalue {JUDGEMENT} %at_end, 1")
    for number, name in enumerate(("impossible", "coarse")):
        found = f"%{name}"
        if lanes == 1:
            lines += _on_all(name)
            found = f"%{name}_on_all"
        before = f"%judgement_{number - 1}" if number else "poison"
        lines.append(f"  %judgement_{number} = insertvalue {JUDGEMENT} {before}, <4 x i1> {found}, {number}")
    lines += [f"  ret {JUDGEMENT} %judgement_1", "}"]
    return [*texts, "\n".join(lines)]


def _slopes(stage: int) -> list[str]:
    return [
        f"  %offset_{stage} = mul i64 %size, {stage}",
        f"  %stage_{stage} = getelementptr double, ptr %stages, i64 %offset_{stage}",
        f"  call void %slopes_now({{call:first,trial,stage_{stage}}})",
    ]


def _on_all(name: str) -> list[str]:
    """A run of its own lies on all lanes: what holds of one of them holds of the run."""
    return [
        f"  %{name}_bits = bitcast <4 x i1> %{name} to i4",
        f"  %{name}_some = icmp ne i4 %{name}_bits, 0",
        f"  %{name}_one = insertelement <4 x i1> poison, i1 %{name}_some, i32 0",
        f"  %{name}_on_all = shufflevector <4 x i1> %{name}_one, <4 x i1> poison, <4 x i32> zeroinitializer",
    ]


def _weighing(name: str, weights) -> str:
    """A function that moves levels by the weighed sum of slopes."""
    lines, slope = _sum("sum", weights, set())
    return _WEIGHED.format(name=name, weighed="\n".join(lines), slope=slope)


def _ending(name: str, known: Tableau) -> str:
    """A function that moves levels to the end of the step and judges them."""
    loaded: set[int] = set()
    lines, slope = _sum("sum", known.weights, loaded)
    coarse = "  %coarse_now = or <4 x i1> %coarse, zeroinitializer"
    if known.error is not None and not known.looks_on:
        more, error = _sum("error", known.error, loaded)
        lines += more
        coarse = _COARSE.format(error=error, tolerance=splat(TOLERANCE))
    moved = _MOVED.format(slope=slope)
    weighed = "\n".join(lines)
    return _JUDGED.format(name=name, judgement=JUDGEMENT, weighed=weighed, moved=moved, coarse=coarse)


def _looking_on(name: str, known: Tableau) -> str:
    """A function that judges levels at the end of a step by their slopes there too."""
    lines, error = _sum("error", known.error, set())
    coarse = _COARSE.format(error=error, tolerance=splat(TOLERANCE))
    moved, weighed = "  %moved = load <4 x double>, ptr %to_at, align 8", "\n".join(lines)
    return _JUDGED.format(name=name, judgement=JUDGEMENT, weighed=weighed, moved=moved, coarse=coarse)


def _sum(name: str, weights, loaded: set[int]) -> tuple[list[str], str]:
    """The weighed sum of slopes in the order of the stages, loading those that are not `loaded`; and what it is."""
    lines, before = [], ""
    for stage, weight in enumerate(map(float, weights)):
        if weight == 0.0:
            continue
        if stage not in loaded:
            lines += [
                f"  %offset_{stage} = mul i64 %size, {stage}",
                f"  %place_{stage} = add i64 %offset_{stage}, %at",
                f"  %slope_at_{stage} = getelementptr double, ptr %stages, i64 %place_{stage}",
                f"  %slope_{stage} = load <4 x double>, ptr %slope_at_{stage}, align 8",
            ]
            loaded.add(stage)
        if before:
            given = f"<4 x double> %slope_{stage}, <4 x double> {splat(weight)}, <4 x double> {before}"
            lines.append(f"  %{name}_{stage} = call <4 x double> @llvm.fmuladd.v4f64({given})")
        else:
            lines.append(f"  %{name}_{stage} = fmul <4 x double> %slope_{stage}, {splat(weight)}")
        before = f"%{name}_{stage}"
    return lines, before
