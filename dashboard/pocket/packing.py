"""Plain values and arrays as one text that a page can hold; `javascript/pocket/packing.js` opens it."""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Mapping
from typing import Any

import numpy as np

ALIGNED = 8  # bytes: where arrays of doubles may begin
# As `javascript/pocket/lzma.js` reads it: a quarter smaller than what browsers unpack by themselves.
RAW = {"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 0, "pb": 0}


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The bytes of all arrays and behind them, from `text` on, the values as JSON, in which each array stands by its
    kind, its place and its length: `size` bytes, which `bytes` holds compressed and in base64."""
    content = bytearray()

    def told(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: told(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [told(each) for each in value]
        if not isinstance(value, np.ndarray):
            return value
        content.extend(bytes(-len(content) % ALIGNED))
        at = len(content)
        content.extend(np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<")).tobytes())
        return {"dtype": value.dtype.name, "at": at, "count": value.size}

    text = json.dumps(told(values), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    whole = bytes(content) + text.encode()
    compressed = lzma.compress(whole, format=lzma.FORMAT_RAW, filters=[RAW])
    return {"size": len(whole), "text": len(content), "bytes": base64.b64encode(compressed).decode()}
