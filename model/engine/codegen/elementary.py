"""exp and log as LLVM text: four numbers at a time, without branches, the same bits on any lane.

exp: x = n ln 2 + r with |r| <= ln 2 / 2, and for e^r a polynomial through the Chebyshev points of that range (degree
11, off by 1.6e-17 of its value). log: x = 2^k m with m about 1, and the polynomial of log((1 + s) / (1 - s)) that
fdlibm has used since 1993 (K. C. Ng, Sun Microsystems, e_log.c). Both are within 1.5 units in the last place; tests
hold them to 2.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

EXP_POLYNOMIAL = (
    1.0,
    1.0,
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662413,
    0.008333333333330062,
    0.0013888888917213717,
    0.00019841269863053618,
    2.4801521295954376e-05,
    2.7557268459997064e-06,
    2.7620088445409746e-07,
    2.510038549551032e-08,
)
LOG_POLYNOMIAL = (  # Lg1 to Lg7 of fdlibm
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG2_E = 1.4426950408889634
EXPONENT_BIAS = 1023
ROUNDING = 6755399441055744.0 + EXPONENT_BIAS  # 1.5 * 2^52: adding it leaves the nearest whole number in the last bits
TWO_TO_52 = 4503599627370496.0
ROOT_OF_HALF = 0x3FE6A09E00000000  # the bits of the root of a half, cut off
SMALLEST_NORMAL, INFINITY = 2.2250738585072014e-308, float("inf")
HIGHEST, LOWEST = 710.0, -709.0  # beyond these e^x is infinity or nought
ALMOST_MINUS_INFINITY = -1e308  # log of nought within a power, so that nought to the power of nought is one

WIDTH = 4
Say = Callable[[str], str]


def hexadecimal(value: float) -> str:
    """A number as LLVM reads it exactly."""
    return f"0x{struct.pack('>d', value).hex().upper()}"


def splat(value: float) -> str:
    """The same number on every lane."""
    return f"<{', '.join(f'double {hexadecimal(value)}' for _ in range(WIDTH))}>"


V, I = f"<{WIDTH} x double>", f"<{WIDTH} x i64>"  # noqa: E741
DECLARATIONS = f"""declare {V} @llvm.fmuladd.v{WIDTH}f64({V}, {V}, {V})
declare double @llvm.fmuladd.f64(double, double, double)"""


class _Table:
    """Constants that the functions read from memory, a vector each: it costs less than to make them anew."""

    def __init__(self):
        self.places: dict[int, int] = {}

    def number(self, say: Say, value: float) -> str:
        """A number on every lane."""
        return say(f"load {V}, ptr {self._address(say, struct.unpack('<q', struct.pack('<d', value))[0])}, align 32")

    def bits(self, say: Say, value: int) -> str:
        """A pattern of bits on every lane."""
        return say(f"load {I}, ptr {self._address(say, value)}, align 32")

    def _address(self, say: Say, value: int) -> str:
        place = self.places.setdefault(value, len(self.places))
        return say(f"getelementptr {V}, ptr %table, i64 {place}")


_table = _Table()


@cache
def table() -> np.ndarray:
    """The table's bits, each as often as there are lanes."""
    for operation in WRITERS:
        curved_function(operation, 1)  # whatever it needs is in the table afterwards
    return np.repeat(np.array(list(_table.places), dtype=np.int64), WIDTH)


def _multiply_add(say: Say, one: str, other: str, more: str) -> str:
    return say(f"call {V} @llvm.fmuladd.v{WIDTH}f64({V} {one}, {V} {other}, {V} {more})")


def _polynomial(say: Say, at: str, coefficients: Iterable[float]) -> str:
    *lower, value = coefficients
    value = _table.number(say, value)
    for coefficient in reversed(lower):
        value = _multiply_add(say, value, at, _table.number(say, coefficient))
    return value


def _pair_by_pair(say: Say, at: str, coefficients: list[str]) -> str:
    """A polynomial by Estrin's scheme: pairs first, then pairs of these, so that little waits."""
    while len(coefficients) > 1:
        pairs = [coefficients[first : first + 2] for first in range(0, len(coefficients), 2)]
        coefficients = [_multiply_add(say, pair[1], at, pair[0]) if len(pair) > 1 else pair[0] for pair in pairs]
        at = say(f"fmul {V} {at}, {at}")
    return coefficients[0]


def write_exp(say: Say, x: str) -> str:
    """The power of e of a vector; `say` writes an instruction and names what it gives."""
    highest, lowest, rounding = (_table.number(say, value) for value in (HIGHEST, LOWEST, ROUNDING))
    too_high = say(f"fcmp olt {V} {highest}, {x}")
    lowered = say(f"select <{WIDTH} x i1> {too_high}, {V} {highest}, {V} {x}")
    too_low = say(f"fcmp ogt {V} {lowest}, {lowered}")
    x = say(f"select <{WIDTH} x i1> {too_low}, {V} {lowest}, {V} {lowered}")
    shifted = _multiply_add(say, x, _table.number(say, LOG2_E), rounding)
    count = say(f"fsub {V} {shifted}, {rounding}")
    rest = _multiply_add(say, count, _table.number(say, -LN2_HIGH), x)
    rest = _multiply_add(say, count, _table.number(say, -LN2_LOW), rest)
    value = _pair_by_pair(say, rest, [_table.number(say, coefficient) for coefficient in EXP_POLYNOMIAL])
    bits = say(f"bitcast {V} {shifted} to {I}")
    exponent = say(f"shl {I} {bits}, <{', '.join(['i64 52'] * WIDTH)}>")
    scale = say(f"bitcast {I} {exponent} to {V}")
    return say(f"fmul {V} {value}, {scale}")


