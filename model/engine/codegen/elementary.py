"""exp and log, written out: four numbers at a time, without branches, the same bits on any lane.

exp: x = n ln 2 + r with |r| <= ln 2 / 2, and for e^r a polynomial through the Chebyshev points of that range (degree
11, off by 1.6e-17 of its value). log: x = 2^k m with m about 1, and the polynomial of log((1 + s) / (1 - s)) that
fdlibm has used since 1993 (K. C. Ng, Sun Microsystems, e_log.c). Both are within 1.5 units in the last place; tests
hold them to 2.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from pushpull.engine.codegen.emit import I64X4, PTR, V4, WIDTH, Builder, constant

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
    1.479819860510658591e-01,
)
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG2_E = 1.4426950408889634
EXPONENT_BIAS = 1023
ROUNDING = 6755399441055744.0 + EXPONENT_BIAS  # 1.5 * 2^52: adding it leaves the nearest whole number in the last bits
TWO_TO_52 = 4503599627370496.0
MANTISSA_BITS = 52
ONE, MANTISSA, EXPONENT_OF_TWO_TO_52 = 0x3FF0000000000000, 0x000FFFFFFFFFFFFF, 0x4330000000000000  # bits
ROOT_OF_HALF = 0x3FE6A09E00000000  # the bits of the root of a half, cut off
SMALLEST_NORMAL, INFINITY, NAN = 2.2250738585072014e-308, float("inf"), float("nan")
HIGHEST, LOWEST = 710.0, -709.0  # beyond these e^x is infinity or zero
ALMOST_MINUS_INFINITY = -1e308  # log of zero within a power, so that zero to the power of zero is one

TOGETHER = 4  # vectors that one call takes: their instructions alternate, so that none waits for the one before
TABLE = "constants"


def _bits_of(value: float) -> int:
    return struct.unpack("<q", struct.pack("<d", value))[0]


_VALUES = (
    *(HIGHEST, LOWEST, ROUNDING, LOG2_E, -LN2_HIGH, -LN2_LOW, *EXP_POLYNOMIAL),
    *(TWO_TO_52 + EXPONENT_BIAS, *LOG_POLYNOMIAL, 0.5, LN2_LOW, LN2_HIGH, 0.0, NAN, -INFINITY, ALMOST_MINUS_INFINITY),
    *(SMALLEST_NORMAL, INFINITY),
)
_PATTERNS = (*map(_bits_of, _VALUES), ONE - ROOT_OF_HALF, EXPONENT_OF_TWO_TO_52, MANTISSA, ROOT_OF_HALF)
POSITIONS = {bits: position for position, bits in enumerate(dict.fromkeys(_PATTERNS))}


def table(module: ir.Module) -> ir.GlobalVariable:
    """The constants of these functions, a vector each, in the module: read, they cost less than made anew."""
    if TABLE not in module.globals:
        kind = ir.ArrayType(I64X4, len(POSITIONS))
        constants = ir.GlobalVariable(module, kind, TABLE)
        constants.initializer = ir.Constant(kind, [constant(I64X4, bits) for bits in POSITIONS])
        constants.linkage, constants.global_constant, constants.align = "internal", True, 8 * WIDTH
    return module.globals[TABLE]


class Strands(list):
    """The same value of several computations side by side."""


class _Writer:
    """Writes arithmetic over strands: an instruction is written for every strand before the next is."""

    def __init__(self, builder: Builder):
        self.builder = builder
        self._read: dict[tuple[int, str], ir.Value] = {}

    def __call__(self, instruction: Callable[..., ir.Value], *values: Any) -> Strands:
        """An instruction on the values of every strand; what is no Strands is shared by all."""
        (count,) = {len(value) for value in values if isinstance(value, Strands)}
        own = [value if isinstance(value, Strands) else [value] * count for value in values]
        return Strands(instruction(*each) for each in zip(*own, strict=True))

    def number(self, value: float) -> ir.Value:
        """A number of the table."""
        return self._constant(_bits_of(value), V4)

    def bits(self, pattern: int) -> ir.Value:
        """A pattern of bits of the table."""
        return self._constant(pattern, I64X4)

    def _constant(self, pattern: int, kind: ir.Type) -> ir.Value:
        key = pattern, str(kind)
        if key not in self._read:
            offset = WIDTH * POSITIONS[pattern]
            self._read[key] = self.builder.read(self.builder.given["table"], offset, kind, align=8 * WIDTH)
        return self._read[key]


def _polynomial(write: _Writer, at: Strands, coefficients: Sequence[float]) -> Strands:
    """By Horner's scheme."""
    *lower, highest = coefficients
    value = write.number(highest)
    for coefficient in reversed(lower):
        value = write(write.builder.fused, value, at, write.number(coefficient))
    return value


