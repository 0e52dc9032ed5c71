"""Check the types of the package with mypy: every module but those in `.ci/unchecked.txt`, a list that may only shrink.

    python .ci/check_types.py             tell each fault; 1 where there is one, or where a listed module has none
    python .ci/check_types.py --renew     take the modules that have none off the list

Where modules were renamed, delete the list and renew it; it may not grow longer by that.

The folders bear other names than the package they are installed as, so mypy is shown links to them under those names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNCHECKED = ROOT / ".ci" / "unchecked.txt"
FOLDERS = {"model": "pushpull", "dashboard": "pushpull/dashboard", "scenarios": "pushpull/scenarios"}
LINKS = Path(sys.prefix) / "types"
FAULT = re.compile(r"^(?P<path>[^:]+\.py):(?P<line>\d+): error: (?P<what>.*)$")


def linked() -> Path:
    """A folder in which the package lies under its installed name, by links."""
    package = LINKS / "pushpull"
    package.mkdir(parents=True, exist_ok=True)
    for old in package.iterdir():
        old.unlink()
    for path in (ROOT / "model").iterdir():
        if path.suffix == ".py" or path.is_dir() and path.name != "__pycache__":
            (package / path.name).symlink_to(path, path.is_dir())
    for folder in ("dashboard", "scenarios"):
        (package / folder).symlink_to(ROOT / folder, target_is_directory=True)
    return LINKS


def faults() -> dict[str, list[str]]:
    """What mypy complains of, by module; what it says otherwise where it could not check."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(LINKS / "cache"), "--package", "pushpull"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "MYPYPATH": str(linked())}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stdout + done.stderr)
    found = defaultdict(list)
    for line in done.stdout.splitlines():
        if fault := FAULT.match(line):
            path = (ROOT / fault["path"]).relative_to(LINKS)
            parts = path.with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[module].append(f"{in_tree(path)}:{fault['line']}: {fault['what']}")
    return found


def in_tree(path: Path) -> str:
    """The file of the tree that a link stands for."""
    parts = path.parts[1:]
    return "/".join(parts if parts[0] in FOLDERS else ("model", *parts))


def main(arguments: list[str]) -> int:
    """Hold the faults against the list."""
    found = faults()
    listed = set(UNCHECKED.read_text().split()) if UNCHECKED.exists() else set(found)
    if arguments == ["--renew"]:
        UNCHECKED.write_text("".join(f"{module}\n" for module in sorted(listed & found.keys())))
        return 0
    new = [line for module in sorted(found.keys() - listed) for line in found[module]]
    done = sorted(listed - found.keys())
    print(*new, sep="\n", end="\n" if new else "")
    if done:
        print("These have no faults any more, or are gone; python .ci/check_types.py --renew:", *done, sep="\n  ")
    print(f"types: {len(new)} faults; {len(listed)} modules are not yet checked")
    return 1 if new or done else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
