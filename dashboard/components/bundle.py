"""Modules of the page as one script: each a function that returns what it exports, those it imports before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pushpull.dashboard.components.base import JAVASCRIPT

_IMPORT = re.compile(r"""^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";$""", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function\*?|class|const|let) ([\w$]+)", re.MULTILINE)
_ANY = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


class NotBundled(ValueError):
    """A module says something that this bundler does not read."""


def bundled(entry: str, in_place: Mapping[str, str] | None = None) -> str:
    """The script of a module with all that it imports, by their paths in the folder of scripts; of `in_place`, the
    second in the place of the first.

    Raises:
        NotBundled: where modules import each other in a circle, or an import or export has another form.
    """
    made: dict[str, str] = {}
    _add(entry, in_place or {}, made, ())
    return '"use strict";\n' + "\n".join(made.values())


def bundled_together(entries: Mapping[str, str]) -> str:
    """One module with several and all that they import: what it exports by default holds those of `entries`, by their
    names there; raises NotBundled as above."""
    made: dict[str, str] = {}
    for entry in entries.values():
        _add(entry, {}, made, ())
    held = ", ".join(f"{name}: {_variable(entry)}" for name, entry in entries.items())
    return "\n".join([*made.values(), f"export default {{{held}}};\n"])


def _add(name: str, in_place: Mapping[str, str], made: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise NotBundled(f"{name} imports itself by way of {' and '.join(above)}")
    if name in made:
        return
    text = (JAVASCRIPT / name).read_text(encoding="utf-8")
    folder = (JAVASCRIPT / name).parent

    def imported(found: re.Match) -> str:
        names, whole, path = found.groups()
        other = Path(folder / path).resolve().relative_to(JAVASCRIPT.resolve()).as_posix()
        other = in_place.get(other, other)
        _add(other, in_place, made, (*above, name))
        taken = whole if whole else "{" + re.sub(r"(\w+|\$) as (\w+)", r"\1: \2", names) + "}"
        return f"const {taken} = {_variable(other)};"

    exports = _EXPORT.findall(text)
    body = re.sub(r"^export (?=async |function|class|const|let)", "", _IMPORT.sub(imported, text), flags=re.MULTILINE)
    if strange := _ANY.search(body):
        raise NotBundled(f"{name}: {strange[0]}")
    made[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{{', '.join(exports)}}};\n}})();"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
