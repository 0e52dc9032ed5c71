"""Starting a module of ours in a process of its own, whatever lies in the folder one stands in."""

from __future__ import annotations

import os
import sys


def command(module: str) -> list[str]:
    """The words that start a module, before its own options.

    `python -m NAME` looks in the current folder first, where a `pushpull.py` of somebody else would be taken for ours,
    and run; Python is asked not to (`-P`).
    """
    return [sys.executable, "-P", "-m", module]


def environment(**defaults: str) -> dict[str, str]:
    """The variables of such a process: those of this one, and `defaults` where this one has none."""
    return {**defaults, **os.environ}
