"""`pushpull evidence`: published effects beside the model's own, and a verdict for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, number, print_json, print_table, progress, say, share
from pushpull.files.faults import ScenarioFaults
from pushpull.files.paths import shown

if TYPE_CHECKING:
    from pushpull.evidence.experiment_files import Experiment
    from pushpull.evidence.verdicts import Scoreboard
    from pushpull.scenario import Scenario


def evidence(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|FILE]…", help="Experiments to run, by id or as files of your own; all if none."),
    ] = None,
    corridor: Annotated[
        str | None,
        typer.Option("--corridor", metavar="CORRIDOR", help="Only those on a corridor: shipped ones, and its own."),
    ] = None,
    members: Annotated[int, typer.Option("--members", metavar="N", help="Draws of the parameters.")] = 100,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the draws.")] = 1,
    store: Annotated[
        bool, typer.Option("--store", help="Store the scores of all shipped ones, which page and report then show.")
    ] = False,
    json: options.AsJson = False,
) -> None:
    """Reproduce published effect sizes and say which lie within their accepted range.

    An experiment names its corridor, years and settings. Those of your own lie in the folder `evidence` of a corridor,
    or are given as files. Exit code 1 where the model gets the sign of a firm finding wrong.
    """
    if members < 2:
        raise CommandFault("--members: at least 2 draws are needed")
    if store and (ids or corridor is not None or (members, seed) != (100, 1)):
        raise CommandFault("--store goes with no other choice: one score of all shipped experiments is stored")
    experiments = chosen(ids or [], corridor)
    options.ready()
    from pushpull.evidence.verdicts import score_experiments
    from pushpull.reporting.evidence_fields import scoreboard_fields, verdict_fields

    with progress("reproducing published effects", "experiments") as tell:
        board = score_experiments(experiments, members, seed, tell)
    if store:
        from pushpull.evidence import stored_scores

        say(f"wrote {shown(stored_scores.store(board))}")
    if json:
        print_json({"summary": scoreboard_fields(board), "rows": [verdict_fields(each) for each in board.verdicts]})
    else:
        _show(board)
    if board.firm_and_wrong:
        raise CommandFault(f"wrong sign against firm evidence: {', '.join(board.firm_and_wrong)}", code=1)


def chosen(ids: Sequence[str], corridor: str | None) -> list[Experiment]:
    """The experiments asked for; raises ScenarioFaults with every fault of every file."""
    from pushpull.evidence.experiment_files import experiment_ids, own_experiments, read_experiment, read_experiments

    scenario = None if corridor is None else options.base_scenario(corridor)
    own = {} if scenario is None else own_experiments(scenario.corridor.folder)
    files = [(Path(name), name) for name in ids if name.endswith((".yaml", ".yml"))]
    files += [(own[name], str(own[name])) for name in ids if name in own]
    shipped = [name for name in ids if name not in own and not name.endswith((".yaml", ".yml"))]
    if not ids:
        files = [(path, str(path)) for path in own.values()]
        shipped = experiment_ids()
    experiments, faults = [], []
    for path, name in files:
        try:
            experiments.append(read_experiment(path, name))
        except ScenarioFaults as fault:
            faults += fault.faults
    try:
        experiments += read_experiments(shipped)
    except ScenarioFaults as fault:
        faults += fault.faults
    if faults:
        raise ScenarioFaults(faults)
    if scenario is None:
        return experiments
    here = [each for each in experiments if each.corridor == scenario.corridor.id]
    if not here:
        raise CommandFault(_none_here(scenario, len(experiments)))
    if len(here) < len(experiments):
        others = len(experiments) - len(here)
        say(f"{others} experiments name years, routes and settings of other corridors: not run here")
    return here


def _none_here(scenario: Scenario, others: int) -> str:
    file = scenario.corridor.folder / "evidence" / "ID.yaml"
    return (
        f"no experiment is on the corridor {scenario.corridor.id}: the {others} published ones name years, routes and "
        f"settings of other corridors; one of your own goes into {file}"
    )


def _show(board: Scoreboard) -> None:
    from pushpull.reporting.evidence_fields import scoreboard_fields
    from pushpull.reporting.report_numbers import accepted_range

    rows = [
        [
            each.experiment.id,
            each.experiment.title,
            f"{each.experiment.published['estimate']}",
            accepted_range(each.experiment.low, each.experiment.high, number) if each.median is not None else "",
            number(each.median) if each.median is not None else "",
            f"{number(each.low)} to {number(each.high)}" if each.median is not None else "",
            f"{each.verdict} (sign only)" if each.experiment.sign_only else each.verdict,
        ]
        for each in board.verdicts
    ]
    columns = ("id", "experiment", "published", "accepted", "model", "90 % of draws", "verdict")
    print_table(columns, rows, numbers=(4,), title="Published effects and the model's own")
    sums = scoreboard_fields(board)
    if not sums["tested"]:
        print(f"None of the {sums['rows']} findings can be put to the model: they lie out of its reach.")
        return
    print(
        f"{sums['tested']} of {sums['rows']} findings tested: {sums['within_band']} within their accepted range "
        f"({share(sums['share_within_band'])}), {sums['right_sign']} outside it with the right sign, "
        f"{sums['wrong_sign']} with the wrong sign. "
        f"{sums['numeric_within_band']} of the {sums['numeric_tested']} with a published size are within it; "
        f"{sums['not_representable']} findings lie out of the model's reach."
    )
