"""What a stranger gets: the wheel, installed alone, used from a folder whose names are those of our folders."""

import os
import shutil
import subprocess
import sys
import urllib.request
import venv
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, tail, wait_until_it_answers

FOLDERS = {"model": "pushpull", "dashboard": "pushpull/dashboard", "scenarios": "pushpull/scenarios"}
SECONDS = 120
RAISES = "raise RuntimeError('a file of somebody else was imported')\n"
WINDOWS = os.name == "nt"

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the tree, so that nothing an earlier build left behind gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder / "dist"]
    done = subprocess.run([*pip, "wheel", *options, source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [built] = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """The folder of programs of an environment that holds the wheel and the dependencies of these tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=not WINDOWS)
    where = folder / ("Scripts" if WINDOWS else "bin")
    install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", where / "python"]
    install += ["install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    ask = [where / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    shared = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "dependencies.pth").write_text("\n".join(shared))
    return where


@pytest.fixture
def crowded(tmp_path):
    """A folder in which every name of our folders is taken by files that must not be imported."""
    for name in ("model.py", "dashboard.py", "engine.py", "pushpull.py"):
        (tmp_path / name).write_text(RAISES)
    for name in ("model", "dashboard", "scenarios"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(RAISES)
    return tmp_path


@pytest.fixture
def run(programs):
    """Call a program of the environment in a folder; return what it printed."""

    def call(folder, program, *arguments, typed=None):
        done = subprocess.run(
            [programs / program, *map(str, arguments)],
            cwd=folder,
            env=environment(),
            input=typed,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def environment():
    """The variables of this process, but for those that would lead Python to this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@contextmanager
def served(programs, folder):
    """The address of a dashboard that the wheel's own program serves."""
    port, log = free_port(), folder / "log.txt"
    command = [programs / "pushpull", "dashboard", "--port", str(port), "--no-show"]
    with open(log, "wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=environment(), stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_it_answers(server, f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}", log
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)


def test_the_wheel_carries_every_file_of_the_folders(wheel):
    in_tree = {
        f"{installed}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, installed in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == in_tree
    for corridor in ("us_southwest_border", "eu_external_border"):
        assert f"pushpull/scenarios/corridors/{corridor}/events.csv" in carried


def test_the_wheel_bears_the_name_that_is_ours(wheel):
    assert wheel.name.startswith("pushpull_migration-")


def test_it_is_the_wheel_that_is_imported(crowded, programs, run):
    (crowded / "pushpull.py").unlink()
    home = run(crowded, "python", "-c", "import pushpull; print(pushpull.__file__)")
    assert Path(home.strip()).is_relative_to(programs.parent)


def test_python_runs_it_as_a_module(crowded, run):
    assert "Usage" in run(crowded, "python", "-P", "-m", "pushpull", "--help")
    (crowded / "pushpull.py").unlink()
    assert "Usage" in run(crowded, "python", "-m", "pushpull", "--help")


def test_a_run(crowded, run):
    run(crowded, "pushpull", "run", "g8_2001", "--policy", "balanced", "--output", "run.csv")
    assert (crowded / "run.csv").stat().st_size > 1000


def test_the_checks_that_come_with_the_model(crowded, run):
    assert "checks hold" in run(crowded, "pushpull", "check", "--only", "unit")


def test_evidence(crowded, run):
    assert "FEE01" in run(crowded, "pushpull", "evidence", "FEE01", "--members", "2")


def test_a_password(crowded, run):
    run(crowded, "pushpull", "password", "users.json", "jane", typed="correct horse\ncorrect horse\n")
    assert "argon2" in (crowded / "users.json").read_text()


def test_the_dashboard_serves_its_page(crowded, programs):
    with served(programs, crowded) as (address, log):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=SECONDS) as answer:
            page = answer.read().decode()
    assert answer.status == 200 and "<title>Pushpull" in page, tail(log)


def test_the_folder_of_a_stranger_is_still_imported(tmp_path, run):
    for name in ("model", "dashboard", "scenarios"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.py").write_text("ANSWER = 42\n")
    code = (
        "import pushpull\nfor name in ('model', 'dashboard', 'scenarios'):\n    exec(f'import {name}.train as t')\n    "
    )
    assert run(tmp_path, "python", "-c", code + "print(t.ANSWER)").split() == ["42"] * 3
