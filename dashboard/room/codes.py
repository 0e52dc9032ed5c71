"""Codes of rooms, the secrets of those who hold one, and the address as a drawing that phones read."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from io import BytesIO

import segno

ALPHABET = "2346789CDFHJKMNPQRTVWXY"  # no two look alike (0 O, 1 I L, 5 S, 6 G, 2 Z, 8 B), no vowels, which make words
LENGTH = 6
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_BYTES_OF_A_SECRET = 24
_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")


def new_code() -> str:
    """A code, made by chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_of(text: str) -> str | None:
    """The code that somebody typed, in whichever letters and with whatever blanks; None where it is none."""
    plain = re.sub(r"[\s._-]", "", text[:40]).upper()
    return plain if _CODE.fullmatch(plain) else None


def new_secret() -> str:
    """What a browser shows to be known again."""
    return secrets.token_urlsafe(_BYTES_OF_A_SECRET)


def digest_of(secret: str | None) -> bytes | None:
    """What is kept of a secret; None for what is none of ours. Chance made it long, so that no salt is needed."""
    if secret is None or not _SECRET.fullmatch(secret):
        return None
    return sha256(secret.encode()).digest()


def drawing_of(address: str) -> str:
    """The QR code of an address as SVG text, dark on white whatever the theme, with the quiet edge that phones need."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return drawn.getvalue().decode()
