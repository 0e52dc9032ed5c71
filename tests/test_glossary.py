"""The glossary is what the code says: its words are used and are those on screen, and what it bans is not said."""

import ast
import io
import re
import tokenize
from functools import cache

import pytest
from ruamel.yaml import YAML

from tests.test_house import ROOT, below

GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
LOCALES = ROOT / "dashboard" / "locales"


def rows(width):
    """The rows of the tables that have so many columns, without heads and rules."""
    split = (re.split(r"(?<!\\)\|", line)[1:-1] for line in GLOSSARY.splitlines() if line.startswith("|"))
    cells = [[cell.strip() for cell in row] for row in split]
    head = {4: ("word", "not"), 5: ("word",)}[width]
    return [row for row in cells if len(row) == width and row[0] not in head and not set(row[0]) <= set("-")]


def is_ban(row):
    return re.fullmatch(r"(model|dashboard|texts)[\w/. ]*", row[2]) is not None


WORDS = [row for row in rows(4) if not is_ban(row)]
BANS = [(row[0], re.split(r"\s+", row[2])) for row in rows(4) if is_ban(row)]
ON_SCREEN = [tuple(part.strip() for part in row[3].split("·")) for row in WORDS if row[3]]


def parts_of(identifier):
    """The words of an identifier, in small letters: of `PlanRun.run_of`, plan, run and of."""
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])(?=[a-z])", r" \1", identifier).lower())


def said(source):
    """The words of identifiers, docstrings and comments of a module, each with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            line = getattr(node, "lineno", 1)
            for word in re.findall(r"[a-z]+", (ast.get_docstring(node) or "").lower()):
                yield word, line
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from ((word, token.start[0]) for word in re.findall(r"[a-z]+", token.string.lower()))
        elif token.type == tokenize.NAME:
            yield from ((word, token.start[0]) for word in parts_of(token.string))


@cache
def modules():
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in ("model", "dashboard")
        for path in below(folder)
        if path.suffix == ".py"
    }


@cache
def read_by_people():
    """What people read and a browser runs, by file: the page in English, scripts, templates, READMEs and checks."""
    folders = ("model", "dashboard", "scenarios", "tests")
    paths = [path for folder in folders for path in below(folder) if path.suffix in (".js", ".j2")]
    paths += [path for folder in folders for path in below(folder) if path.name == "README.md"]
    paths += [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "scenarios" / "checks").glob("*.yaml")]
    held = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    return {**held, "the page in English": "\n".join(texts("en").values())}


@cache
def words_of(name):
    return tuple(said(modules()[name]))


@cache
def vocabulary():
    """Everything the code says, as one text."""
    return " ".join(word for name in modules() for word, _ in words_of(name))


def plain(tree, at=()):
    """Each text of a locale by its keys."""
    if isinstance(tree, dict):
        for key, child in tree.items():
            yield from plain(child, (*at, str(key)))
    else:
        yield at, str(tree)


@cache
def texts(language):
    return dict(plain(YAML(typ="safe").load(LOCALES / language / "page.yaml")))


def test_no_word_is_explained_twice():
    names = [row[0] for row in WORDS]
    assert len(names) == len(set(names)) > 50


def test_each_word_is_used():
    assert [word for word, *_ in WORDS if not re.search(rf"\b{word}(s|es)?\b", vocabulary())] == []


@pytest.mark.parametrize(("english", "french"), ON_SCREEN, ids=[pair[0] for pair in ON_SCREEN])
def test_the_words_on_screen_are_those_of_the_page_in_one_place(english, french):
    both = [(texts("en")[key], text) for key, text in texts("fr").items() if key in texts("en")]
    assert any(english.lower() in one.lower() and french.lower() in other.lower() for one, other in both)


@pytest.mark.parametrize(("word", "rooms"), BANS, ids=[word for word, _ in BANS])
def test_what_is_banned_is_not_said(word, rooms):
    rooms = [room for room in rooms if room != "texts"]
    places = [name for name in modules() if any(name == room or name.startswith(f"{room}/") for room in rooms)]
    assert places or not rooms, "a ban for rooms that are not there"
    assert [f"{name}:{line}" for name in places for spoken, line in words_of(name) if spoken == word] == []


@pytest.mark.parametrize("word", [word for word, rooms in BANS if "texts" in rooms])
def test_what_is_banned_is_not_read(word):
    """A word on its own: `within_band` is a key of files."""
    said_in = [name for name, text in read_by_people().items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    assert said_in == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("at_nought = 1", "nought"),
        ("class NoughtTerm: pass", "nought"),
        ('def f():\n    """Above nought."""', "nought"),
        ("x = 1  # nought", "nought"),
    ],
)
def test_a_word_is_heard_wherever_it_is_said(source, word):
    assert word in [spoken for spoken, _ in said(source)]


def test_texts_that_people_read_are_free():
    assert "nought" not in [spoken for spoken, _ in said('print("nought")')]
