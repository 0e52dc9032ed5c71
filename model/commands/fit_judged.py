"""What `pushpull fit` judges of draws and of the sampler, and what it shows of that."""

from __future__ import annotations

import dataclasses
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pushpull.commands.console import CommandFault, number, progress, say, share

if TYPE_CHECKING:
    from pushpull.calibration.judged_draws import JudgedDraws
    from pushpull.calibration.judged_sampler import JudgedBesideNested, JudgedInRecords
    from pushpull.calibration.plan import Plan
    from pushpull.posterior import Posterior

STOPPED = 130


def _needed(option: str, *packages: str) -> None:
    missing = [package for package in packages if find_spec(package.replace("-", "_")) is None]
    if missing:
        raise CommandFault(f"fit: {option} needs the package {missing[0]}, which the extra `judge` brings")


def judge_draws(plan: Plan, posterior: Posterior, folder: Path, draws: int | None) -> None:
    """Judge draws of a fit, the first ones if they are ends of searches, and put what that says beside them."""
    from pushpull.calibration.judged_draws import digest_of, save_judgement
    from pushpull.calibration.judging import DRAWS, FEWEST_DRAWS, judge
    from pushpull.calibration.judging_chains import FEWEST_EACH, judge_chains
    from pushpull.calibration.likelihood import Likelihood

    _needed("--judge", "arviz-stats")
    chains, most = int(posterior.provenance.get("chains", 0)), len(posterior.scores)
    least, usual = (max(FEWEST_EACH * chains, FEWEST_DRAWS), most) if chains else (FEWEST_DRAWS, min(DRAWS, most))
    count = usual if draws is None else draws
    if not least <= count <= most:
        raise CommandFault(f"--draws: to judge this fit takes {least} draws or more, of the {most} that it has")
    scores = posterior.scores[:count, [posterior.parameters.index(name) for name in plan.names]]
    likelihood, digest = Likelihood(plan), digest_of(folder)
    judgement: JudgedDraws
    if chains:
        judgement = judge_chains(likelihood, scores, chains, int(posterior.provenance["steps"]), digest, plan.names)
    else:
        with progress("judging", "draws") as tell:
            judgement = judge(likelihood, scores, int(posterior.provenance["seed"]), digest, tell)
    say(f"wrote {save_judgement(judgement, folder)}")


def _show_draws(folder: Path) -> None:
    from pushpull.calibration.judged_draws import read_judgement
    from pushpull.calibration.judging import TRUSTED
    from pushpull.calibration.judging_chains import SETTLED, ChainJudgement
    from pushpull.calibration.judging_chains import TRUSTED as MET

    judgement = read_judgement(folder)
    if judgement is None:
        return
    verdict = "to be trusted" if judgement.trusted else "approximate, not those of the exact posterior"
    if isinstance(judgement, ChainJudgement):
        print(
            f"Judged by {judgement.draws} draws of {judgement.chains} chains on {judgement.made}: R-hat at most "
            f"{judgement.r_hat:.2f} ({MET:g} and more: chains have not met), beyond {SETTLED:g} in "
            f"{judgement.unsettled} of {judgement.unknowns} numbers ({', '.join(judgement.worst)} first); of the "
            f"number with the fewest, draws are worth {number(judgement.bulk)} independent ones, of a usual one "
            f"{number(judgement.usual)}. The ranges of the fit are {verdict}."
        )
        return
    print(
        f"Judged by {judgement.draws} draws on {judgement.made}: Pareto k {judgement.k:.2f} ({TRUSTED:g} and more: not "
        f"to be trusted), worth {number(judgement.effective)} equal draws; searches ended {number(judgement.short)} of "
        f"half a squared misfit before their ends. The ranges of the fit are {verdict}."
    )


def judge_sampler(plan: Plan, posterior: Posterior, folder: Path) -> None:
    """Judge the sampler on the few numbers that a fit moved most, and put what that says beside it, part by part."""
    from pushpull.calibration.judged_sampler import (
        PARTIAL,
        few_of_fit,
        judge_beside_nested,
        judge_in_records,
        read_sampler,
        save_sampler,
    )

    _needed("--judge-sampler", "arviz-stats", "arviz-base", "dynesty")
    few, judged = few_of_fit(plan, posterior), read_sampler(folder)
    try:
        with progress("judging in records of the model's own", "records") as tell:
            judged = dataclasses.replace(judged, in_records=judge_in_records(plan, few, folder, progress=tell))
        save_sampler(judged, folder)
        (folder / PARTIAL).unlink(missing_ok=True)
        with progress("judging beside nested sampling", "steps of each part") as tell:
            beside = judge_beside_nested(plan, few, lambda _, done, whole: tell(done, whole))
    except KeyboardInterrupt:
        raise CommandFault("stopped; records so far are kept, and the same command goes on", code=STOPPED) from None
    say(f"wrote {save_sampler(dataclasses.replace(judged, beside_nested=beside), folder)}")


def show(plan: Plan, folder: Path) -> None:
    """How far the draws and the sampler can be trusted, where that was judged."""
    from pushpull.calibration.judged_sampler import read_sampler

    _show_draws(folder)
    judged = read_sampler(folder)
    if judged.in_records:
        print(_in_records(judged.in_records) + _of_before(plan, judged.in_records.plan))
    if judged.beside_nested:
        print(_beside_nested(judged.beside_nested) + _of_before(plan, judged.beside_nested.plan))


def _of_before(plan: Plan, digest: str) -> str:
    return "" if digest == plan.digest else " Equations, cards or records have changed since."


def _in_records(judged: JudgedInRecords) -> str:
    beyond = f" beyond chance in {', '.join(judged.outside)}" if judged.outside else " within chance in all"
    return (
        f"The sampler was judged on {judged.made} by {judged.records} records of the model's own and "
        f"{len(judged.unknowns)} numbers ({judged.chains} chains of {judged.steps} steps each): ranks of the true "
        f"numbers among draws lie{beyond}, and {share(judged.held)} of 90 % ranges hold them."
    )


def _beside_nested(judged: JudgedBesideNested) -> str:
    from pushpull.calibration.nested import MEANS_APART, SPREADS_APART

    agree = f"apart in {', '.join(judged.apart)}" if judged.apart else "as near as asked for in all"
    return (
        f"Nested sampling of the same {len(judged.unknowns)} numbers and the real record, on {judged.made}: means "
        f"differ by {judged.means_apart:.2f} of a standard deviation at most ({MEANS_APART:g} is asked for), spreads "
        f"by {share(judged.spreads_apart)} ({share(SPREADS_APART)}): {agree}."
    )
