"""`calibrated.yaml` says by digests what a fit wrote, so that no number of it changes unseen."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

CALIBRATED = "calibrated.yaml"
NUMBERS, POSTERIOR = "numbers", "posterior"
_START = re.compile(rb"^parameters:", re.MULTILINE)
_POSTERIOR = re.compile(rb"^sha256:.*\bposterior: \"?([0-9a-f]{64})\b", re.MULTILINE)


def with_digests(head: str, numbers: str, posterior: bytes) -> str:
    """The text of the file: remarks, digests of the numbers and of the posterior beside them, and the numbers."""
    digests = {NUMBERS: digest_of_numbers(numbers.encode()), POSTERIOR: hashlib.sha256(posterior).hexdigest()}
    stated = ", ".join(f'{word}: "{digest}"' for word, digest in digests.items())
    return f"{head}sha256: {{{stated}}}\n{numbers}"


def digest_of_numbers(content: bytes) -> str:
    """SHA-256 of the file from `parameters:` to its end, whatever ends its lines."""
    content = content.replace(b"\r\n", b"\n")
    start = _START.search(content)
    return hashlib.sha256(content[start.start() :] if start else b"").hexdigest()


def stated_posterior(folder: Path) -> str:
    """SHA-256 of the posterior that the fit in a folder wrote; nothing where it does not say."""
    try:
        digest = _POSTERIOR.search((folder / CALIBRATED).read_bytes())
    except OSError:  # told where the corridor is read
        return ""
    return digest.group(1).decode() if digest else ""
