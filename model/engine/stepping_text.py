"""The steps of `model.engine.methods` as LLVM text: a function for each method, and one that weighs slopes."""

from __future__ import annotations

from model.engine.elementary import hexadecimal, splat
from model.engine.methods import METHODS, tableau

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

_LOOP = """
define internal {kind} @{name}(ptr %to, ptr %from, ptr %stages, double %time, i64 %size) {{
entry:
  %first = insertelement <4 x double> poison, double %time, i32 0
  %times = shufflevector <4 x double> %first, <4 x double> poison, <4 x i32> zeroinitializer
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi <4 x double> [ zeroinitializer, %entry ], [ %larger, %loop ]
  %level_at = getelementptr double, ptr %from, i64 %at
  %to_at = getelementptr double, ptr %to, i64 %at
  %level = load <4 x double>, ptr %level_at, align 8
{weighed}
  %move = fmul <4 x double> {slope}, %times
  %moved = fadd <4 x double> %level, %move
  store <4 x double> %moved, ptr %to_at, align 8
  %larger = fadd <4 x double> %sum, %moved
  %next = add i64 %at, 4
  %more = icmp slt i64 %next, %size
  br i1 %more, label %loop, label %done
done:
  ret {kind} {found}
}}
"""


def stepping_text() -> str:
    """The functions `step_<method>`: each writes the levels at the end of a step into `trial` and gives their sum.

    The slopes at the start of the step stand in the first stage, the drivers at its start are driven.
    """
    return "\n".join([_ROWS, *(text for method in METHODS for text in _method(method))])


def _method(method: str) -> list[str]:
    known, texts = tableau(method), []
    lines = [
        f"define internal <4 x double> @step_{method}"
        "(ptr %p, ptr %slopes_now, ptr %first, ptr %end, double %length) {",
        "entry:",
        "  {fields}",
    ]
    for stage in range(1, len(known.weights)):
        name, share = f"{method}_stage_{stage}", float(known.times[stage])
        texts.append(_weighing(name, known.parts[stage, :stage], summed=False))
        lines.append(f"  call void @{name}(ptr %trial, ptr %levels, ptr %stages, double %length, i64 %size)")
        if share == 1.0:
            lines.append("  call void @drive_at(ptr %p, ptr %end)")
        elif share != known.times[stage - 1]:
            lines.append(f"  call void @drive_between(ptr %p, ptr %first, ptr %end, double {hexadecimal(share)})")
        lines += [
            f"  %offset_{stage} = mul i64 %size, {stage}",
            f"  %stage_{stage} = getelementptr double, ptr %stages, i64 %offset_{stage}",
            f"  call void %slopes_now({{call:first,trial,stage_{stage}}})",
        ]
    texts.append(_weighing(f"{method}_end", known.weights, summed=True))
    lines += [
        f"  %whole = call <4 x double> @{method}_end(ptr %trial, ptr %levels, ptr %stages, double %length, i64 %size)",
        "  ret <4 x double> %whole",
        "}",
    ]
    return [*texts, "\n".join(lines)]


def _weighing(name: str, weights, summed: bool) -> str:
    """A function that moves levels by the weighed sum of slopes, in the order of the stages."""
    lines, before = [], ""
    for stage, weight in enumerate(map(float, weights)):
        if weight == 0.0:
            continue
        lines += [
            f"  %offset_{stage} = mul i64 %size, {stage}",
            f"  %place_{stage} = add i64 %offset_{stage}, %at",
            f"  %slope_at_{stage} = getelementptr double, ptr %stages, i64 %place_{stage}",
            f"  %slope_{stage} = load <4 x double>, ptr %slope_at_{stage}, align 8",
        ]
        if before:
            given = f"<4 x double> %slope_{stage}, <4 x double> {splat(weight)}, <4 x double> {before}"
            lines.append(f"  %sum_{stage} = call <4 x double> @llvm.fmuladd.v4f64({given})")
        else:
            lines.append(f"  %sum_{stage} = fmul <4 x double> %slope_{stage}, {splat(weight)}")
        before = f"%sum_{stage}"
    kind, found = ("<4 x double>", "%larger") if summed else ("void", "")
    return _LOOP.format(name=name, kind=kind, found=found, weighed="\n".join(lines), slope=before)
