"""A module for browsers is made of an object file without a linker, or refused."""

import pytest

from pushpull.engine.browser.browser_kernel import compiled_for_browsers
from pushpull.engine.browser.wasm_module import HEAD, NotAlone, standalone

ALONE = """
@numbers = internal constant [3 x double] [double 1.0, double 2.0, double 3.0]
define internal double @own(i64 %at) noinline {
  %place = getelementptr double, ptr @numbers, i64 %at
  %found = load double, ptr %place
  ret double %found
}
define void @begin(ptr %fields) {
  %found = call double @own(i64 2)
  store double %found, ptr %fields
  ret void
}
define void @march(ptr %fields) {
  %room = alloca [64 x i64]
  call void @begin(ptr %room)
  %found = load i64, ptr %room
  store i64 %found, ptr %fields
  ret void
}
"""
ANOTHER = "call double @sin(double 2.0)"
WITH_ANOTHER = "declare double @sin(double)\n" + ALONE.replace("call double @own(i64 2)", ANOTHER)


def sections(code):
    """Kinds of the sections of a module, in their order."""
    at, found = len(HEAD), []
    while at < len(code):
        found.append(code[at])
        at, size, shift = at + 1, 0, 0
        while True:
            size |= (code[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if code[at - 1] < 0x80:
                break
        at += size
    return found


def test_a_module_exports_its_entries_and_knows_where_its_constants_end():
    code = compiled_for_browsers(ALONE)
    made = standalone(code, ["begin", "march"])
    assert made.data_end == 24
    assert b"\x05begin\x00" in made.code and b"\x05march\x00" in made.code and b"linking" not in made.code
    order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]  # of the sections, as the format asks for it
    places = [order.index(kind) for kind in sections(made.code)]
    assert places == sorted(places) and order.index(7) in places


def test_a_kernel_that_asks_for_another_file_or_lacks_an_entry_is_refused():
    with pytest.raises(NotAlone, match="asks for sin"):
        standalone(compiled_for_browsers(WITH_ANOTHER), ["begin", "march"])
    with pytest.raises(NotAlone, match="without evaluate"):
        standalone(compiled_for_browsers(ALONE), ["begin", "evaluate"])
    with pytest.raises(ValueError, match="no object"):
        standalone(b"\x7fELF", ["begin"])
