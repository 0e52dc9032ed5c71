"""The house rules: what lies where, who may import whom, and what no file may say."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    *("model", "scenarios", "dashboard", "notebooks", "tests"),
    *("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CHANGELOG.md", "LICENSE"),
    *("environment.yml", "pyproject.toml", "Makefile"),
    *(".ci", ".gitignore"),
}
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
LONGEST_FILE = 600
LONGEST_OF_THE_PAGE, MOST_FILES_OF_THE_PAGE = 300, 14  # lines of a module, and files of a folder

# These patterns are pieced together, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    r"(?<![\w.-])(?:/" + "work/" + "|/tmp/" + r"(?:bash_jobs|venv|plan)" + "|/opt/" + r"(?:pypi|wheels))"
)
REGISTRY_HOSTS = re.compile(
    "|".join(
        name + r"\." + ending
        for name, ending in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "(?:org|com)"),
            ("debian", "org"),
            ("anaconda", "(?:org|com)"),
        ]
    )
)
STRANGERS_PACKAGE = re.compile(r"(?:pip3?|pipx|uv|conda|mamba)\b.*\binstall\b.*[\s'\"`]pushpull(?![\w.*-]*\.whl)")
CDN_LINKS = re.compile(
    r"(?:https?:)?//[\w.-]*(?:cdn|unpkg|jsdelivr|cloudflare|skypack|esm\.sh|googleapis|gstatic|bootstrap)"
)

# A room imports only rooms of the rows above its own: the parts of the whole, of the engine and of the dashboard, each
# a folder or a module. The command line and the page stand side by side.
LAYERS = {
    "pushpull": (
        ("first_use", "own_process", "plot_accessor", "scenarios", "serve_options", "wording"),
        ("files",),
        ("engine",),
        ("equations",),
        ("catalogue",),
        ("scenario",),
        ("descriptions", "months", "posterior", "preparation"),
        ("shocks",),
        ("svg", "ensemble"),
        ("simulation",),
        ("analysis", "evidence", "checking", "exporting", "stated_start"),
        ("calibration", "comparison", "discovery", "stories", "sweeps"),
        ("evaluation", "own_corridor", "workshop"),
        ("reporting", "plotting"),
        ("documents",),
        ("commands", "dashboard"),
    ),
    "pushpull.engine": (
        ("language", "stepping"),
        ("codegen",),
        ("runs",),
        ("machine", "plain"),
        ("runner", "proofs", "browser"),
        ("integrator",),
    ),
    "pushpull.dashboard": (
        ("limits", "shipped", "components"),
        ("i18n",),
        ("storage",),
        ("state",),
        ("compute",),
        ("charts",),
        ("pages",),
        ("html", "view_model"),
        ("auth", "export", "pocket", "room"),
        ("processes", "session"),
        ("app",),
        ("server",),
    ),
}
ABOVE_ALL_ROOMS = ("", "__main__")  # the front door and the command

# Private names that tests may use, since they are others': of Bokeh, Panel, Tornado and IPython.
NAMES_OF_LIBRARIES = {"_tornado", "_handle_msg", "_handle_message", "_document", "_esm", "_repr_html_"}
OWN = ("self", "cls")
BY_NAME = ("setattr", "getattr", "hasattr", "delattr")

LANGUAGE = ("pushpull.engine.language.declare", "pushpull.engine.language.words")


@cache
def tracked_files():
    """What the project consists of: git's list, or every file when this is not a checkout."""
    if (ROOT / ".git").exists():
        git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not is_byproduct(path.relative_to(ROOT))]
    return sorted(path for path in files if path.is_file())


def is_byproduct(path):
    return not NOT_OURS.isdisjoint(path.parts) or any(part.endswith(".egg-info") for part in path.parts)


def texts(files):
    """Each file that is text, with its lines."""
    for path in files:
        try:
            yield path, path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue


def lines_that_say(pattern, files):
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, lines in texts(files)
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]


def below(folder):
    return [path for path in tracked_files() if folder in path.relative_to(ROOT).parts[:1]]


