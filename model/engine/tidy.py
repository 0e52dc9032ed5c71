"""Generated source made readable: no parenthesis that is not needed, no line wider than a screen."""

from __future__ import annotations

import ast
import textwrap

WIDTH = 110


def tidy(line: str) -> list[str]:
    """A line of generated code as one or more lines; only assignments and sums are touched."""
    indent = line[: len(line) - len(line.lstrip())]
    target, equals, expression = line.strip().partition(" = ")
    grow = ""
    if not equals:
        target, grow, expression = line.strip().partition(" += ")
    if not (equals or grow) or line.strip().startswith(("#", '"', "def ", "@")):
        return [line]
    expression = ast.unparse(ast.parse(expression, mode="eval"))
    whole = f"{indent}{target}{equals or grow}{expression}"
    if len(whole) <= WIDTH:
        return [whole]
    inner = indent + "    "
    wrapped = textwrap.wrap(
        expression,
        WIDTH,
        initial_indent=inner,
        subsequent_indent=inner,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f"{indent}{target}{equals or grow}(", *wrapped, f"{indent})"]
