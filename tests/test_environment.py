"""One set of requirements, told three times: pyproject.toml, environment.yml and the constraints."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

CONDA_NAME = {"matplotlib": "matplotlib-base", "playwright": "playwright-python"}
CONDA_ONLY = {"python", "pip"}


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


@pytest.mark.parametrize("requirement", declared(), ids=lambda r: r.name)
def test_every_dependency_is_bounded_on_both_sides(requirement):
    assert {bound.operator for bound in requirement.specifier} == {">=", "<"}


@pytest.mark.parametrize("requirement", declared(), ids=lambda r: r.name)
def test_every_dependency_is_pinned_within_its_bounds(requirement):
    version = pinned().get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in the constraints; make constraints"
    assert version in requirement.specifier
