"""`python -m pushpull.dashboard.pocket`: write the pocket page; `pushpull export page` starts it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.pocket.pocket_file import CORRIDORS, pocket_page
from pushpull.files.atomic import write_whole
from pushpull.scenario import scenario_names


def main(arguments: list[str] | None = None) -> int:
    """Write the page that is asked for, and say what is done on stderr; the exit code."""
    parser = argparse.ArgumentParser(prog="pushpull export page")
    parser.add_argument("corridors", nargs="*", metavar="CORRIDOR")
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.corridors if name not in scenario_names()]
    if unknown:
        _say(f"no corridor {', '.join(map(repr, unknown))}; there are {', '.join(scenario_names())}")
        return 2
    try:
        text = pocket_page(chosen.corridors or CORRIDORS, say=_say)
        write_whole(chosen.output, text)
    except (Refusal, OSError) as fault:
        _say(f"{chosen.output}: {fault}")
        return 2
    _say(f"wrote {chosen.output}")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
