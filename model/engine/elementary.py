"""exp and log as LLVM text: four numbers at a time, without branches, the same bits on any lane.

exp: x = n ln 2 + r with |r| <= ln 2 / 2, and for e^r a polynomial through the Chebyshev points of that range (degree
11, off by 1.6e-17 of its value). log: x = 2^k m with m about 1, and the polynomial of log((1 + s) / (1 - s)) that
fdlibm has used since 1993 (K. C. Ng, Sun Microsystems, e_log.c). Both are within 1.5 units in the last place; tests
hold them to 2.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

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
ROUNDING = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the last bits
TWO_TO_52 = 4503599627370496.0
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


def _whole(value: int) -> str:
    return f"<{', '.join(f'i64 {value}' for _ in range(WIDTH))}>"


V, I = f"<{WIDTH} x double>", f"<{WIDTH} x i64>"  # noqa: E741
DECLARATIONS = f"declare {V} @llvm.fmuladd.v{WIDTH}f64({V}, {V}, {V})"


def _multiply_add(say: Say, one: str, other: str, more: str) -> str:
    return say(f"call {V} @llvm.fmuladd.v{WIDTH}f64({V} {one}, {V} {other}, {V} {more})")


def _polynomial(say: Say, at: str, coefficients: Iterable[float]) -> str:
    *lower, value = coefficients
    value = splat(value)
    for coefficient in reversed(lower):
        value = _multiply_add(say, value, at, splat(coefficient))
    return value


def _two_strands(say: Say, at: str, square: str, coefficients: tuple[float, ...]) -> str:
    """A polynomial whose even and odd powers are worked out side by side."""
    even = _polynomial(say, square, coefficients[::2])
    odd = _polynomial(say, square, coefficients[1::2])
    return _multiply_add(say, odd, at, even)


def write_exp(say: Say, x: str) -> str:
    """The power of e of a vector; `say` writes an instruction and names what it gives."""
    too_high = say(f"fcmp ogt {V} {x}, {splat(HIGHEST)}")
    lowered = say(f"select <{WIDTH} x i1> {too_high}, {V} {splat(HIGHEST)}, {V} {x}")
    too_low = say(f"fcmp olt {V} {lowered}, {splat(LOWEST)}")
    x = say(f"select <{WIDTH} x i1> {too_low}, {V} {splat(LOWEST)}, {V} {lowered}")
    shifted = _multiply_add(say, x, splat(LOG2_E), splat(ROUNDING))
    count = say(f"fsub {V} {shifted}, {splat(ROUNDING)}")
    rest = _multiply_add(say, count, splat(-LN2_HIGH), x)
    rest = _multiply_add(say, count, splat(-LN2_LOW), rest)
    square = say(f"fmul {V} {rest}, {rest}")
    value = _two_strands(say, rest, square, EXP_POLYNOMIAL)
    bits = say(f"bitcast {V} {shifted} to {I}")
    biased = say(f"add {I} {bits}, {_whole(1023)}")
    exponent = say(f"shl {I} {biased}, {_whole(52)}")
    scale = say(f"bitcast {I} {exponent} to {V}")
    return say(f"fmul {V} {value}, {scale}")


def write_log(say: Say, x: str, at_nought: float = -INFINITY) -> str:
    """The natural logarithm of a vector: `at_nought` of nought, not a number of less than that."""
    bits = say(f"bitcast {V} {x} to {I}")
    shifted = say(f"add {I} {bits}, {_whole(0x3FF0000000000000 - 0x3FE6A09E00000000)}")
    exponent = say(f"lshr {I} {shifted}, {_whole(52)}")
    whole = say(f"or {I} {exponent}, {_whole(0x4330000000000000)}")
    raised = say(f"bitcast {I} {whole} to {V}")
    k = say(f"fsub {V} {raised}, {splat(TWO_TO_52 + 1023)}")
    fraction = say(f"and {I} {shifted}, {_whole(0x000FFFFFFFFFFFFF)}")
    mantissa = say(f"add {I} {fraction}, {_whole(0x3FE6A09E00000000)}")
    m = say(f"bitcast {I} {mantissa} to {V}")
    f = say(f"fsub {V} {m}, {splat(1.0)}")
    s = say(f"fdiv {V} {f}, {say(f'fadd {V} {f}, {splat(2.0)}')}")
    z = say(f"fmul {V} {s}, {s}")
    w = say(f"fmul {V} {z}, {z}")
    even = _polynomial(say, w, LOG_POLYNOMIAL[1::2])
    odd = _polynomial(say, w, LOG_POLYNOMIAL[::2])
    tail = _multiply_add(say, odd, z, say(f"fmul {V} {even}, {w}"))
    half_square = say(f"fmul {V} {say(f'fmul {V} {f}, {splat(0.5)}')}, {f}")
    low = _multiply_add(say, k, splat(LN2_LOW), say(f"fmul {V} {s}, {say(f'fadd {V} {half_square}, {tail}')}"))
    near = say(f"fsub {V} {say(f'fsub {V} {half_square}, {low}')}, {f}")
    value = say(f"fsub {V} {say(f'fmul {V} {k}, {splat(LN2_HIGH)}')}, {near}")
    negative = say(f"fcmp olt {V} {x}, {splat(0.0)}")
    odd_value = say(f"select <{WIDTH} x i1> {negative}, {V} {splat(float('nan'))}, {V} {splat(at_nought)}")
    tiny = say(f"fcmp olt {V} {x}, {splat(SMALLEST_NORMAL)}")
    value = say(f"select <{WIDTH} x i1> {tiny}, {V} {odd_value}, {V} {value}")
    finite = say(f"fcmp olt {V} {x}, {splat(INFINITY)}")
    return say(f"select <{WIDTH} x i1> {finite}, {V} {value}, {V} {x}")
