"""The reference of Python, as Markdown: what each front door offers, with signatures, meanings and examples that run.

It is read off the sources, so that nothing is imported for it, HoloViews least of all.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DOORS = ("pushpull", "pushpull.analysis", "pushpull.discovery", "pushpull.plotting", "pushpull.scenario",
         "pushpull.sweeps")  # fmt: skip
ROOT = Path(__file__).parent.parent  # the folder of `pushpull`
EXAMPLES = Path(__file__).parent / "texts" / "python_examples.md"
SourceNode = ast.FunctionDef | ast.ClassDef | ast.Assign
_EXAMPLE = re.compile(r"^## ([\w.]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"(Args|Raises|Returns|Yields):\n")
VALUES = ("property", "cached_property")


@cache
def examples() -> dict[str, str]:
    """Examples as Markdown, by the dotted name of what they are of."""
    return {name: text.strip() for name, text in _EXAMPLE.findall(EXAMPLES.read_text(encoding="utf-8"))}


def python_reference() -> str:
    """The whole reference of Python as Markdown."""
    parts = ["# Python", "Everything that can be imported, by the module it is imported from."]
    for door in DOORS:
        parts += [f"## {door}", (ast.get_docstring(_module(door)) or "").split("\n\n")[0]]
        for name, module in public_names(door).items():
            parts += _entry(f"{door}.{name}", _definition(module, name))
    return "\n\n".join(parts) + "\n"


def public_names(door: str) -> dict[str, str]:
    """The names that a module offers, functions first, each with the module that defines it."""
    body, homes = _module(door).body, _imported(door)
    [listed] = [node.value for node in body if isinstance(node, ast.Assign) and _names(node) == ["__all__"]]
    names = sorted(ast.literal_eval(listed), key=lambda name: (not name.islower(), name.lower()))
    return {name: homes[name] for name in names}


def _imported(dotted: str) -> dict[str, str]:
    """What a module imports by name, for annotations alone too, each with the module it is from."""
    nodes = (node for node in ast.walk(_module(dotted)) if isinstance(node, ast.ImportFrom))
    return {alias.name: node.module or dotted for node in nodes for alias in node.names}


@cache
def _module(dotted: str) -> ast.Module:
    path = ROOT.joinpath(*dotted.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def _definition(module: str, name: str) -> SourceNode:
    """What a name stands for: where a module only hands it on, in the one that it is from."""
    for node in _module(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
        if isinstance(node, ast.Assign) and name in _names(node):
            return node
    return _definition(_imported(module)[name], name)


def _names(node: ast.Assign) -> list[str]:
    return [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]


def _entry(dotted: str, found: SourceNode) -> Iterator[str]:
    yield f"### {dotted}"
    if isinstance(found, ast.Assign):
        yield f"```python\n{ast.unparse(found)}\n```"
        return
    yield f"```python\n{_head(found)}\n```"
    yield from _words(ast.get_docstring(found) or "")
    if isinstance(found, ast.ClassDef):
        yield from _members(found)
    if dotted in examples():
        yield examples()[dotted]


def _head(found: ast.FunctionDef | ast.ClassDef) -> str:
    """The head of a function; of a class that of its `__init__`, or the fields that it declares."""
    if isinstance(found, ast.FunctionDef):
        result = f" -> {ast.unparse(found.returns)}" if found.returns else ""
        return f"{found.name}({ast.unparse(_without_self(found.args))}){result}"
    made = next((each for each in found.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    if made:
        return f"{found.name}({ast.unparse(_without_self(made.args))})"
    fields = [ast.unparse(each) for each in found.body if isinstance(each, ast.AnnAssign)]
    return f"{found.name}({', '.join(each for each in fields if not each.startswith('_'))})"


def _without_self(arguments: ast.arguments) -> ast.arguments:
    kept = [each for each in arguments.args if each.arg not in ("self", "cls")]
    return ast.arguments(**{**dict(ast.iter_fields(arguments)), "args": kept})


def _words(text: str) -> Iterator[str]:
    """A docstring as Markdown: what it raises, yields and returns as lists."""
    for block in text.split("\n\n"):
        section = _SECTION.match(block)
        if section is None:
            yield block
            continue
        lines = inspect.cleandoc(block[section.end() :]).splitlines()
        entries = "\n".join(line if line.startswith(" ") else f"- {line}" for line in lines)
        yield f"{section[1]}:\n\n{entries}"


def _members(found: ast.ClassDef) -> Iterator[str]:
    """The methods and properties that a class defines itself, a line each."""
    lines = []
    for each in found.body:
        if not isinstance(each, ast.FunctionDef) or each.name.startswith("_") or not ast.get_docstring(each):
            continue
        marks = [ast.unparse(mark) for mark in each.decorator_list]
        first = " ".join((ast.get_docstring(each) or "").split("\n\n")[0].split())
        lines.append(f"- `{each.name if set(marks) & set(VALUES) else _head(each)}`: {first}")
    if lines:
        yield "\n".join(lines)