HOMES = {"model": "pushpull", "dashboard": "pushpull.dashboard", "scenarios": "pushpull.scenarios"}


def module_name(path):
    """The dotted name under which a file is imported, and whether it is a package."""
    top, *rest = path.relative_to(ROOT).with_suffix("").parts
    parts = [HOMES.get(top, top), *rest]
    is_package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if is_package else parts), is_package


def imports(source, module, is_package=False):
    """Every dotted name that a module's source imports, with its line; relative ones resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                parts = module.split(".")
                kept = parts[: len(parts) - node.level + is_package]
                origin = ".".join([*kept, *([origin] if origin else [])])
            for alias in node.names:
                yield f"{origin}.{alias.name}", node.lineno


def within(name, package):
    return name == package or name.startswith(package + ".")


def modules_of(*folders):
    """Each Python file of some top-level folders, its dotted name, and whether it is a package."""
    for path in (path for folder in folders for path in below(folder)):
        if path.suffix == ".py":
            yield path, *module_name(path)


@cache
def import_edges():
    """Every module with the modules it imports: at the top, late, or for annotations alone."""
    modules = list(modules_of("model", "dashboard", "scenarios"))
    names = {module for _, module, _ in modules}

    def module_of(name):
        return next((part for part in (name, name.rpartition(".")[0]) if part in names), None)

    return {
        module: {module_of(name) for name, _ in imports(path.read_text(), module, is_package)} - {None, module}
        for path, module, is_package in modules
    }


def circles(edges):
    """The groups of more than one node that can all be reached from one another."""
    nodes = sorted(edges)
    graph = np.array([[head in edges[tail] for head in nodes] for tail in nodes])
    count, group = connected_components(graph, connection="strong")
    together = [[node for node, own in zip(nodes, group, strict=True) if own == number] for number in range(count)]
    return [each for each in together if len(each) > 1]


def part_of(module, whole):
    """The part of a package that a module lies in; nothing for the package itself."""
    return module.removeprefix(whole).lstrip(".").partition(".")[0]


def rooms(edges, whole):
    """The edges among the parts of a package, each a folder or a module, as `part: {other: imports of it}`."""
    among = {}
    for tail, heads in edges.items():
        for head in heads if within(tail, whole) else ():
            if within(head, whole):
                own, other = part_of(tail, whole), part_of(head, whole)
                among.setdefault(other, {})
                if own != other:
                    among.setdefault(own, {}).setdefault(other, []).append(f"{tail} imports {head}")
    return among


def names_twice(found):
    """The names that stand in more than one place, with the places."""
    places = {}
    for name, place in found:
        places.setdefault(name, set()).add(place)
    return {name: sorted(where) for name, where in places.items() if len(where) > 1}


def test_the_top_level_holds_only_what_belongs_there():
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} <= TOP_LEVEL


def against_the_flow(edges, whole):
    """Imports of a part of a package from one that is not above it, as `module imports module`."""
    row = {part: number for number, layer in enumerate(LAYERS[whole]) for part in layer}

    def above(part, other):
        at_the_front_door = other == "" and part in LAYERS[whole][-1]
        return at_the_front_door or row.get(other, len(row)) < row.get(part, -1)

    return [
        each
        for part, others in rooms(edges, whole).items()
        for other, found in others.items()
        for each in found
        if part not in ABOVE_ALL_ROOMS and not above(part, other)
    ]


@pytest.mark.parametrize("whole", LAYERS)
def test_nothing_upstream_imports_downstream(whole):
    assert against_the_flow(import_edges(), whole) == []


@pytest.mark.parametrize("whole", LAYERS)
def test_every_part_has_its_row(whole):
    parts = {part_of(module, whole) for module in import_edges() if within(module, whole)}
    assert sorted(part for layer in LAYERS[whole] for part in layer) == sorted(parts.difference(ABOVE_ALL_ROOMS))


def test_an_import_against_the_flow_is_recognised():
    edges = {
        "pushpull.engine.x": {"pushpull.scenario.y"},
        "pushpull.files.z": {"pushpull"},
        "pushpull.commands.w": {"pushpull"},
        "pushpull.dashboard.v": {"pushpull.commands.w"},
    }
    assert len(against_the_flow(edges, "pushpull")) == 3
    task, graph, halving = (f"pushpull.engine.{name}" for name in ("runs.task", "language.graph", "stepping.halving"))
    inner = {task: {graph, halving}, halving: {task}}
    assert against_the_flow(inner, "pushpull.engine") == [f"{halving} imports {task}"]


def test_equations_import_only_the_language_they_are_written_in():
    strangers = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path, module, is_package in modules_of("model")
        if within(module, "pushpull.equations")
        for name, line in imports(path.read_text(), module, is_package)
        if not any(within(name, allowed) for allowed in LANGUAGE)
        # The package's own front may list its chapters.
        and not (is_package and within(name, "pushpull.equations"))
    ]
    assert strangers == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("import pushpull.dashboard.app", "pushpull.dashboard.app"),
        ("from pushpull.dashboard import app", "pushpull.dashboard.app"),
        ("from pushpull import commands", "pushpull.commands"),
        ("from . import units", "pushpull.engine.language.units"),
        ("from .units import check", "pushpull.engine.language.units.check"),
        ("from ...commands import run", "pushpull.commands.run"),
        ("def later():\n    from ...commands.run import run", "pushpull.commands.run.run"),
    ],
)
def test_no_way_of_importing_escapes_notice(source, found):
    assert [name for name, _ in imports(source, "pushpull.engine.language.graph")] == [found]


def test_a_package_resolves_its_relative_imports_from_itself():
    assert [name for name, _ in imports("from .graph import order", "pushpull.engine.language", is_package=True)] == [
        "pushpull.engine.language.graph.order"
    ]


def test_no_modules_import_each_other_in_a_circle():
    assert circles(import_edges()) == []


def test_a_circle_is_recognised():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == [["a", "b", "c"]]
    edges = {"pushpull.a.x": {"pushpull.b.y"}, "pushpull.b.y": set(), "pushpull.b.z": {"pushpull.a.w"}}
    assert circles(rooms(edges, "pushpull")) == [["a", "b"]]


@pytest.mark.parametrize("whole", LAYERS)
def test_no_packages_import_each_other_in_a_circle(whole):
    assert circles(rooms(import_edges(), whole)) == []


TYPE_NAME = re.compile(r"_*[A-Z]\w*[a-z]\w*")


def types_of(source):
    """The names of a module's classes, and of its aliases of types: of all it binds, those in CapitalisedWords."""
    tree = ast.parse(source)
    blocks = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    outside = ast.Module([each for each in tree.body if not isinstance(each, blocks)], [])
    bound = (node for node in ast.walk(outside) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    yield from (name.id for name in bound if TYPE_NAME.fullmatch(name.id))


def test_no_class_or_type_has_the_name_of_another():
    found = (
        (name, str(path.relative_to(ROOT)))
        for path, _, _ in modules_of("model", "dashboard", "scenarios")
        for name in types_of(path.read_text())
    )
    assert names_twice(found) == {}


def test_classes_and_aliases_are_recognised():
    source = "class A: pass\nKey = tuple[str, str]\nSide: TypeAlias = str\nMOST = 3\nV = float\na, Span = 1, 2"
    assert sorted(types_of(source)) == ["A", "Key", "Side", "Span"]


def private(name):
    return name.startswith("_") and not name.startswith("__") and name.isidentifier()


def private_names(source, allowed=frozenset()):
    """Each private name of something else that a source reads, imports or has patched, with its line."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id in OWN):
            own = isinstance(node.value, ast.Call) and ast.unparse(node.value) == "super()"
            names = [] if own else [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            names = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        yield from (f"{node.lineno}: {name}" for name in names if private(name) and name not in allowed)


def test_no_test_reaches_into_what_is_private():
    reached = [
        f"{path.relative_to(ROOT)}:{each}"
        for path in below("tests")
        if path.suffix == ".py"
        for each in private_names(path.read_text(encoding="utf-8"), NAMES_OF_LIBRARIES)
    ]
    assert reached == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("session._room", ["1: _room"]),
        ("from pushpull.x import _y", ["1: _y"]),
        ("monkeypatch.setattr(module, '_hidden', 1)", ["1: _hidden"]),
        ("getattr(module, '_hidden')", ["1: _hidden"]),
        ("self._own + super()._own + cls._own + module.__name__", []),
        ("served._tornado", []),
    ],
)
def test_what_is_private_is_recognised(source, found):
    assert list(private_names(source, NAMES_OF_LIBRARIES)) == found


def test_no_module_has_the_name_of_another():
    found = (
        (path.stem, str(path.relative_to(ROOT)))
        for path, _, _ in modules_of("model", "dashboard", "scenarios")
        if path.stem not in ("__init__", "__main__")
    )
    assert names_twice(found) == {}


def test_no_file_names_a_path_of_one_machine():
    assert lines_that_say(MACHINE_PATHS, tracked_files()) == []


def test_no_file_names_a_package_registry():
    assert lines_that_say(REGISTRY_HOSTS, tracked_files()) == []


def test_the_dashboard_asks_nothing_of_the_internet():
    assert lines_that_say(CDN_LINKS, below("dashboard")) == []


@pytest.mark.parametrize(
    "pattern, line",
    [
        (MACHINE_PATHS, 'open("/' + 'work/data.csv")'),
        (REGISTRY_HOSTS, "see https://" + "pypi" + ".org/project/pushpull"),
        (CDN_LINKS, '<script src="https://cdn.example.org/plot.js">'),
        (CDN_LINKS, "@import url(//fonts.googleapis.com/css)"),
        (STRANGERS_PACKAGE, "pip install 'push" + "pull[cluster]'"),
        (STRANGERS_PACKAGE, "python -m pip install -U push" + "pull-migration"),
    ],
)
def test_the_forbidden_is_recognised(pattern, line):
    assert pattern.search(line)


def test_no_python_file_is_too_long_to_read():
    lengths = {
        str(path.relative_to(ROOT)): len(lines)
        for path, lines in texts(path for path in tracked_files() if path.suffix == ".py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_page_is_made_of_small_modules_in_small_folders():
    modules = [path for path in below("dashboard") if path.suffix in (".py", ".js", ".css", ".j2")]
    long = {str(path.relative_to(ROOT)): len(lines) for path, lines in texts(modules)}
    assert {name: length for name, length in long.items() if length > LONGEST_OF_THE_PAGE} == {}
    folders = Counter(path.parent.relative_to(ROOT) for path in below("dashboard"))
    assert {str(folder): count for folder, count in folders.items() if count > MOST_FILES_OF_THE_PAGE} == {}


def test_every_package_is_listed_for_the_wheel():
    """The folders are mapped to other names, which setuptools cannot find by itself."""
    folders = {module for path, module, is_package in modules_of(*HOMES) if is_package}
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(folders)


def test_no_file_imports_a_folder_under_the_name_it_has_here():
    """`model` and `pushpull` would be two packages, each with a catalogue of its own."""
    by_folder = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path, module, is_package in modules_of(*HOMES, "tests")
        for name, line in imports(path.read_text(encoding="utf-8"), module, is_package)
        if name.split(".")[0] in HOMES
    ]
    assert by_folder == []


def test_no_file_installs_what_others_publish_under_our_name():
    """On the public index `pushpull` is somebody else's: ours is installed from a checkout or from the wheel."""
    assert lines_that_say(STRANGERS_PACKAGE, tracked_files()) == []


def test_the_quick_tests_are_files_that_are_there():
    (files,) = re.findall(r"^QUICK := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    patterns = re.findall(r"tests/[\w/*.]+", files)
    assert len(patterns) > 5 and [pattern for pattern in patterns if not list(ROOT.glob(pattern))] == []
