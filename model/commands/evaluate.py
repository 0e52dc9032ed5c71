"""`pushpull evaluate`: forecasts from past years, refitted on what was known then, beside what came."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import DASH, CommandFault, number, print_json, print_table, progress, say, share

if TYPE_CHECKING:
    from pushpull.scenario import Scenario

INTERRUPTED = 130
BASE_LINE = "base line"
RIVALS = ("persistence_mape", "trend_mape", "regression_mape")


def evaluate(
    corridor: Annotated[str, typer.Argument(metavar="CORRIDOR", help="Its id, its file, or a scenario of it.")],
    stored: Annotated[bool, typer.Option("--stored", help="Print the latest stored one, without running.")] = False,
    changed: Annotated[
        str, typer.Option("--changed", metavar="TEXT", help="What changed since the evaluation before, in a sentence.")
    ] = "",
    without_ablations: Annotated[
        bool, typer.Option("--without-ablations", help="Leave out the fits with one mechanism taken out.")
    ] = False,
    members: Annotated[int | None, typer.Option("--members", metavar="N", help="Members of each forecast.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the members.")] = 1,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where to store; else beside the corridor.")
    ] = None,
    json: options.AsJson = False,
) -> None:
    """Forecast from past years with what was known then, and hold the forecasts against the record.

    The fit is made anew for every year that the corridor's evaluation.yaml names. Errors stand beside those of the last
    value held, a trend and a regression; policy is known, frozen, or frozen with the drivers. It takes minutes,
    can be interrupted, and goes on where it stopped; every evaluation is stored and stays.
    """
    from pushpull.evaluation.stored import stored_evaluations

    scenario = options.base_scenario(corridor)
    folder = Path(output) if output else scenario.corridor.folder
    evaluations = stored_evaluations(folder)
    if not stored:
        latest = _made(scenario, folder, len(evaluations), changed, without_ablations, members, seed)
        if folder == scenario.corridor.folder:
            _forecast_anew(options.base_scenario(corridor))
        evaluations = [*evaluations, latest]
    if not evaluations:
        raise CommandFault(
            f"{scenario.corridor.id}: no evaluation is stored; `pushpull evaluate {corridor}` makes one", code=1
        )
    if stored and not _is_of_today(scenario, evaluations[-1]):
        say("the latest evaluation is of an earlier model, corridor or plan")
    if json:
        print_json(evaluations[-1]["rows"])
    else:
        _show(evaluations)


def _is_of_today(scenario: Scenario, evaluation: dict) -> bool:
    from pushpull.calibration.plan import read_plan

    return read_plan(scenario).digest == evaluation["model"]


def _made(
    scenario: Scenario, folder: Path, before: int, changed: str, without: bool, members: int | None, seed: int
) -> dict:
    from pushpull.evaluation import hindcast
    from pushpull.evaluation.design import read_design
    from pushpull.evaluation.stored import store, stored_evaluations
    from pushpull.files.atomic import write_whole
    from pushpull.scenario.forecast_errors import FILE, text_of

    if members is not None and members < hindcast.FEWEST_MEMBERS:
        raise CommandFault(f"--members: at least {hindcast.FEWEST_MEMBERS} are needed")
    options.ready()
    design = read_design(scenario)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"evaluation {before + 1}" if before else BASE_LINE
    given = {} if members is None else {"members": members}
    try:
        with progress("forecasting from past years", "fits") as tell:
            made = hindcast.evaluate(
                design, name, changed, seed=seed, folder=folder, ablations=not without, progress=tell, **given
            )
    except KeyboardInterrupt:
        partial = folder / hindcast.PARTIAL
        message = "stopped; nothing was written"
        if partial.exists():
            message = f"stopped; what is done so far is in {partial}, and the same command goes on from there"
        raise CommandFault(message, code=INTERRUPTED) from None
    say(f"wrote {store(folder, scenario.corridor.id, made)}")
    hindcast.forget(folder)
    errors = hindcast.errors_today(design, made["by_year"])
    if errors is not None:
        say(f"wrote {write_whole(folder / FILE, text_of(errors, name))}")
    return stored_evaluations(folder)[-1]


def _forecast_anew(scenario: Scenario) -> None:
    """The forecast that lies beside a corridor, with ranges that carry what earlier ones were off."""
    from pushpull.calibration.forecast import forecast, save_forecast
    from pushpull.posterior import posterior_of

    posterior = posterior_of(scenario.corridor)
    if posterior is None:
        return
    with progress("forecasting") as tell:
        rows = forecast(scenario, float(posterior.provenance["until"]), progress=tell)
    if rows:
        say(f"wrote {save_forecast(rows, scenario.corridor.folder)}")


def _key(row: dict) -> tuple:
    """Which forecast a row is of."""
    from pushpull.evaluation.stored import ABOUT

    return tuple(row[name] for name in (*ABOUT, "horizon"))


def _show(evaluations: list[dict]) -> None:
    from pushpull.evaluation.judgement import base_line

    latest, base = evaluations[-1], base_line(evaluations)
    beside = {_key(row): row for row in base["rows"]}
    several, first = base is not latest, latest["rows"][0]["measure"] if latest["rows"] else ""
    rows = [
        [
            f"{row['origin_year']}",
            row["horizon"],
            f"{row['years'][0]}-{row['years'][1]}",
            row["measure"] if row["group"] == "all" else f"{row['measure']}, {row['group']}",
            row["route"],
            row["policy"],
            share(row["mape"]),
            *([share(beside[_key(row)]["mape"]) if _key(row) in beside else DASH] if several else []),
            *(DASH if row[name] is None else share(row[name]) for name in RIVALS),
            number(row["crps"]),
            number(row["persistence_crps"]),
            share(row["coverage_50"]),
            share(row["coverage_90"]),
        ]
        for row in latest["rows"]
        if row["route"] == "all"
    ]
    columns = (
        "made in", "years ahead", "years", "measure", "route", "policy", "error", *([BASE_LINE] if several else []),
        "last value", "trend", "regression", "CRPS", "of last value", "in 50 %", "in 90 %",
    )  # fmt: skip
    print_table(columns, rows, numbers=range(6, len(columns)), title="Forecasts made from past years, beside what came")
    if latest.get("ablations"):
        names = [name for name in latest["ablations"][0] if name not in ("mechanism", "title")]
        print_table(
            ("taken out", *(name.replace("mape_", "").replace("_", " ") for name in names)),
            [
                [each["title"], *(DASH if each[name] is None else share(each[name]) for name in names)]
                for each in latest["ablations"]
            ],
            numbers=range(1, 1 + len(names)),
            title=f"Error of {first} without a mechanism, refitted",
        )
    print(f"{len(evaluations)} evaluations were made; the latest on {latest['made']}, the base line on "
          f"{base['made']}. Routes are in --json.")  # fmt: skip
