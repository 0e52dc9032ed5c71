"""Plain values and arrays as one text that a page can hold; `javascript/pocket/packing.js` opens it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

ALIGNED = 8  # bytes: where arrays of doubles may begin


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, in which each array is told by its kind, its place and its length, and the deflated bytes of all of
    them, in base64."""
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

    written = told(values)
    return {"values": written, "bytes": base64.b64encode(zlib.compress(bytes(content), 9)).decode()}
