"""`pushpull robust`: packages held against one another over simulations, by several attitudes to risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.compare import other_scenario
from pushpull.commands.console import CommandFault, change, number, percent, print_json, print_table, progress, share
from pushpull.commands.run import print_heading
from pushpull.files.faults import Fault, ScenarioFaults, quote

if TYPE_CHECKING:
    from pushpull.analysis.package_choice import RobustChoice
    from pushpull.analysis.stated_change import StatedChange
    from pushpull.scenario import Scenario

MEMBERS = 200  # where neither the command nor the scenario says how many


def robust(
    corridor: Annotated[str, typer.Argument(metavar="CORRIDOR", help="Its id, its file, or a scenario of it.")],
    package: Annotated[
        list[str], typer.Argument(metavar="PACKAGE...", help="Policy packages, or scenarios of that corridor.")
    ],
    outcomes: Annotated[
        str | None,
        typer.Option("--outcomes", metavar="NAME,...", help="By what packages are judged; harm and cost if not given."),
    ] = None,
    target: options.TargetsOption = None,
    year: options.JudgedYear = None,
    members: options.SimulationsOption = None,
    seed: options.SeedOption = None,
    json: options.AsJson = False,
) -> None:
    """Hold packages against one another and against no new measures, simulation by simulation.

    Expected and worst value, regret (how far a package is from the best one of each simulation), targets met, who
    is dominated, and how the ranking changes from a pessimist to an optimist. A package that makes a harm to people
    worse is marked in every table, whatever its rank.
    """
    baseline = options.base_scenario(corridor)
    packages = _packages(package, baseline)
    count = members or (baseline.members if baseline.members > 1 else MEMBERS)
    baseline = options.with_horizon(baseline, members=count, seed=seed)
    options.check_year(year, baseline)
    names = options.outcome_names(outcomes)
    wanted = options.targets_of(target, baseline, year=year)
    options.ready()
    from pushpull.analysis.package_choice import USUAL, robust_choice

    with progress("Running", "simulations") as tell:
        try:
            found = robust_choice(
                baseline,
                packages,
                names or USUAL,
                wanted,
                baseline.members,
                baseline.seed,
                year,
                progress=tell,
            )
        except ScenarioFaults:
            raise
        except ValueError as fault:
            raise CommandFault(f"robust: {fault}") from fault
    if json:
        print_json(_as_json(found, baseline))
    else:
        _show(found, baseline)


def _packages(names: list[str], baseline: Scenario) -> dict[str, Scenario]:
    """The scenarios by the names they were given by; raises every fault at once."""
    faults: list[Fault] = []
    found: dict[str, Scenario] = {}
    for name in names:
        label = name.rpartition("/")[2].removesuffix(".yaml")
        if label in found:
            faults.append(Fault("robust", None, f"{quote(label)} stands twice", "each package once"))
        try:
            scenario = other_scenario(name, baseline)
            if scenario is not None:  # None is of a package that has no scenario to lie on
                found[label] = scenario
        except ScenarioFaults as refused:
            faults += refused.faults
    if faults:
        raise ScenarioFaults(faults)
    return found


def _when(found: RobustChoice, baseline: Scenario) -> str:
    return f"in {found.year:g}" if found.year is not None else f"mean {baseline.policy_start:g} to {baseline.end:g}"


def _show(found: RobustChoice, baseline: Scenario) -> None:
    from pushpull.analysis.robustness import ATTITUDES
    from pushpull.catalogue import catalogue
    from pushpull.wording.money import in_currency

    print_heading(baseline)
    print(f"{found.members} simulations, seed {found.seed}; {_when(found, baseline)}; every package in the same ones")
    _show_harms(found)
    attitudes = ", ".join(f"{each:g}" for each in ATTITUDES)
    for name, own in found.metrics.items():
        outcome = catalogue().outcomes[name]
        columns = ["package", "expected", "worst", "90 % regret", "largest regret", "best in", f"rank at {attitudes}"]
        rows = [
            [
                found.labels[row],
                number(own.expected[row]),
                number(own.worst[row]),
                number(own.regret_p90[row]),
                number(own.largest_regret[row]),
                share(own.share_best[row]),
                ", ".join(map(str, own.ranks[:, row])),
                _mark(found, found.labels[row]),
            ]
            for row in own.largest_regret.argsort(kind="stable")
        ]
        unit = in_currency(outcome.unit, baseline.corridor.currency)
        title = f"{outcome.title} ({unit}; {own.better} is better), least regret first"
        print_table([*columns, "harm"], rows, range(1, len(columns)), title=title)
    print("Rank at 0 looks at the worst simulation alone, at 1 at the best alone. Outcomes are not added up.")
    _show_targets(found)
    _show_domination(found)


def _mark(found: RobustChoice, label: str) -> str:
    from pushpull.analysis.stated_change import MAY_GET_WORSE

    worse = [f"RAISES {each.outcome.title.lower()}" for each in found.raised(label)]
    maybe = [f"may raise {each.outcome.title.lower()}" for each in found.raised(label, MAY_GET_WORSE)]
    return "; ".join([*worse, *maybe])


def _show_harms(found: RobustChoice) -> None:
    rows = [[label, *(_harm(each) for each in found.harms[label])] for label in found.labels[1:]]
    titles = [each.outcome.title for each in found.harms[found.labels[0]]]
    print_table(["package", *titles], rows, title="Harm to people, against no new measures")


def _harm(each: StatedChange) -> str:
    """A harm's median change, in how many simulations it rises, and the word for it."""
    return f"{change(each.difference)} ({percent(each.ratio)}); up in {share(each.rises)}: {each.word}"


def _show_targets(found: RobustChoice) -> None:
    if not found.targets:
        return
    columns = ["package", *map(str, found.targets), "all at once", "harm"]
    rows = [
        [label, *(share(each) for each in found.met[row]), share(found.all_met[row]), _mark(found, label)]
        for row, label in enumerate(found.labels)
    ]
    rows = [rows[row] for row in (-found.all_met).argsort(kind="stable")]
    print_table(columns, rows, range(1, len(columns) - 1), title="In what share of simulations targets are met")


def _show_domination(found: RobustChoice) -> None:
    from pushpull.analysis.stated_change import CLEAR

    for label in found.labels:
        for other in found.dominated_by(label, CLEAR):
            part = found.dominates[found.labels.index(other), found.labels.index(label)]
            print(
                f"{label} is dominated by {other}: no better by any of these outcomes, in {share(part)} of simulations"
            )


def _as_json(found: RobustChoice, baseline: Scenario) -> dict:
    harms = {
        label: [
            {
                "outcome": each.outcome.id,
                "baseline": each.baseline,
                "difference": each.difference,
                "expected_difference": each.expected,
                "rises": each.rises,
                "falls": each.falls,
                "verdict": each.word,
            }
            for each in found.harms[label]
        ]
        for label in found.labels
    }
    return {
        "corridor": baseline.corridor.id,
        "members": found.members,
        "seed": found.seed,
        "measure": _when(found, baseline),
        "packages": list(found.labels),
        "metrics": found.table.astype(object).to_dict(orient="records"),
        "harms": harms,
        "targets": [str(each) for each in found.targets],
        "met": {label: found.met[row].tolist() for row, label in enumerate(found.labels)},
        "all_met": {label: float(found.all_met[row]) for row, label in enumerate(found.labels)},
        "dominates": {label: found.dominates[row].tolist() for row, label in enumerate(found.labels)},
        "model_hash": found.provenance["model_hash"],
    }
