"""Starting a package of ours in a process of its own, whatever lies in the folder one stands in.

`python -m NAME` looks there first, where a `model.py` or a `dashboard.py` of somebody else would be taken for ours, and
run. So Python is asked not to (`-P`), and told where this very package lies where that is not among the installed ones.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ("site-packages", "dist-packages")


def is_there(name: str) -> bool:
    """Whether a package that can be started lies beside this one."""
    return (ROOT / name / "__main__.py").is_file()


def command(name: str) -> list[str]:
    """The words that start it, before its own options."""
    return [sys.executable, "-P", "-m", name]


def environment(**defaults: str) -> dict[str, str]:
    """The variables of such a process: those of this one, and `defaults` where this one has none."""
    found = {**defaults, **os.environ}
    if ROOT.name not in INSTALLED:
        before = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each and each != str(ROOT)]
        found["PYTHONPATH"] = os.pathsep.join([str(ROOT), *before])
    return found
