"""`pushpull data check` and `data import`: series of others, from CSV and Excel, into a corridor of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import in_words, say
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.wording.phrases import Phrase

if TYPE_CHECKING:
    from pushpull.own_corridor.series_intake import Intake, Purpose
    from pushpull.scenario import Scenario

data = typer.Typer(no_args_is_help=True, help="Check tables of others, and bring them into a corridor as series.")
SHOWN = 3  # rows at each end of a check
YEARLY, DECIMALS = ("sum", "mean"), ("comma", "point")


@data.callback()
def _data() -> None:
    """Check tables of others, and bring them into a corridor as series."""


FileNameOption = Annotated[str, typer.Argument(metavar="FILE", help="A table: .csv, .tsv, .txt or .xlsx.")]
IntoOption = Annotated[
    str, typer.Option("--into", metavar="CORRIDOR", help="The corridor: its id, its folder or its file.")
]
SeriesOption = Annotated[str, typer.Option("--series", metavar="NAME", help="What to call the series.")]
ForOption = Annotated[
    str | None,
    typer.Option("--for", metavar="NAME", help="The lever, driver, parameter, outcome or variable it is for."),
]
UnitOption = Annotated[
    str, typer.Option("--unit", metavar="TEXT", help='What its values are in: %, persons, "thousand persons a year".')
]
ScaleOption = Annotated[float | None, typer.Option("--scale", metavar="X", help="Multiply the values.")]
SheetOption = Annotated[str, typer.Option("--sheet", metavar="NAME", help="Of a workbook; else its first.")]
TimeColumnOption = Annotated[str, typer.Option("--time", metavar="COLUMN", help="The column that says when.")]
ValueColumnOption = Annotated[str, typer.Option("--value", metavar="COLUMN", help="The column of the values.")]
ByColumnOption = Annotated[str, typer.Option("--by", metavar="COLUMN", help="The column that names routes or origins.")]
WhereOption = Annotated[
    list[str] | None, typer.Option("--where", metavar="COLUMN=WORD", help="Only rows with that word; may be repeated.")
]
NamesOption = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="WORD=ID", help="What a word of the table is here; nothing after = leaves it out."),
]
TimingOption = Annotated[
    str, typer.Option("--timing", metavar="WORD", help="Where in the year a value of a year stands.")
]
FiscalStartOption = Annotated[
    int, typer.Option("--fiscal-start", metavar="MONTH", help="Month in which years 2020/21 begin.")
]
DecimalOption = Annotated[
    str, typer.Option("--decimal", metavar="comma|point", help="The decimal sign, where it is unclear.")
]
YearlyOption = Annotated[str, typer.Option("--yearly", metavar="sum|mean", help="Make years of months or quarters.")]
SourceOption = Annotated[str, typer.Option("--source", metavar="KEY", help="The key of its source.")]
AboutOption = Annotated[str, typer.Option("--about", metavar="TEXT", help="What the source is, for SOURCES.md.")]
QualityOption = Annotated[str, typer.Option("--quality", metavar="A|B|C|D", help="How the values came here.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="A note on each row.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Take new values where others stand.")]


@data.command("check")
def check_data(
    file: FileNameOption,
    into: IntoOption,
    series: SeriesOption = "series",
    purpose: ForOption = None,
    unit: UnitOption = "",
    scale: ScaleOption = None,
    sheet: SheetOption = "",
    time: TimeColumnOption = "",
    value: ValueColumnOption = "",
    by: ByColumnOption = "",
    where: WhereOption = None,
    names: NamesOption = None,
    timing: TimingOption = "",
    fiscal_start: FiscalStartOption = 0,
    decimal: DecimalOption = "",
    yearly: YearlyOption = "",
) -> None:
    """Say what a table would bring into a corridor, and every fault of it with its line; writes nothing."""
    columns = (sheet, time, value, by, where, names, timing, fiscal_start, decimal, yearly)
    scenario, intake, asked = _taken(file, into, series, purpose, unit, scale, columns, "unknown", "C", "")
    rows = intake.rows
    for row in rows if len(rows) <= 2 * SHOWN else (*rows[:SHOWN], *rows[-SHOWN:]):
        print("  " + " ".join(row[name] for name in ("series", "time", "route", "value", "unit") if row[name]))
    print(in_words(Phrase("{file}: fine; {what}", file=file, what=_summary(intake))), flush=True)
    _tell_lines(scenario, intake, asked)


@data.command("import")
def import_data(
    file: FileNameOption,
    into: IntoOption,
    series: SeriesOption,
    source: SourceOption,
    about: AboutOption = "",
    quality: QualityOption = "C",
    note: NoteOption = "",
    replace: ReplaceOption = False,
    purpose: ForOption = None,
    unit: UnitOption = "",
    scale: ScaleOption = None,
    sheet: SheetOption = "",
    time: TimeColumnOption = "",
    value: ValueColumnOption = "",
    by: ByColumnOption = "",
    where: WhereOption = None,
    names: NamesOption = None,
    timing: TimingOption = "",
    fiscal_start: FiscalStartOption = 0,
    decimal: DecimalOption = "",
    yearly: YearlyOption = "",
) -> None:
    """Bring a table into a corridor as a series: its rows into series.csv, its source into SOURCES.md.

    Values that stand there already and would change are listed, and left as they are without --replace. Either all is
    written or nothing.
    """
    from pushpull.files.paths import shown
    from pushpull.own_corridor.series_intake import beside_the_old, write_intake

    columns = (sheet, time, value, by, where, names, timing, fiscal_start, decimal, yearly)
    scenario, intake, asked = _taken(file, into, series, purpose, unit, scale, columns, source, quality, note)
    intake = beside_the_old(intake)
    folder = shown(intake.folder)
    written = write_intake(intake, folder, scenario, about, replace)
    for change in intake.changes:
        say(in_words(change))
    what = Phrase("{what}; {same} stood there already", what=_summary(intake), same=intake.unchanged)
    print(in_words(Phrase("{folder}: {what}", folder=folder, what=what if intake.unchanged else _summary(intake))))
    if not written:
        print(in_words(Phrase("nothing has changed")))
    if not about and any(path.name == "SOURCES.md" for path in written):
        say(
            in_words(Phrase("SOURCES.md has a line for {source}; say there what it is, or with --about", source=source))
        )
    _tell_lines(scenario, intake, asked)


def _summary(intake: Intake) -> str:
    first, last = intake.years
    return Phrase("{count} values of {names}, {first} to {last}", count=len(intake.rows), names=listed(intake.names),
                  first=first, last=last)  # fmt: skip


def _tell_lines(scenario: Scenario, intake: Intake, purpose: Purpose | None) -> None:
    from pushpull.own_corridor.series_intake import lines_to_write

    for place, line in lines_to_write(intake, purpose, tuple(scenario.corridor.origins)):
        print(in_words(Phrase("to use it, in {place}:", place=place)))
        print(f"  {line}", flush=True)


def _taken(
    file: str,
    into: str,
    series: str,
    purpose: str | None,
    unit: str,
    scale: float | None,
    columns: tuple,
    source: str,
    quality: str,
    note: str,
) -> tuple[Scenario, Intake, Purpose | None]:
    """The rows of a table for a corridor; raises ScenarioFaults with every fault."""
    from pushpull.files.table_files import read_table_file
    from pushpull.own_corridor.observations import TableReading, observations
    from pushpull.own_corridor.series_intake import purpose_of, rows_of
    from pushpull.scenario import Scenario, corridor_in
    from pushpull.scenario.library import Refused, corridor_at, scenario_names, shipped_folder

    sheet, time, value, by, where, names, timing, fiscal_start, decimal, yearly = columns
    _refuse_options(timing, fiscal_start, decimal, yearly, quality)
    try:
        place = corridor_at(into)
    except Refused as refused:
        raise ScenarioFaults([refused.at("--into")]) from None
    if place is None and into not in scenario_names():
        raise ScenarioFaults([_no_corridor(into)])
    folder, shown = place or (shipped_folder(), into)
    if folder.resolve().is_relative_to(shipped_folder().resolve()):
        what = Phrase("{name} is a shipped corridor, which stays as it is", name=quote(into))
        raise ScenarioFaults(
            [Fault("--into", None, what, Phrase("a corridor of one's own: `pushpull new corridor NAME`"))]
        )
    scenario = Scenario.of_corridor(corridor_in(folder, shown))
    corridor = scenario.corridor
    asked = purpose_of(scenario, purpose) if purpose else None
    reading = TableReading(
        time,
        value,
        by,
        tuple(_pairs("--where", where)),
        dict(_pairs("--name", names)),
        timing,
        fiscal_start,
        decimal,
        yearly,
        {name: route.title for name, route in corridor.routes.items()},
        {name: origin.title for name, origin in corridor.origins.items()},
    )
    read = observations(read_table_file(Path(options.located(file)), sheet), reading)
    for remark in read.remarks:
        say(in_words(remark))
    if read.faults:
        raise ScenarioFaults(read.faults)
    intake = rows_of(read.values, file, corridor, series, asked, unit, scale, source, quality, note)
    for remark in intake.remarks:
        say(in_words(remark))
    return scenario, intake, asked


def _no_corridor(name: str) -> Fault:
    from pushpull.scenario.library import corridors_in, own_homes

    own = sorted({each for home in own_homes() for each in corridors_in(home)})
    what = Phrase("there is no corridor {name}", name=quote(name))
    return Fault(
        "--into", None, what, listed(own) or Phrase("`pushpull new corridor NAME` makes one"), nearest(name, own)
    )


def _pairs(option: str, given: list[str] | None) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in given or ()]
    for name, equals, _ in pairs:
        if not equals or not name.strip():
            what = Phrase("{text} has no =", text=quote(name))
            raise ScenarioFaults([Fault(option, None, what, Phrase("two words with = between them"))])
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _refuse_options(timing: str, fiscal_start: int, decimal: str, yearly: str, quality: str) -> None:
    from pushpull.scenario.series_rows import GRADES, TIMINGS

    asked = (
        ("--timing", timing, tuple(TIMINGS)),
        ("--decimal", decimal, DECIMALS),
        ("--yearly", yearly, YEARLY),
        ("--quality", quality, GRADES),
    )
    faults = [
        Fault(
            option,
            None,
            Phrase("{text} is no choice here", text=quote(given)),
            listed(allowed),
            nearest(given, allowed),
        )
        for option, given, allowed in asked
        if given and given not in allowed
    ]
    if not 0 <= fiscal_start <= 12:
        faults.append(
            Fault(
                "--fiscal-start", None, Phrase("the month is {text}", text=fiscal_start), Phrase("1 to 12, or its name")
            )
        )
    if faults:
        raise ScenarioFaults(faults)
