"""Writing a scenario: plain values, YAML text, a file, a digest."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path as File

from pushpull.engine.runs.methods import QUARTER
from pushpull.files.atomic import write_whole
from pushpull.scenario.migrations import SCHEMA_VERSION
from pushpull.scenario.schedules import Amount, Constant, Form, Pulse, Ramp, Step, Table

_BARE = re.compile(r"[a-z][a-z0-9_]*\Z")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def plain(form: Form | Amount) -> object:
    """A form or an amount as a file writes it."""
    match form:
        case Amount():
            return {"times_today": form.value} if form.times_today else form.value
        case Constant():
            return plain(form.value)
        case Step():
            return {"step": {"year": form.year, "value": plain(form.value)}}
        case Ramp() | Pulse():
            word = "ramp" if isinstance(form, Ramp) else "pulse"
            return {word: {"from": form.start, "to": form.end, "value": plain(form.value)}}
        case Table():
            return {"table": {year: plain(value) for year, value in zip(form.years, form.values, strict=True)}}
    raise TypeError(f"not a form: {form!r}")


def _block(settings: Mapping) -> dict:
    return {name: _setting(setting) for name, setting in sorted(settings.items())}


def _setting(setting: Form | Amount | Mapping) -> object:
    if isinstance(setting, Mapping):
        return {key: plain(form) for key, form in setting.items()}
    return plain(setting)


def mapping(scenario) -> dict:
    """The scenario as plain values, in the order of a scenario file."""
    found: dict = {"schema_version": SCHEMA_VERSION, "title": scenario.title}
    if scenario.question:
        found["question"] = scenario.question
    found["corridor"] = scenario.corridor.id
    found["horizon"] = {word: getattr(scenario, word) for word in ("start", "end", "policy_start")}
    for block in ("policies", "context", "parameters"):
        if getattr(scenario, block):
            found[block] = _block(getattr(scenario, block))
    if scenario.formulas:
        found["formulas"] = dict(scenario.formulas)
    if scenario.loops_off:
        found["loops_off"] = list(scenario.loops_off)
    found["ensemble"] = {"members": scenario.members, "seed": scenario.seed}
    found["integration"] = {"method": scenario.method}
    if scenario.steps_per_year is not None:
        found["integration"]["steps_per_year"] = scenario.steps_per_year
    if scenario.save_every != QUARTER:
        found["integration"]["save_every"] = scenario.save_every
    return found


def yaml_text(scenario) -> str:
    """The scenario as YAML, a line for each name; numbers keep every bit."""
    lines = []
    for key, value in mapping(scenario).items():
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


def save(scenario, path: str | os.PathLike) -> File:
    """Write the file whole or not at all; raises OSError where it cannot be written."""
    return write_whole(File(path), yaml_text(scenario))


def digest(scenario) -> str:
    """SHA-256 over everything that moves a number; titles and questions do not."""
    content = mapping(scenario)
    for word in ("title", "question"):
        content.pop(word, None)
    content["corridor"] = {"id": scenario.corridor.id, "files": scenario.corridor.digest}
    return hashlib.sha256(json.dumps(_keyed(content), sort_keys=True).encode()).hexdigest()


def _keyed(value: object) -> object:
    if isinstance(value, Mapping):
        return {_scalar(key): _keyed(each) for key, each in value.items()}
    return [_keyed(each) for each in value] if isinstance(value, list) else value