def _pair_by_pair(write: _Writer, at: Strands, coefficients: Sequence) -> Strands:
    """A polynomial by Estrin's scheme: pairs first, then pairs of these, so that little waits."""
    b = write.builder
    while len(coefficients) > 1:
        pairs = [coefficients[first : first + 2] for first in range(0, len(coefficients), 2)]
        coefficients = [write(b.fused, pair[1], at, pair[0]) if len(pair) > 1 else pair[0] for pair in pairs]
        at = write(b.fmul, at, at)
    return coefficients[0]


def write_exp(write: _Writer, x: Strands) -> Strands:
    """The power of e."""
    b, number = write.builder, write.number
    too_high = write(b.fcmp_ordered, "<", number(HIGHEST), x)
    lowered = write(b.select, too_high, number(HIGHEST), x)
    too_low = write(b.fcmp_ordered, ">", number(LOWEST), lowered)
    x = write(b.select, too_low, number(LOWEST), lowered)
    shifted = write(b.fused, x, number(LOG2_E), number(ROUNDING))
    count = write(b.fsub, shifted, number(ROUNDING))
    rest = write(b.fused, count, number(-LN2_HIGH), x)
    rest = write(b.fused, count, number(-LN2_LOW), rest)
    value = _pair_by_pair(write, rest, [number(coefficient) for coefficient in EXP_POLYNOMIAL])
    exponent = write(b.shl, write(b.bitcast, shifted, I64X4), constant(I64X4, MANTISSA_BITS))
    return write(b.fmul, value, write(b.bitcast, exponent, V4))


def write_log(write: _Writer, x: Strands, at_zero: float = -INFINITY) -> Strands:
    """The natural logarithm: `at_zero` of zero, not a number of less than that."""
    b, number, bits = write.builder, write.number, write.bits
    shifted = write(b.add, write(b.bitcast, x, I64X4), bits(ONE - ROOT_OF_HALF))
    exponent = write(b.lshr, shifted, constant(I64X4, MANTISSA_BITS))
    raised = write(b.bitcast, write(b.or_, exponent, bits(EXPONENT_OF_TWO_TO_52)), V4)
    k = write(b.fsub, raised, number(TWO_TO_52 + EXPONENT_BIAS))
    fraction = write(b.and_, shifted, bits(MANTISSA))
    m = write(b.bitcast, write(b.add, fraction, bits(ROOT_OF_HALF)), V4)
    f = write(b.fsub, m, number(1.0))
    s = write(b.fdiv, f, write(b.fadd, m, number(1.0)))
    z = write(b.fmul, s, s)
    w = write(b.fmul, z, z)
    even = _polynomial(write, w, LOG_POLYNOMIAL[1::2])
    odd = _polynomial(write, w, LOG_POLYNOMIAL[::2])
    half_square = write(b.fmul, write(b.fmul, f, number(0.5)), f)
    tail = write(b.fused, odd, z, half_square)
    tail = write(b.fused, even, w, tail)
    low = write(b.fused, k, number(LN2_LOW), write(b.fmul, s, tail))
    near = write(b.fsub, write(b.fsub, half_square, low), f)
    value = write(b.fused, k, number(LN2_HIGH), write(b.fneg, near))
    negative = write(b.fcmp_ordered, ">", number(0.0), x)
    odd_value = write(b.select, negative, number(NAN), number(at_zero))
    tiny = write(b.fcmp_ordered, ">", number(SMALLEST_NORMAL), x)
    value = write(b.select, tiny, odd_value, value)
    finite = write(b.fcmp_ordered, ">", number(INFINITY), x)
    return write(b.select, finite, value, x)


WRITERS: dict[str, Callable[[_Writer, Strands], Strands]] = {
    "exp": write_exp,
    "log": write_log,
    "log_for_power": lambda write, x: write_log(write, x, ALMOST_MINUS_INFINITY),
}


def curved_function(module: ir.Module, operation: str, count: int) -> ir.Function:
    """A function of the module that takes the exponent or logarithm of `count` vectors at once."""
    name = f"{operation}_{count}"
    if name in module.globals:
        return module.globals[name]
    result = V4 if count == 1 else ir.LiteralStructType([V4] * count)
    given = [("table", PTR), *((f"x{place}", V4) for place in range(count))]
    b = Builder(module, name, result, given)
    b.function.calling_convention = "fastcc"
    b.function.attributes.alignstack = 64
    results = WRITERS[operation](_Writer(b), Strands(b.given[f"x{place}"] for place in range(count)))
    if count == 1:
        b.ret(results[0])
    else:
        whole: ir.Value = ir.Constant(result, ir.Undefined)
        for place, value in enumerate(results):
            whole = b.insert_value(whole, value, place)
        b.ret(whole)
    return b.function


def call_curved(b: Builder, operation: str, vectors: Sequence[ir.Value]) -> list[ir.Value]:
    """The exponents or logarithms of vectors, TOGETHER at a time."""
    results: list[ir.Value] = []
    for first in range(0, len(vectors), TOGETHER):
        group = vectors[first : first + TOGETHER]
        result = b.call(curved_function(b.module, operation, len(group)), [table(b.module), *group])
        results += [result] if len(group) == 1 else [b.extract_value(result, place) for place in range(len(group))]
    return results
