"""The reference of the command line, as Markdown, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

Command = Any  # a command of click, or of Typer's own copy of it


def command_reference(group: Command) -> str:
    """Every command of a group with its arguments and options, as Markdown."""
    parts = [
        "# Command line",
        f"`{group.name} --help` lists the commands, `{group.name} COMMAND --help` says the same as this page. "
        "Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 a check fell short or a run broke, "
        "2 bad input, 130 interrupted.",
        *_table("Options before the command", group, "option"),
    ]
    for command, path in _commands(group, group.name):
        parts += _command(command, path)
    return "\n\n".join(parts) + "\n"


def _commands(group: Command, path: str) -> Iterator[tuple[Command, str]]:
    """The commands of a group with the words that call them, those of groups within it too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield command, f"{path} {name}"


def _command(command: Command, path: str) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    words = " ".join(_shown(each) if each.required else f"[{_shown(each)}]" for each in arguments)
    yield f"## {path}"
    yield f"```text\n{path} [OPTIONS] {words}".rstrip() + "\n```"
    yield "\n\n".join(" ".join(block.split()) for block in (command.help or "").split("\n\n"))
    yield from _table("Arguments", command, "argument")
    yield from _table("Options", command, "option")


def _table(title: str, command: Command, kind: str) -> Iterator[str]:
    rows = [each for each in command.params if each.param_type_name == kind and not getattr(each, "hidden", False)]
    if rows:
        yield f"**{title}**"
        lines = [f"| {_names(each)} | {_meaning(each)} |" for each in rows]
        yield "\n".join(["| name | meaning |", "|---|---|", *lines])


def _shown(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _code(_shown(parameter))
    value = "" if getattr(parameter, "is_flag", False) else f" {parameter.metavar or _kind(parameter)}"
    return _code(", ".join(parameter.opts) + value)


def _kind(parameter: Any) -> str:
    """What an option takes, where no word of its own says it: one of the choices of its default."""
    default = parameter.default
    return "|".join(str(each.value) for each in type(default)) if isinstance(default, Enum) else "VALUE"


def _meaning(parameter: Any) -> str:
    text = " ".join((parameter.help or "").split())
    default = getattr(parameter.default, "value", parameter.default)
    if isinstance(default, (int, float, str)) and not isinstance(default, bool) and default != "":
        text += f" If not given: {_code(str(default))}."
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`"
