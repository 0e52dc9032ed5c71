"""What the proofs of damaged, full and shared places share: ways to spoil a file, and a disk that is full."""

from __future__ import annotations

import os
import resource
from contextlib import contextmanager

from hypothesis import strategies as st

OTHERS = (b"", b"{}", b"[]", b"null", b"0", b'"text"', b"\xff" * 99, b'{"places": 1}', b"\x89HDF\r\n\x1a\n", b"a: [1")


@st.composite
def damages(draw):
    """A way to spoil a file: what it holds -> what it holds then."""
    way = draw(st.sampled_from(["cut", "flip", "swap", "insert", "other"]))
    share, other = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    byte, instead = draw(st.integers(1, 255)), draw(st.sampled_from(OTHERS))

    def spoiled(content: bytes) -> bytes:
        at, there = int(share * (len(content) - 1)), int(other * (len(content) - 1))
        if way == "cut":
            return content[:at]
        if way == "insert":
            return content[:at] + bytes([byte]) + content[at:]
        if way == "flip":
            return content[:at] + bytes([content[at] ^ byte]) + content[at + 1 :]
        if way == "swap":
            held = bytearray(content)
            held[at], held[there] = held[there], held[at]
            return bytes(held)
        return instead

    return spoiled


@contextmanager
def files_no_larger_than(size):
    """A disk that is full, for this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def umask(mask):
    """The rights that files made here do not get."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
