"""The commands put together, and what faults become: a line each, and an exit code."""

from __future__ import annotations

import importlib.metadata
import io
import os
import re
import signal
import sys
import warnings
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from pushpull.commands.begin_corridor import new
from pushpull.commands.check import check
from pushpull.commands.compare import compare
from pushpull.commands.console import CommandFault, begin, in_words, say, speak
from pushpull.commands.dashboard import dashboard
from pushpull.commands.data import data
from pushpull.commands.doctor import doctor
from pushpull.commands.evaluate import evaluate
from pushpull.commands.evidence import evidence
from pushpull.commands.explain import explain
from pushpull.commands.explore import explore
from pushpull.commands.export import export
from pushpull.commands.fit import fit
from pushpull.commands.hold_workshop import workshop
from pushpull.commands.list import list_
from pushpull.commands.pareto import pareto
from pushpull.commands.password import password
from pushpull.commands.robust import robust
from pushpull.commands.run import run
from pushpull.commands.seek import seek
from pushpull.commands.sweep import sweep
from pushpull.commands.tell_story import story
from pushpull.commands.validate import validate
from pushpull.files.atomic import NotWritten, reason
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.paths import shown
from pushpull.files.suggestions import number_meant, proposed, year_meant

LANGUAGE = "--language"
FINE, FELL_SHORT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
_NO_CHOICE = re.compile(r"Invalid value for '(?P<what>[^']+)'.* '(?P<given>.*)' is not one of (?P<names>'.*')\.$")
_NO_NUMBER = re.compile(r"Invalid value for '(?P<option>--[a-z-]+).*valid (?P<kind>number|integer|float)")
UNREAD = 141  # nobody reads what is written, as a shell says it: 128 and the number of the signal

app = typer.Typer(
    name="pushpull",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"pushpull {importlib.metadata.version('pushpull-migration')}")
        raise typer.Exit


class Spoken(StrEnum):
    """The languages in which faults speak."""

    english = "en"
    french = "fr"


def _speak(language: Spoken) -> None:
    speak(language.value)


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_tell_version),
    ] = False,
    language: Annotated[
        Spoken,
        typer.Option(
            LANGUAGE,
            help="Tell stories, and what is wrong with files, in French (fr); it may stand behind the command too.",
            callback=_speak,
        ),
    ] = Spoken.english,
) -> None:
    """Push-pull migration policy: run scenarios, compare them, look inside the model."""


app.command("run")(run)
app.command("compare")(compare)
app.command("robust")(robust)
app.command("seek")(seek)
app.command("pareto")(pareto)
app.command("sweep")(sweep)
app.command("validate")(validate)
app.command("check")(check)
app.command("list")(list_)
app.command("explain")(explain)
app.command("explore")(explore)
app.command("evidence")(evidence)
app.command("fit")(fit)
app.command("evaluate")(evaluate)
app.command("story")(story)
app.command("workshop")(workshop)
app.command("export")(export)
app.command("dashboard")(dashboard)
app.command("doctor")(doctor)
app.command("password")(password)
app.add_typer(new, name="new")
app.add_typer(data, name="data")


def command_line() -> Any:
    """All commands as one group of click's kind, for what documents them."""
    return typer.main.get_command(app)


