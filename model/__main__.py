"""`pushpull`, and `python -m pushpull`: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on the given arguments, or on those of the process; return the exit code."""
    try:
        from pushpull.commands.application import call, heed_termination
    except KeyboardInterrupt:
        return 130
    if arguments is None:
        heed_termination()
    return call(arguments)


if __name__ == "__main__":
    sys.exit(main())
