"""The house rules: what lies where, who may import whom, and what no file may say."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    *("model", "scenarios", "dashboard", "notebooks", "tests"),
    *("environment.yml", "README.md", "pyproject.toml", "Makefile", "LICENSE", "CHANGELOG.md"),
    *(".ci", ".gitignore"),
}
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
LONGEST_FILE = 600

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

FORBIDDEN = [
    ("pushpull", ("pushpull.dashboard",)),
    ("pushpull.engine", ("pushpull.scenario", "pushpull.commands", "pushpull.equations")),
    ("pushpull.scenario", ("pushpull.commands",)),
    ("pushpull.exporting", ("pushpull.commands",)),
]
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


def python_modules():
    return modules_of("model")


def imports_against_the_flow(room, closed):
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path, module, is_package in python_modules()
        if within(module, room)
        for name, line in imports(path.read_text(), module, is_package)
        if any(within(name, other) for other in closed)
    ]


def test_the_top_level_holds_only_what_belongs_there():
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} <= TOP_LEVEL


@pytest.mark.parametrize("room, closed", FORBIDDEN, ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_upstream_imports_downstream(room, closed):
    assert imports_against_the_flow(room, closed) == []


def test_equations_import_only_the_language_they_are_written_in():
    strangers = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path, module, is_package in python_modules()
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
