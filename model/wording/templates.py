"""Documents from Jinja2 templates: whatever is not markup already is escaped, and a name that is not given is an error.

A template lies beside the code that fills it, in a folder `templates`; its name ends in `.j2`. The library comes with
Panel; it escapes by default, and keeps a document readable as a document, which text put together in code is not.
Fragments of the page stay Python (`markup`): they are many, small and made anew at every move.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder, read once; what is no HTML is not escaped, lines of `{% %}` leave no blank line."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: name is None or not name.endswith((".md.j2", ".css.j2", ".yaml.j2", ".csv.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(folder: Path, name: str, **values: object) -> str:
    """The document that a template makes of `values`.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
        jinja2.TemplateNotFound: the folder holds no template of that name.
    """
    return environment(folder).get_template(name).render(values)
