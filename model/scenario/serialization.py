"""Writing a scenario: plain values, YAML text, a digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from pushpull.scenario.interpreter import Constants, Setting
from pushpull.scenario.schedules import Amount, Constant, Pulse, Ramp, Schedule, Step, Table

_BARE = re.compile(r"[a-z][a-z0-9_]*\Z")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def plain(schedule: Schedule | Amount) -> object:
    """A schedule or an amount as a file writes it."""
    match schedule:
        case Amount():
            return {"times_today": schedule.value} if schedule.times_today else schedule.value
        case Constant():
            return plain(schedule.value)
        case Step():
            return {"step": {"year": schedule.year, "value": plain(schedule.value)}}
        case Ramp() | Pulse():
            word = "ramp" if isinstance(schedule, Ramp) else "pulse"
            return {word: {"from": schedule.start, "to": schedule.end, "value": plain(schedule.value)}}
        case Table():
            return {"table": {year: plain(value) for year, value in zip(schedule.years, schedule.values, strict=True)}}
    raise TypeError(f"not a schedule: {schedule!r}")


def plain_block(settings: Mapping[str, Setting | Constants]) -> dict:
    """Levers, drivers or parameters as a file writes them, in order of their names."""
    return {
        name: {key: plain(each) for key, each in setting.items()} if isinstance(setting, Mapping) else plain(setting)
        for name, setting in sorted(settings.items())
    }


def yaml_text(content: Mapping) -> str:
    """The plain values of a scenario as YAML, a line for each name; numbers keep every bit."""
    lines = []
    for key, value in content.items():
        if isinstance(value, Mapping) and key in ("policies", "context", "parameters", "formulas"):
            lines.append(f"{key}:")
            lines += [f"  {_scalar(name)}: {_flow(each)}" for name, each in value.items()]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(each) for each in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _BARE.match(text) and text not in _WORDS else '"' + "".join(map(_escaped, text)) + '"'


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number, in YAML 1.1 and 1.2 alike."""
    if value.is_integer() and abs(value) < 1e15 and (value != 0 or str(value) == "0.0"):
        return str(int(value))
    text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


def _escaped(mark: str) -> str:
    if mark in '"\\':
        return "\\" + mark
    if mark == "\n":
        return "\\n"
    if mark.isprintable():
        return mark
    code = ord(mark)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def digest(content: Mapping) -> str:
    """SHA-256 over plain values, whatever the order of their names."""
    return hashlib.sha256(json.dumps(_keyed(content), sort_keys=True).encode()).hexdigest()


def _keyed(value: object) -> object:
    if isinstance(value, Mapping):
        return {_scalar(key): _keyed(each) for key, each in value.items()}
    return [_keyed(each) for each in value] if isinstance(value, list) else value
