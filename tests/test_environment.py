"""One set of requirements, told three times (pyproject.toml, environment.yml, the constraints); all of it is used."""

import ast
import json
import sys
import tomllib
from functools import cache
from operator import attrgetter
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

from tests.cases import failing

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

CONDA_NAME = {"matplotlib": "matplotlib-base", "playwright": "playwright-python"}
CONDA_ONLY = {"python", "pip"}

# Distributions that are imported under another name.
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "arviz-stats": "arviz_stats",
    "axe-playwright-python": "axe_playwright_python",
    "markdown-it-py": "markdown_it",
    "mdit-py-plugins": "mdit_py_plugins",
    "netcdf4": "netCDF4",
    "pysimlin": "simlin",
    "python-docx": "docx",
    "pillow": "PIL",
    "ruamel.yaml": "ruamel",
    "salib": "SALib",
}
# Distributions that no import names, with the reason why they are declared.
NEVER_IMPORTED = {
    "arviz-base": "arviz-stats draws its envelopes by it",
    "ipykernel": "the kernel that runs the notebooks",
    "jupyterlab": "a program to open the notebooks with",
    "mypy": "a program that checks types",
    "pyarrow": "pandas writes Parquet files by it",
    "pytest-xdist": "a plugin that pytest finds by itself",
    "pytest-rerunfailures": "a plugin that pytest finds by itself",
    "pytest-timeout": "a plugin that pytest finds by itself",
    "ruff": "a program that checks style",
    "setuptools": "builds the wheel that a test installs",
}
# Modules that come with a distribution which is declared under its own name.
COMES_WITH = {"black": "pysd"}
OURS = {"pushpull", "tests"}


def declared():
    """Every requirement of pyproject.toml, extras included."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


def conda():
    """The bounds in environment.yml by conda's name, its pip section included, but for Pushpull itself."""
    lines = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    by_pip = [line for section in lines if isinstance(section, dict) for line in section["pip"] if line != "-e ."]
    wanted = [Requirement(line) for line in lines if isinstance(line, str)] + [Requirement(line) for line in by_pip]
    return {requirement.name: requirement.specifier for requirement in wanted}


def pinned():
    """The exact version of each package in the constraints, by its canonical name."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pins}


def test_conda_users_get_the_same_bounds():
    ours = {CONDA_NAME.get(r.name, r.name): r.specifier for r in declared()}
    theirs = {name: bounds for name, bounds in conda().items() if name not in CONDA_ONLY}
    assert theirs == ours


def test_conda_users_get_the_same_python():
    assert str(conda()["python"]) == PROJECT["requires-python"]


def test_extras_agree_on_the_bounds_of_a_package_they_share():
    bounds = {}
    for requirement in declared():
        assert bounds.setdefault(requirement.name, requirement.specifier) == requirement.specifier


def test_every_dependency_is_bounded_on_both_sides():
    assert failing(bounded_on_both_sides, declared(), attrgetter("name")) == []


def bounded_on_both_sides(requirement):
    assert {bound.operator for bound in requirement.specifier} == {">=", "<"}


def test_every_dependency_is_pinned_within_its_bounds():
    assert failing(pinned_within_its_bounds, declared(), attrgetter("name")) == []


def pinned_within_its_bounds(requirement):
    version = pinned().get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in the constraints; make constraints"
    assert version in requirement.specifier


def imported(sources):
    """The top-level names that Python sources import by any means, but for the standard library and ourselves."""
    return set().union(*map(imported_by, sources)) - sys.stdlib_module_names - OURS


@cache
def imported_by(source):
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("importorskip", "import_module")):
            names |= {a.value.split(".")[0] for a in node.args if isinstance(a, ast.Constant)} - {""}
    return names


def sources(*folders):
    return [path.read_text(encoding="utf-8") for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def notebook_sources():
    """The code of every notebook; lines meant for the notebook program alone are left out."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
        yield "\n".join(line for line in lines if not line.startswith(("%", "!")))


def names_of(*groups):
    """The import names of the distributions that some groups of requirements declare."""
    extras = PROJECT["optional-dependencies"]
    lines = [line for group in groups for line in (PROJECT["dependencies"] if group == "" else extras[group])]
    return {IMPORTED_AS.get(name, name) for name in (Requirement(line).name for line in lines)}


def test_the_package_imports_what_it_declares_and_declares_what_it_imports():
    found = imported(sources("model", "dashboard", "scenarios"))
    assert found == names_of("", "cluster", "explore", "judge", "large", "optimise", "notebook") - NEVER_IMPORTED.keys()


def test_the_tests_import_what_they_declare_and_declare_what_they_import():
    found = {COMES_WITH.get(name, name) for name in imported([*sources("tests"), *notebook_sources()])}
    # A cluster is started as a program of its own, and what an extra brings is used by the package itself.
    least = names_of("test") - names_of("cluster", "explore", "judge", "large", "optimise") - NEVER_IMPORTED.keys()
    assert least <= found <= names_of("", "cluster", "explore", "judge", "large", "optimise", "test")


def test_the_notebooks_import_what_they_declare_and_declare_what_they_import():
    found = imported(notebook_sources())
    assert found <= names_of("", "notebook")


def test_each_exception_is_still_declared_and_still_an_exception():
    everything = imported([*sources("model", "dashboard", "scenarios", "tests"), *notebook_sources()])
    assert NEVER_IMPORTED.keys() <= {requirement.name for requirement in declared()}
    assert everything & {IMPORTED_AS.get(name, name) for name in NEVER_IMPORTED} == set()


def test_each_version_of_python_that_is_declared_is_allowed():
    ending = "Programming Language :: Python :: 3."
    minors = [int(line.removeprefix(ending)) for line in PROJECT["classifiers"] if line.startswith(ending)]
    assert minors == list(range(11, 15))
    assert all(f"3.{minor}" in SpecifierSet(PROJECT["requires-python"]) for minor in minors)
