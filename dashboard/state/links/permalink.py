"""A whole state as the text of a link: JSON, compressed, in the letters a link may hold."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib

VERSION = "3"
READABLE = ("1", "2", VERSION)
LATER = "later_version"  # what is told of a link of a later version
# A link goes through the first line of a request, of which every layer on its way takes so much: the README's proxy
# buffers lines of 64 kB, and Tornado takes as many bytes of headers as `server.serve` lets it. There is room for
# what stands beside the state in that line (path, version, the page for signing in) and beside it in the headers.
LONGEST_LINE = 65_536  # bytes
LONGEST_LINK = LONGEST_LINE - 5_536
LARGEST_HEADERS = LONGEST_LINE + 32_768
LARGEST_CONTENT = 1_000_000
# Between the first letter and the last may stand what letters and mails put there; behind it, whatever follows.
_LINK = re.compile(r"[^A-Za-z0-9]*([A-Za-z0-9]+)\.([A-Za-z0-9_-]+)")
_UNWRITTEN = re.compile(r"[^\x21-\x7e]+")
_ENDS = 4  # letters of a link that may belong to the text around it


class LinkFault(ValueError):
    """A link that says nothing; the message is a key of the words under `refused.link`."""


def encode(content: dict) -> str:
    """Plain values as link text; floats keep every bit."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    packed = zlib.compress(text.encode(), level=9)
    return f"{VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def decode(text: str) -> tuple[dict, str]:
    """The plain values of a link text, and the version it was made with; raises LinkFault.

    What a mail or a chat puts around a link, such as a full stop, a bracket, quotation marks, blanks, signs that nobody
    sees or words of its own behind an ampersand, is left out: the check sum says that the link itself is whole.
    """
    if len(text) > LONGEST_LINK:
        raise LinkFault("too_long")
    parts = _LINK.match(_UNWRITTEN.sub("", text))
    if not parts:
        raise LinkFault("damaged")
    version, body = parts.groups()
    is_later = is_of_later(version)
    if version not in READABLE and not is_later:
        raise LinkFault("other_version")
    try:
        found = json.loads(_unpacked(body).decode("utf-8"))
    except (binascii.Error, zlib.error, ValueError, RecursionError) as fault:
        if isinstance(fault, LinkFault) and not is_later:
            raise
        raise LinkFault("other_version" if is_later else "damaged") from None
    if not isinstance(found, dict):
        raise LinkFault("other_version" if is_later else "no_state")
    return found, version


def is_of_later(version: str) -> bool:
    """Whether a link was made by a later version than this, of which what is known can be opened all the same."""
    return version.isdecimal() and len(version) < 4 and int(version) > int(VERSION)


def _unpacked(body: str) -> bytes:
    """What the letters hold; the last of them may be those of the text around the link."""
    for end in range(len(body), max(len(body) - _ENDS, 0), -1):
        if end < len(body) and body[end] not in "-_":
            break
        if end % 4 == 1:
            continue
        opener = zlib.decompressobj()
        try:
            content = opener.decompress(base64.urlsafe_b64decode(body[:end] + "=" * (-end % 4)), LARGEST_CONTENT)
        except zlib.error:
            break
        if opener.unconsumed_tail:
            break
        if opener.eof:
            return content
    raise LinkFault("damaged")


# Version 1 had one page with three tabs.
_TABS = {
    "outcomes": {"page": "overview"},
    "routes": {"page": "outcomes", "part": "routes"},
    "recorded": {"page": "outcomes", "part": "recorded"},
}


def renewed(content: dict, version: str) -> tuple[dict, list[str]]:
    """The content as this version writes it, and the keys (under `migrated`) of what was changed for that."""
    if version == VERSION:
        return content, []
    if is_of_later(version):
        return content, [LATER]
    content = _of_first_schema(content)
    if version != "1":
        return content, []
    view = content.get("view")
    tab = view.get("tab") if isinstance(view, dict) else None
    if not isinstance(view, dict) or not isinstance(tab, str) or tab not in _TABS:
        return content, ["version"]
    kept = {key: value for key, value in view.items() if key != "tab"}
    return {**content, "view": {**kept, **_TABS[tab]}}, ["version", "tabs"]


def _of_first_schema(content: dict) -> dict:
    """The content with scenarios that say of themselves what they are: of version 1 of scenario files."""
    found = dict(content)
    if isinstance(found.get("scenario"), dict):
        found["scenario"] = {"schema_version": 1, **found["scenario"]}
    if isinstance(found.get("kept"), list):
        found["kept"] = [{"schema_version": 1, **each} if isinstance(each, dict) else each for each in found["kept"]]
    return found