def call(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 fine, 1 a check fell short or a run broke, 2 bad input, 130 interrupted, 141 nobody reads the output.
    """
    _stand_in_for_closed_streams()
    begin()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = _call(arguments)
        sys.stdout.flush()
        return code
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # a table was cut short
            return UNREAD
        raise
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(fault, BrokenPipeError):
            return UNREAD
        say(f"this cannot be written; {reason(fault)}")
        return BAD_INPUT


class _Closed(io.TextIOWrapper):
    """A stream in the place of one that was closed before the command began: a pipe without a reader."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def _stand_in_for_closed_streams() -> None:
    """Put stand-ins where standard streams are closed, so that no file opened later gets their descriptors."""
    if sys.stdout is None:
        sys.stdout = _Closed(open(os.devnull, "wb"), encoding="utf-8")  # noqa: SIM115  it lasts as long as we do
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  the same


def _call(arguments: Sequence[str] | None) -> int:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "(?s).*the fit is out of date")  # commands say it in a line of their own
            given = sys.argv[1:] if arguments is None else arguments
            return app(args=_language_first(given), prog_name="pushpull", standalone_mode=False) or FINE
    except CommandFault as fault:
        for line in fault.lines:
            say(line)
        return fault.code
    except (typer.Abort, KeyboardInterrupt):
        say("stopped; nothing was written")
        return INTERRUPTED
    except (ValueError, ArithmeticError) as fault:
        return _model_fault(fault)
    except OSError as fault:
        if fault.filename is None:  # what goes to the output has no name
            raise
        verb = "written" if isinstance(fault, NotWritten) else "opened"
        say(f"{shown(os.fsdecode(fault.filename))}: this cannot be {verb}; {reason(fault)}")
        return BAD_INPUT
    except Exception as fault:
        if not hasattr(fault, "format_message"):  # as faults of usage have, in Typer's own copy of click or in click
            raise
        return _usage_fault(fault, sys.argv[1:] if arguments is None else arguments)


def _language_first(arguments: Sequence[str]) -> list[str]:
    """The same arguments, with the language before the command wherever it was given."""
    given: list[str] = []
    others: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            return [*given, *others, argument, *waiting]
        if argument == LANGUAGE and waiting:
            given += [argument, waiting.pop(0)]
        else:
            (given if argument.startswith(f"{LANGUAGE}=") else others).append(argument)
    return [*given, *others]


def _model_fault(fault: Exception) -> int:
    """One line for a fault of a scenario or a run that broke; any other exception is a bug: raise it whole."""
    from pushpull.engine.runs.task import RunBroke

    if isinstance(fault, ScenarioFaults):
        for each in fault.faults:
            say(in_words(each))
        return BAD_INPUT
    if isinstance(fault, RunBroke):
        say(f"the run broke: {fault}")
        return FELL_SHORT
    raise fault


def _usage_fault(fault: Any, arguments: Sequence[str]) -> int:
    message = " ".join(fault.format_message().split())
    context = getattr(fault, "ctx", None)
    path = context.command_path if context else "pushpull"
    no_number = _NO_NUMBER.search(message)
    no_choice = _NO_CHOICE.search(message)
    if no_choice:
        say(_no_choice(no_choice, path.rpartition(" ")[2]))
    elif no_number:
        say(_no_number(no_number["option"], no_number["kind"], arguments))
    elif message:  # without one, help has just been shown instead
        say(f"{path}: {message} (see {path} --help)")
    return BAD_INPUT


def _no_choice(match: re.Match[str], command: str) -> str:
    """The line for an option or an argument that is none of a few words."""

    names = re.findall("'([^']*)'", match["names"])
    where = match["what"] if match["what"].startswith("--") else command
    what = f"{quote(match['given'])} is no choice here"
    return str(Fault(where, None, what, listed(names), nearest(match["given"], names)))


def _no_number(option: str, kind: str, arguments: Sequence[str]) -> str:
    """The line for an option whose value is no number, with the number that was probably meant."""

    pairs = [each.partition("=") for each in arguments]
    given = next((value for name, equals, value in pairs if equals and name == option), None)
    if given is None:
        given = next((arguments[index + 1] for index, each in enumerate(arguments[:-1]) if each == option), "")
    meant = year_meant(given, 1, 9999) if option in ("--start", "--end") else number_meant(given)
    if kind == "integer" and not all(each.lstrip("-").isdigit() for each in meant.split(" or ")):
        meant = ""
    allowed = "a whole number" if kind == "integer" else "a number"
    return str(Fault(option, None, f"{quote(given)} is no number here", allowed, remedy=proposed(meant)))


def heed_termination() -> None:
    """On SIGTERM, exit through SystemExit so that cleanup runs; for a process of its own only."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
