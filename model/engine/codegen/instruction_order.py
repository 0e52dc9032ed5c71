"""The order of instructions: neighbours are exchanged so that a processor always has several that can start.

A processor looks some dozens of arithmetic instructions ahead; where these wait for each other it stands idle. Looking
farther than a small window would keep more values than there are registers.
"""

from __future__ import annotations

import re

EACH_CYCLE = 2  # instructions that begin
# Cycles until a result can be used (A. Fog, Instruction tables, Zen 3); a call to exp or log about sixty.
LATENCIES = {"fadd": 3, "fsub": 3, "fmul": 3, "fdiv": 13, "select": 2, "extractelement": 2, "insertelement": 2}
LATENCIES |= {"shufflevector": 3, "insertvalue": 0, "extractvalue": 0, "sqrt": 20, "fmuladd": 4, "call": 60}
_FREE = ("load", "getelementptr")
_NAME = re.compile(r"%v\d+")


def in_good_order(lines: list[str], window: int) -> list[str]:
    """Instructions without jumps, each value given once, in another order; what is read stands where it is needed."""
    made = {_given(line): line for line in lines if _given(line)}
    done: set[str] = set()
    found: list[str] = []

    def fetch(name: str) -> None:
        line = made[name]
        if name not in done and _operation(line) in _FREE:
            for inner in _read(line):
                fetch(inner)
            found.append(line)
            done.add(name)

    for line in _listed([line for line in lines if _operation(line) not in _FREE], window):
        for name in _read(line):
            fetch(name)
        found.append(line)
    return found


def _listed(lines: list[str], window: int) -> list[str]:
    """List scheduling within a window: of what is ready, that on which the longest chain waits."""
    makers = {_given(line): number for number, line in enumerate(lines) if _given(line)}
    needs = [[makers[name] for name in _read(line) if name in makers] for line in lines]
    takes = [_latency(line) for line in lines]
    ahead = list(takes)
    for number in range(len(lines) - 1, -1, -1):
        for cause in needs[number]:
            ahead[cause] = max(ahead[cause], takes[cause] + ahead[number])
    waiting, when, order, cycle = list(range(len(lines))), {}, [], 0
    while waiting:
        able = [number for number in waiting[:window] if all(cause in when for cause in needs[number])]
        starts = {number: max((when[cause] for cause in needs[number]), default=0) for number in able}
        cycle = max(cycle, min(starts.values()))
        ready = sorted((number for number in able if starts[number] <= cycle), key=lambda number: -ahead[number])
        for number in ready[:EACH_CYCLE]:
            when[number] = cycle + takes[number]
            order.append(number)
            waiting.remove(number)
        cycle += 1
    return [lines[number] for number in order]


def _given(line: str) -> str:
    """The name of the value that an instruction gives, if any."""
    return line.partition(" = ")[0].strip() if " = " in line else ""


def _read(line: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(line.partition(" = ")[2] if " = " in line else line)))


def _operation(line: str) -> str:
    words = (line.partition(" = ")[2] if " = " in line else line).split(None, 1)
    if words[0] == "call":
        return "sqrt" if "llvm.sqrt" in line else "fmuladd" if "llvm.fmuladd" in line else "call"
    return words[0]


def _latency(line: str) -> int:
    return LATENCIES.get(_operation(line), 1)
