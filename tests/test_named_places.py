"""What docstrings, comments, scripts and READMEs name of our files and modules is there."""

import ast
import io
import re
import tokenize
from importlib import import_module

import pytest

from tests.cases import failing
from tests.test_house import ROOT, below

FILES = re.compile(r"(?<![\w/.*<>{}-])[a-z_]+(?:/[a-z_0-9]+)+\.(?:py|js)\b")
NAMES = re.compile(r"`((?:pushpull|model|dashboard|engine)(?:\.\w+)+)(?:\(\))?`")
ABOVE = ("", "model", "dashboard", "dashboard/html", "tests")  # where a path may begin that is not told from the root
ENDINGS = (".py", ".yaml")  # of files, which are no names of modules


def sources():
    folders = [path for folder in ("model", "dashboard", "tests", "scenarios") for path in below(folder)]
    fronts = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "GLOSSARY.md")]
    return [path for path in [*folders, *fronts] if path.suffix in (".py", ".js", ".md")]


def said(text, suffix):
    """What a file says to those who read it: docstrings and comments of Python, comments of scripts, or all."""
    if suffix == ".js":
        return "\n".join(re.findall(r"^\s*//.*", text, re.MULTILINE))
    if suffix == ".md":
        return text
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    parts = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, nodes)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*parts, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def is_file(name, path):
    above = [ROOT / folder for folder in ABOVE] + [parent for parent in path.parents if ROOT in parent.parents]
    return any((folder / name).is_file() for folder in above)


def is_name(dotted):
    """Whether a dotted name is a module of ours, or something in one; those of the engine may begin there."""
    first, *rest = (f"pushpull.{dotted}" if dotted.startswith("engine.") else dotted).split(".")
    if first != "pushpull":
        return False
    found = import_module(first)
    for number, part in enumerate(rest, 1):
        if hasattr(found, part):
            found = getattr(found, part)
            continue
        try:
            found = import_module(".".join([first, *rest[:number]]))
        except ImportError:
            return False
    return True


def test_files_and_modules_that_are_named_are_there():
    assert failing(names_what_is_there, sources()) == []


def names_what_is_there(path):
    text = said(path.read_text(encoding="utf-8"), path.suffix)
    assert [name for name in FILES.findall(text) if not is_file(name, path)] == []
    assert [name for name in NAMES.findall(text) if not name.endswith(ENDINGS) and not is_name(name)] == []


@pytest.mark.parametrize("name", ["pushpull.engine.nowhere", "pushpull.comparison.nothing", "model.comparison"])
def test_a_name_of_nothing_is_not_one(name):
    assert not is_name(name)


def test_a_path_of_nothing_is_not_one():
    assert not is_file("model/engine/csv_text.py", ROOT / "README.md")
    assert is_file("model/files/csv_text.py", ROOT / "README.md")