def write_log(say: Say, x: str, at_nought: float = -INFINITY) -> str:
    """The natural logarithm of a vector: `at_nought` of nought, not a number of less than that."""
    number, bits_of, truth = _table.number, _table.bits, f"<{WIDTH} x i1>"
    bits = say(f"bitcast {V} {x} to {I}")
    shifted = say(f"add {I} {bits}, {bits_of(say, 0x3FF0000000000000 - ROOT_OF_HALF)}")
    exponent = say(f"lshr {I} {shifted}, <{', '.join(['i64 52'] * WIDTH)}>")
    whole = say(f"or {I} {exponent}, {bits_of(say, 0x4330000000000000)}")
    raised = say(f"bitcast {I} {whole} to {V}")
    k = say(f"fsub {V} {raised}, {number(say, TWO_TO_52 + EXPONENT_BIAS)}")
    fraction = say(f"and {I} {shifted}, {bits_of(say, 0x000FFFFFFFFFFFFF)}")
    mantissa = say(f"add {I} {fraction}, {bits_of(say, ROOT_OF_HALF)}")
    m = say(f"bitcast {I} {mantissa} to {V}")
    f = say(f"fsub {V} {m}, {number(say, 1.0)}")
    s = say(f"fdiv {V} {f}, {say(f'fadd {V} {m}, {number(say, 1.0)}')}")
    z = say(f"fmul {V} {s}, {s}")
    w = say(f"fmul {V} {z}, {z}")
    even = _polynomial(say, w, LOG_POLYNOMIAL[1::2])
    odd = _polynomial(say, w, LOG_POLYNOMIAL[::2])
    half_square = say(f"fmul {V} {say(f'fmul {V} {f}, {number(say, 0.5)}')}, {f}")
    tail = _multiply_add(say, odd, z, half_square)
    tail = _multiply_add(say, even, w, tail)
    low = _multiply_add(say, k, number(say, LN2_LOW), say(f"fmul {V} {s}, {tail}"))
    near = say(f"fsub {V} {say(f'fsub {V} {half_square}, {low}')}, {f}")
    back = say(f"fneg {V} {near}")
    value = _multiply_add(say, k, number(say, LN2_HIGH), back)
    nought = number(say, 0.0)
    negative = say(f"fcmp ogt {V} {nought}, {x}")
    odd_value = say(f"select {truth} {negative}, {V} {number(say, float('nan'))}, {V} {number(say, at_nought)}")
    tiny = say(f"fcmp ogt {V} {number(say, SMALLEST_NORMAL)}, {x}")
    value = say(f"select {truth} {tiny}, {V} {odd_value}, {V} {value}")
    finite = say(f"fcmp ogt {V} {number(say, INFINITY)}, {x}")
    return say(f"select {truth} {finite}, {V} {value}, {V} {x}")


WRITERS: dict[str, Callable[[Say, str], str]] = {
    "exp": write_exp,
    "log": write_log,
    "log_for_power": lambda say, x: write_log(say, x, ALMOST_MINUS_INFINITY),
}
TOGETHER = 4  # vectors that one call takes: their instructions alternate, so that none waits for the one before


def structure(count: int) -> str:
    """The type of so many vectors."""
    return V if count == 1 else f"{{ {', '.join([V] * count)} }}"


def curved_function(operation: str, count: int) -> str:
    """A function that takes the exponent or logarithm of `count` vectors at once."""
    strands: list[list[str]] = []
    results = []
    for number in range(count):
        lines: list[str] = []

        def say(instruction: str, lines: list[str] = lines, number: int = number) -> str:
            name = f"%s{number}_{len(lines)}"
            lines.append(f"  {name} = {instruction}")
            return name

        results.append(WRITERS[operation](say, f"%x{number}"))
        strands.append(lines)
    body = [line for step in zip(*strands, strict=True) for line in step]
    whole = results[0]
    if count > 1:
        whole = "poison"
        for number, result in enumerate(results):
            body.append(f"  %r{number} = insertvalue {structure(count)} {whole}, {V} {result}, {number}")
            whole = f"%r{number}"
    given = ", ".join(["ptr %table", *(f"{V} %x{number}" for number in range(count))])
    head = f"define internal fastcc {structure(count)} @{operation}_{count}({given}) noinline alignstack(64) {{"
    return "\n".join([head, *body, f"  ret {structure(count)} {whole}", "}"])
