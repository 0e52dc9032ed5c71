"""`pushpull export`: the schemas of scenario files, stories, roles and designs, the documents and the reference of the
model, the report on a fitted corridor, the simulator as one file, and a scenario as a file for other simulators."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pushpull import own_process
from pushpull.commands import options
from pushpull.commands.console import CommandFault, progress, say, spoken
from pushpull.commands.run import STDOUT, Writing, check_output
from pushpull.files.atomic import write_whole

MEMBERS, SEED = 100, 1


class ExportKind(StrEnum):
    """What can be exported."""

    schema = "schema"
    story_schema = "story-schema"
    workshop_schema = "workshop-schema"
    design_schema = "design-schema"
    docs = "docs"
    reference = "reference"
    report = "report"
    xmile = "xmile"
    page = "page"


@dataclass(frozen=True)
class Asked:
    """What only a report can be asked for, and what only XMILE."""

    corridor: str = options.DEFAULT_CORRIDOR
    members: int = MEMBERS
    seed: int = SEED
    scenario: str = options.DEFAULT_CORRIDOR
    policy: tuple[str, ...] = ()
    set: tuple[str, ...] = ()


WHOSE = {"scenario": ExportKind.xmile, "policy": ExportKind.xmile, "set": ExportKind.xmile}


def export(
    context: typer.Context,
    what: Annotated[
        ExportKind, typer.Argument(metavar="|".join(what.value for what in ExportKind), show_default=False)
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO|CORRIDOR...",
            help="Of xmile: a scenario file, or the name of a shipped one. Of page: shipped corridors, all of them if "
            "none is named; it opens with the first.",
        ),
    ] = None,
    policy: options.PoliciesOption = None,
    set_: options.SettingsOption = None,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write: schemas to .json, docs to a folder, reference to .html or .md, report and page to "
            ".html, xmile to .xmile; - is stdout.",
        ),
    ] = STDOUT,
    corridor: Annotated[
        str | None, typer.Option("--corridor", metavar="CORRIDOR", help="Whose fit to report on.", show_default=False)
    ] = None,
    members: Annotated[
        int | None, typer.Option("--members", metavar="N", help=f"Draws of a report's runs, {MEMBERS} if not given.")
    ] = None,
    seed: options.SeedOption = None,
) -> None:
    """Export the schema of scenario files, of stories, of the roles of a workshop or of designs of sweeps, the
    documents, a reference of the model, a report on a fitted corridor, the simulator as one file, or a scenario.

    The documents (tutorials, guides, reference, explanations) are a site in a folder, which needs no server.
    The report holds a fit against its record and the model against published effects, on a page that fetches nothing.
    The page is one file that runs the model in any browser, without a server or a network.
    XMILE is what other simulators of system dynamics read: the whole model with the numbers of a scenario.
    """
    if what is ExportKind.page:
        return _page(names or [], output, policy=policy, set=set_, corridor=corridor, members=members, seed=seed)
    if names and len(names) > 1:
        raise CommandFault(f"{names[1]}: only a page takes more than one name")
    changes = {
        "scenario": names[0] if names else None,
        "policy": tuple(policy or ()) or None,
        "set": tuple(set_ or ()) or None,
    }
    asked = _asked(what, corridor=corridor, members=members, seed=seed, **changes)
    if what is ExportKind.docs:
        return _documents(context.find_root().command, output)
    endings, write = EXPORTS[what]
    if output == STDOUT:
        sys.stdout.write(write(endings[-1], asked))
        return
    check_output(output, endings)
    text = write(Path(output).suffix, asked)
    with Writing(output):
        write_whole(Path(output), text)
    say(f"wrote {output}")


def _documents(commands: Any, output: str) -> None:
    """Write the documents of both languages as a site: a folder with an index.html."""
    from pushpull.documents.document_site import DocumentSite

    folder = Path(output)
    if output == STDOUT or (folder.exists() and not folder.is_dir()):
        raise CommandFault(f"{output}: documents are many files; name a folder with -o")
    options.ready()
    for path, text in DocumentSite(commands).files():
        with Writing(output):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / path, text)
    say(f"wrote {folder / 'index.html'}")


def _page(corridors: list[str], output: str, **strange: Any) -> None:
    """Write the simulator as one file, in a process of its own: what makes it stands beside the command line."""
    taken = [word for word, value in strange.items() if value]
    if taken:
        raise CommandFault(*(f"--{word}: a page does not take this" for word in taken))
    if output == STDOUT:
        raise CommandFault("-o: name the file of the page, such as pushpull.html")
    check_output(output, (".html",))
    code = subprocess.run([*own_process.command("pushpull.dashboard.pocket"), *corridors, "-o", output]).returncode
    if code:
        raise typer.Exit(code)


def _asked(what: ExportKind, **given: Any) -> Asked:
    chosen = {word: value for word, value in given.items() if value is not None}
    strange = [word for word in chosen if WHOSE.get(word, ExportKind.report) is not what]
    if strange:
        raise CommandFault(*(_refusal(what, word) for word in strange))
    asked = Asked(**chosen)
    if asked.members < 2:
        raise CommandFault("--members: at least 2 draws are needed")
    if asked.seed < 0:
        raise CommandFault("--seed: a whole number from 0 on is needed")
    return asked


def _refusal(what: ExportKind, word: str) -> str:
    shown = "SCENARIO" if word == "scenario" else f"--{word}"
    whose = "; a report takes --corridor" if word == "scenario" and what is ExportKind.report else ""
    return f"{shown}: only {'xmile' if word in WHOSE else 'a report'} takes this{whose}"


def _schema(ending: str, asked: Asked) -> str:
    del ending, asked
    from pushpull.catalogue import catalogue
    from pushpull.scenario import schema_text

    return schema_text(catalogue())


def _story_schema(ending: str, asked: Asked) -> str:
    del ending, asked
    from pushpull.catalogue import catalogue
    from pushpull.stories.story_schema import story_schema_text

    return story_schema_text(catalogue())


def _workshop_schema(ending: str, asked: Asked) -> str:
    del ending, asked
    from pushpull.catalogue import catalogue
    from pushpull.workshop.roles_schema import roles_schema_text

    return roles_schema_text(catalogue())


def _design_schema(ending: str, asked: Asked) -> str:
    del ending, asked
    from pushpull.catalogue import catalogue
    from pushpull.sweeps.design_schema import design_schema_text

    return design_schema_text(catalogue())


def _reference(ending: str, asked: Asked) -> str:
    del asked
    from pushpull.catalogue import catalogue
    from pushpull.reporting.reference import pages

    return pages(catalogue(), html=ending == ".html")


def _report(ending: str, asked: Asked) -> str:
    del ending
    from pushpull.posterior import posterior_of
    from pushpull.reporting.findings import NoFit, gather, no_fit
    from pushpull.reporting.report_page import page
    from pushpull.reporting.report_texts import surprises

    scenario = options.base_scenario(asked.corridor)
    if posterior_of(scenario.corridor) is None:
        raise CommandFault(no_fit(scenario.corridor))
    options.ready()
    try:
        findings = gather(scenario, asked.members, asked.seed, progress)
    except NoFit as fault:
        raise CommandFault(str(fault)) from fault
    for surprise in surprises(findings):
        for changed in surprise.changed:
            say(f"surprises.yaml: {surprise.title!r} was written for another verdict: {changed}")
    return page(findings, spoken())


def _xmile(ending: str, asked: Asked) -> str:
    del ending
    from pushpull.exporting.xmile import NotExpressible, xmile_text

    scenario = options.changed(options.load(asked.scenario), asked.policy, asked.set)
    try:
        return xmile_text(scenario)
    except NotExpressible as fault:
        raise CommandFault(str(fault)) from fault


EXPORTS: dict[ExportKind, tuple[tuple[str, ...], Callable[[str, Asked], str]]] = {
    ExportKind.schema: ((".json",), _schema),
    ExportKind.story_schema: ((".json",), _story_schema),
    ExportKind.workshop_schema: ((".json",), _workshop_schema),
    ExportKind.design_schema: ((".json",), _design_schema),
    ExportKind.reference: ((".html", ".md"), _reference),
    ExportKind.report: ((".html",), _report),
    ExportKind.xmile: ((".xmile",), _xmile),
}
