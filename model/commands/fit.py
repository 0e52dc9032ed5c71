"""`pushpull fit`: the record beside the run, and a new fit where the old one is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import fit_judged, options
from pushpull.commands.console import CommandFault, number, print_json, print_table, progress, say, share

if TYPE_CHECKING:
    from pushpull.calibration.fit_scores import SeriesFit
    from pushpull.posterior import Posterior
    from pushpull.scenario import Scenario

SHOWN_PARAMETERS = 15
STALE = "the fit is out of date: equations, cards or records have changed since; run "
INTERRUPTED = 130


def fit(
    corridor: options.CorridorName = options.DEFAULT_CORRIDOR,
    again: Annotated[bool, typer.Option("--again", help="Estimate anew, though a fit is there.")] = False,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the draws.")] = 1,
    draws: Annotated[int | None, typer.Option("--draws", metavar="N", help="Draws of the posterior.")] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps", min=0, metavar="N", help="Steps of each chain of draws; 0, as for few draws: ends of searches."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write; else beside the corridor.")
    ] = None,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge",
            help="Judge draws of the stored fit (--draws) and store what that says: of chains, whether they have met "
            "(seconds); of ends of searches, by importance weights (minutes to an hour). Needs the extra judge.",
        ),
    ] = False,
    judge_sampler: Annotated[
        bool,
        typer.Option(
            "--judge-sampler",
            help="Judge the sampler itself, on the few numbers that the record moved most, and store what that says: "
            "by records of the model's own, whose numbers are known, and by nested sampling beside the chains (half an "
            "hour and more; what was stopped goes on with the same command). Needs the extra judge.",
        ),
    ] = False,
    json: options.AsJson = False,
) -> None:
    """Hold the model against the recorded history, and estimate its uncertain numbers from it.

    A stored fit is run again and scored. Where there is none, or with --again, the numbers are estimated first; that
    takes minutes, can be interrupted, and goes on where it stopped. Exit code 1 where a record misses its tolerance.
    """
    from pushpull.calibration.chance import ChanceLevels
    from pushpull.calibration.fit_scores import score_history
    from pushpull.calibration.fitting import FEWEST_DRAWS
    from pushpull.calibration.freshness import is_current
    from pushpull.calibration.plan import read_plan
    from pushpull.posterior import FILE, Posterior, posterior_of
    from pushpull.reporting.fit_fields import fit_fields
    from pushpull.scenario.left_over import left_over_by_year
    from pushpull.scenario.library import renewal

    if draws is not None and draws < FEWEST_DRAWS:
        raise CommandFault(f"--draws: at least {FEWEST_DRAWS} draws are needed")
    scenario = options.base_scenario(corridor)
    options.ready()
    plan = read_plan(scenario)
    folder = Path(output) if output else scenario.corridor.folder
    stored = None
    if not again and output is None:
        stored = posterior_of(scenario.corridor)
    elif not again and (folder / FILE).exists():
        stored = Posterior.load(folder / FILE)
    if stored is None or again:
        stored = _estimate(corridor, scenario, folder, seed, draws, steps)
    current = is_current(plan, stored)
    if not current:
        stale = f"{STALE}{renewal(scenario.corridor.folder)}"
        if set(plan.names) - set(stored.parameters):
            raise CommandFault(stale, code=1)
        if not scenario.corridor.out_of_date:
            say(stale)
    if judge:
        fit_judged.judge_draws(plan, stored, folder, draws)
    if judge_sampler:
        fit_judged.judge_sampler(plan, stored, folder)
    few = ChanceLevels.of(stored).few
    if few:
        say(few)
    fits = score_history(plan, stored)
    corridor_today = options.base_scenario(corridor).corridor if folder == scenario.corridor.folder else None
    factors = left_over_by_year(corridor_today) if corridor_today else {}
    if json:
        print_json({**fit_fields(stored, fits, current), "left_over": factors})
    else:
        _show(stored, fits)
        _show_left_over(factors)
        fit_judged.show(plan, folder)
    missed = [each for each in fits if each.record.fitted and each.within_tolerance is False]
    if missed or not current:
        raise CommandFault(
            *[f"{each.record.label}: {each.mape:.1f} % off, {each.record.tolerance:g} % allowed" for each in missed],
            code=1,
        )


def _estimate(
    corridor: str, scenario: Scenario, folder: Path, seed: int, draws: int | None, steps: int | None
) -> Posterior:
    """Fit, and where the fit lies beside its corridor, forecast with it; `corridor` is how the user names it."""
    from pushpull.calibration import fitting
    from pushpull.calibration.forecast import forecast, save_forecast
    from pushpull.scenario.calibrated import CALIBRATED

    given = {name: value for name, value in (("draws", draws), ("steps", steps)) if value is not None}
    with progress("fitting", "searches, then steps" if steps or draws is None else "draws") as tell:

        def tell_long_parts(what: str, done: int, whole: int) -> None:
            if whole > 50:
                tell(done, whole)

        try:
            posterior = fitting.fit(scenario, folder, seed, progress=tell_long_parts, **given)
        except KeyboardInterrupt:
            partial = folder / fitting.PARTIAL
            message = "stopped; nothing was written"
            if partial.exists():
                message = f"stopped; what is drawn so far is in {partial}, and the same command goes on from there"
            raise CommandFault(message, code=INTERRUPTED) from None
    say(f"wrote {folder / 'posterior.nc'} and {folder / CALIBRATED}")
    if folder == scenario.corridor.folder:
        fresh = options.base_scenario(corridor)
        with progress("forecasting") as tell:
            rows = forecast(fresh, float(posterior.provenance["until"]), progress=tell)
        say(f"wrote {save_forecast(rows, folder)}" if rows else "no forecast: the horizon ends with the fit")
    return posterior


def _show(posterior: Posterior, fits: tuple[SeriesFit, ...]) -> None:
    from pushpull.calibration.fit_scores import coverage_of_grade

    rows = []
    for fit in fits:
        theil = fit.theil or {}
        rows.append(
            [
                fit.record.label,
                fit.record.quality + (" range" if fit.record.is_range else ""),
                str(len(fit.record.times)),
                f"{fit.mape:.1f}",
                "–" if fit.record.tolerance is None else f"{fit.record.tolerance:g}",
                f"{fit.rmspe:.1f}",
                number(fit.r_squared),
                " ".join(f"{part:.2f}" for part in theil.values()) or "–",
                share(fit.coverage),
                "yes" if fit.record.fitted else "no",
            ]
        )
    columns = ("series", "grade", "n", "MAPE %", "allowed", "RMSPE %", "R²", "Theil b v c", "in 90 % range", "fitted")
    title = f"The record beside the model, to {posterior.provenance['until']:g}"
    print_table(columns, rows, numbers=range(2, 9), title=title)
    covered, points = coverage_of_grade(fits)
    if points:
        print(f"The 90 % ranges hold {share(covered)} of {points} official counts.")
    else:
        print("No official count (quality A in series.csv) is fitted; so the 90 % ranges were held against none.")
    _show_information(posterior)


def _show_left_over(factors: dict[str, dict[int, float]]) -> None:
    """What the structure leaves over of the last years, where the plan has the present start from the record."""
    if not factors:
        return
    years = list(next(iter(factors.values())))
    rows = [[origin, *(number(each[year]) for year in years)] for origin, each in factors.items()]
    title = "Left over: how many times as many set out as the structure says (in no figure above)"
    print_table(("origin", *map(str, years)), rows, numbers=range(1, len(years) + 1), title=title)


def _show_information(posterior: Posterior) -> None:
    """What the record tells most of, where it tells more than luck would; and how far luck goes."""
    from pushpull.calibration.chance import ChanceLevels, beyond, wider
    from pushpull.reporting.fit_fields import by_information, parameter_fields

    chance, clear, spread = ChanceLevels.of(posterior), beyond(posterior), wider(posterior)
    informed = [parameter_fields(posterior, column) for column in by_information(posterior) if clear[column]]
    if informed:
        print_table(
            ("what the record tells most of", "variance explained", "shift", "median", "5 %", "95 %"),
            [
                [
                    each["parameter"],
                    share(each["variance_explained"]),
                    f"{each['shift']:+.2f}",
                    *(number(each[key]) for key in ("median", "low", "high")),
                ]
                for each in informed[:SHOWN_PARAMETERS]
            ],
            numbers=range(1, 6),
        )
    is_worth_less = round(chance.effective) < chance.draws
    worth = f" (of a usual number worth {chance.effective:.0f} independent ones)" if is_worth_less else ""
    lowest, highest = posterior.contraction.min(), posterior.contraction.max()
    print(
        f"Of {chance.numbers} uncertain numbers the record tells something of {len(informed)}. With {chance.draws} "
        f"draws{worth}, chance alone explains up to {share(chance.explained)} of the variance of one of them, adds "
        f"up to {share(chance.added)} or shifts it by {chance.shift:.2f} (in one fit of twenty by more); here what is "
        f"explained runs from {share(lowest)} to {share(highest)}."
    )
    if spread.any():
        names = [name for name, is_wider in zip(posterior.parameters, spread, strict=True) if is_wider]
        print(f"Wider than before the fit, beyond chance: {', '.join(names)}.")
