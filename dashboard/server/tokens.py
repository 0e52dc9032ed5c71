"""The tokens with which a page asks for its connection: Bokeh makes them, and the browser hands them back."""

from __future__ import annotations

import json
import re
import time
import zlib
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64

LARGEST_TOKEN = 1_000_000  # bytes, unpacked
_SESSION_ID = re.compile(r"[A-Za-z0-9]{44}\Z")  # as Bokeh makes them


def sound_token(token: str) -> bool:
    """Whether a token can be read, holds a session that the server could have chosen, and has not run out."""
    try:
        found = payload_of(token)
        return bool(_SESSION_ID.match(found["session_id"])) and found["session_expiry"] > time.time()
    except (ValueError, TypeError, KeyError, NotBase64, zlib.error, RecursionError):
        return False


def payload_of(token: str) -> dict:
    """What a token says of its session.

    Raises:
        ValueError, KeyError, TypeError, zlib.error: where it is none, or unpacks to too much.
    """
    plain = json.loads(_of_base64(token))
    packed = plain.get("__bk__zlib_")
    if packed is not None:
        opener = zlib.decompressobj()
        json.loads(opener.decompress(_of_base64(packed), LARGEST_TOKEN))
        if not opener.eof:
            raise ValueError("the token is too large")
    return plain


def _of_base64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
