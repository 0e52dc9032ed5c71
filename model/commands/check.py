"""`pushpull check`: what is claimed of the model, held against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, number
from pushpull.files.faults import ScenarioFaults

if TYPE_CHECKING:
    from pushpull.checking import CheckResult
    from pushpull.checking.grammar import Check

FELL_SHORT = 1


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Check files or folders; those of Pushpull itself if none."),
    ] = None,
    only: Annotated[
        str, typer.Option("--only", metavar="TEXT", help="Only the checks whose title holds this text.")
    ] = "",
) -> None:
    """Run check files: pass or fail for each check; of a failure the scenario, the time and the value."""
    chosen = [each for each in _read(_paths(files or [])) if only.lower() in each.title.lower()]
    if not chosen:
        raise CommandFault(f"no check has {only!r} in its title")
    options.ready()
    from pushpull.checking import Laboratory, judge

    laboratory, failed = Laboratory(), 0
    for each in chosen:
        verdict = judge(each, laboratory)
        failed += not verdict.passed
        _show(verdict)
    if failed:
        raise CommandFault(f"{failed} of {len(chosen)} checks failed", code=FELL_SHORT)
    print(f"all {len(chosen)} checks hold")


def _paths(names: list[str]) -> list[Path]:
    """The check files that files and folders stand for; those that come with the package if there are none."""
    from pushpull.checking import check_files, checks_folder

    paths = [] if names else check_files(checks_folder())
    for name in names:
        if not Path(name).exists():
            raise CommandFault(f"there is no {name}; allowed: a check file, or a folder of check files")
        paths += check_files(name) if Path(name).is_dir() else [Path(name)]
    if not paths:
        raise CommandFault(f"{', '.join(names)}: no check files here")
    return paths


def _read(paths: list[Path]) -> list[Check]:
    """The checks of all files; every fault of every file at once."""
    from pushpull.checking import read_checks

    checks, faults = [], []
    for path in paths:
        try:
            checks += read_checks(path)
        except ScenarioFaults as refused:
            faults += refused.faults
    if faults:
        raise ScenarioFaults(faults)
    return checks


def _show(verdict: CheckResult) -> None:
    word = "pass" if verdict.passed else "FAIL"
    measured = f"{number(verdict.findings)} findings, {verdict.seconds:.1f} s"
    if verdict.passed:
        print(f"{word}  {verdict.check.title} ({measured})", flush=True)
    else:
        print(f"{word}  {verdict} ({measured})", flush=True)
