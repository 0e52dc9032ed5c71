"""The Python of the README runs as it stands, block after block, with nothing but what an install brings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
# What the extras bring, and a plain install does not.
NOT_INSTALLED = ("matplotlib", "distributed", "IPython", "ipykernel")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which the README's Python has been run, for fewer members than it says."""
    here = tmp_path_factory.mktemp("readme")
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({NOT_INSTALLED!r}))\n"
    code = "\n".join(BLOCKS).replace("members=400", "members=20")
    code = code.replace('"deaths_in_transit", baseline=baseline)', '"deaths_in_transit", baseline=baseline, **SMALL)')
    small = "SMALL = {'screened': 20, 'foremost': 2, 'points': 4}\n"
    done = subprocess.run([sys.executable, "-c", blocked + small + code], cwd=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return here


def test_there_are_examples():
    assert len(BLOCKS) >= 2 and "members=400" in BLOCKS[1] and "sensitivity(" in BLOCKS[1]


def test_the_first_example_leaves_a_plot_that_needs_nothing_of_the_internet(folder):
    page = (folder / "deaths_in_transit.html").read_text(encoding="utf-8")
    assert "deaths_in_transit" in page
    assert not re.findall(r"<script[^>]+src=.https?:|<link[^>]+stylesheet[^>]+https?:", page)
