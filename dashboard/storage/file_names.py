"""Names of files: which ones are taken, whatever the script they are written in, and which are given to new files."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
LONGEST_BYTES = 255  # of most file systems
ENDINGS = (".yaml", ".yml")
_SEPARATORS = re.compile(r"[/\\:<>]")  # of folders, drives and streams; and of markup
_UNWRITABLE = re.compile(r'[/\\:<>"|?*]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\Z", re.IGNORECASE)
_ENDS = re.compile(r"\A[\s.]+|[\s.]+\Z")
# Letters of some scripts, and many emoji, are joined or kept apart by these two.
_JOINERS = "\u200c\u200d"


def fault_of(name: str) -> str | None:
    """Why the name of a file that someone brings is not taken, as a key of the words under `refused`; else None.

    Any script, accents, apostrophes, commas and brackets are taken. Refused is what leads elsewhere (separators of
    folders, drives and streams, a first dot, names of Windows' devices) or shows otherwise than it reads (control
    characters, marks that turn the direction of text, blanks that nobody sees).
    """
    if not name.strip():
        return "name_empty"
    if len(name) > LONGEST or len(name.encode("utf-8", "replace")) > LONGEST_BYTES:
        return "name_long"
    if _SEPARATORS.search(name):
        return "name_separator"
    if name.startswith("."):
        return "name_dot"
    if any(is_unseen(mark) for mark in name) or name != name.strip():
        return "name_unseen"
    return "name_device" if DEVICES.match(_stem(name)) else None


def fault_in_folder(name: str) -> str | None:
    """The same of a file in the user's folder, where only scenario files are offered."""
    return fault_of(name) or (None if name.lower().endswith(ENDINGS) else "name_ending")


def safe(name: str) -> str:
    """A name like the one given that every system can write: no sign that Windows forbids, no device, not long."""
    composed = unicodedata.normalize("NFC", name)
    shown = "".join("_" if _UNWRITABLE.match(mark) or is_unseen(mark) else mark for mark in composed)
    stem, dot, ending = shown.rpartition(".")
    if not dot:
        stem, ending = shown, ""
    stem = _ENDS.sub("", stem)
    while len(f"{stem}{dot}{ending}".encode()) > LONGEST_BYTES - 55 or len(stem) > LONGEST - 20:
        stem = _ENDS.sub("", stem[:-1])
    if not stem or DEVICES.match(_stem(stem)):
        stem = f"_{stem}"
    return f"{stem}{dot}{ending}"


def _stem(name: str) -> str:
    """What Windows compares with the names of its devices: all before the first dot, without blanks at its end."""
    return name.partition(".")[0].rstrip()


def is_unseen(mark: str) -> bool:
    """Whether a letter shows nothing: a control, a mark that turns the direction of text, half a letter."""
    kind = unicodedata.category(mark)
    return kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and mark not in _JOINERS)
