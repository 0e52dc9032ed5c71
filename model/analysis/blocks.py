"""An ensemble in blocks of members, run here or on a cluster, in whatever order they are done."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pushpull.analysis.engine_calls import Stopped, check, run_draws, run_members
from pushpull.engine.runs.result import Result
from pushpull.engine.stepping.halving import Halvings
from pushpull.ensemble import Draws, Progress
from pushpull.preparation import model_digest
from pushpull.scenario import Scenario

if TYPE_CHECKING:
    from distributed import Client, Future

MEMBERS_IN_A_BLOCK = 100
BLOCKS_FOR_A_WORKER = 2  # one that runs and one that waits, so that the memory of the one who gathers is bounded
SECONDS_TO_ANSWER = 15
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_WITHOUT_WORKERS = 60  # until a cluster that has lost them all is given up

MemberSpan = tuple[int, int]
Arrays = Mapping[str, np.ndarray]
Piece = TypeVar("Piece")


class ClusterFault(Exception):
    """A cluster that does not answer, or whose workers hold another model."""


def spans(members: int, first: int = 0) -> list[MemberSpan]:
    """The blocks from the one that holds member `first` to the last: (first member, one past the last)."""
    start = first // MEMBERS_IN_A_BLOCK * MEMBERS_IN_A_BLOCK
    return [(at, min(at + MEMBERS_IN_A_BLOCK, members)) for at in range(start, members, MEMBERS_IN_A_BLOCK)]


def run_blocks(
    scenario: Scenario,
    blocks: Iterable[MemberSpan],
    seed: int,
    keep: Iterable[str] | str | None = None,
    stop: threading.Event | None = None,
    cluster: str | None = None,
) -> Iterator[tuple[MemberSpan, Arrays, Halvings]]:
    """Yield each block with what is kept of its members, each variable over (member, time, population, route), and
    what was shortened in them.

    With the address of a dask.distributed scheduler as `cluster`, its workers run them, and a block whose worker is
    lost is run by another. Numbers are those of this machine bit for bit, where the workers' processors are of its kind
    and their packages of its versions.

    Raises:
        Stopped: soon after `stop` is set.
        RunBroke: naming the member that broke.
        ClusterFault: where the cluster does not answer, or its workers hold another model.
    """
    if cluster is not None:
        yield from _run_on_cluster(scenario, blocks, seed, keep, stop, cluster)
        return
    for first, last in blocks:
        check(stop)
        result = run_members(scenario, first, last, seed, keep, stop=stop)
        yield (first, last), result.kept, _shortened(result)


def gather(
    scenario: Scenario,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    cluster: str | None = None,
) -> Result:
    """The ensemble that `run_ensemble` makes, byte for byte, in memory; run in blocks, here or on a `cluster`."""
    scenario = scenario.with_changes(members=members, seed=seed)
    members = scenario.members
    shell, arrays, halvings_by_first, done = shell_of(scenario, keep), {}, {}, 0
    for (first, last), block, halvings in run_blocks(scenario, spans(members), scenario.seed, keep, stop, cluster):
        for name, values in block.items():
            if name not in arrays:
                arrays[name] = np.empty((members, *values.shape[1:]))
            arrays[name][first:last] = values
        halvings_by_first[first] = halvings
        done += last - first
        if progress:
            progress(done, members)
    shell = dataclasses.replace(shell, provenance={**shell.provenance, "members": members})
    joined = Halvings.joined([halvings_by_first[first] for first in sorted(halvings_by_first)])
    return shell.finished(arrays, members, joined)


def shell_of(scenario: Scenario, keep: Iterable[str] | str | None) -> Result:
    """The result of one member: what stays the same however many there are."""
    return run_members(scenario, 0, 1, scenario.seed, keep)


def run_block(
    scenario: Scenario, draws: Draws, numbers: range, keep: tuple[str, ...] | str | None, model: str
) -> tuple[dict[str, np.ndarray], Halvings]:
    """What a worker does: run the draws of some members and hand back what is kept, each variable over (member, time,
    population, route), and what was shortened."""
    if model_digest() != model:
        raise ClusterFault("the workers hold another version of the model")
    result = run_draws(scenario, draws, keep, numbers=numbers)
    return dict(result.kept), _shortened(result)


def _shortened(result: Result) -> Halvings:
    """What was shortened in a run; raises ValueError for a result that was read from a file, which does not say it."""
    if result.halvings is None:
        raise ValueError("the result does not say what was shortened")
    return result.halvings


def _run_on_cluster(
    scenario: Scenario,
    blocks: Iterable[MemberSpan],
    seed: int,
    keep: Iterable[str] | str | None,
    stop: threading.Event | None,
    address: str,
) -> Iterator[tuple[MemberSpan, Arrays, Halvings]]:
    names = keep if keep is None or isinstance(keep, str) else tuple(keep)

    def submit(client: Client, span: MemberSpan) -> Any:
        first, last = span
        draws = Draws.of(scenario, last, seed, first)
        # Not pure: a key made from the arguments would be a hash of all of them, and is of no use here.
        return client.submit(run_block, scenario, draws, range(first, last), names, model_digest(), pure=False)

    for span, (block, halvings) in on_workers(address, blocks, submit, stop):
        yield span, block, halvings


def on_workers(
    address: str, pieces: Iterable[Piece], submit: Callable[[Client, Piece], Any], stop: threading.Event | None = None
) -> Iterator[tuple[Piece, Any]]:
    """Yield each piece of work with what the workers of a scheduler made of it, in whatever order they are done.

    `submit` hands a piece to the client and answers with its future; no more are handed in than keep the workers busy.

    Raises:
        Stopped: soon after `stop` is set.
        ClusterFault: where the cluster does not answer.
    """
    waiting = iter(pieces)
    with _client(address) as client:
        running: dict[Any, Piece] = {}
        while True:
            room = BLOCKS_FOR_A_WORKER * max(_workers(client), 1)
            while len(running) < room:
                piece = next(waiting, None)
                if piece is None:
                    break
                running[submit(client, piece)] = piece
            if not running:
                return
            for future in _done(client, running, stop):
                yield running.pop(future), future.result()
                future.release()


def _done(client: Client, running: Iterable[Future], stop: threading.Event | None) -> list[Future]:
    """The futures that are done, as soon as there is one; raise Stopped, or ClusterFault where nobody works on them."""
    from distributed import wait

    worked = time.monotonic()
    while True:
        check(stop)
        try:
            with client.as_current():
                return list(wait(list(running), timeout=SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if _workers(client):
                worked = time.monotonic()
            elif time.monotonic() - worked > SECONDS_WITHOUT_WORKERS:
                raise ClusterFault("the cluster has lost all its workers") from None


def _workers(client: Client) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


@contextmanager
def _client(address: str) -> Iterator[Client]:
    """A client of the scheduler at an address; what still runs for it is given up at the end."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as fault:
        raise ClusterFault("a cluster needs the package distributed: pip install distributed") from fault
    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise ClusterFault(f"no scheduler answers at {address}") from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
            yield client
        except KilledWorker as fault:
            raise ClusterFault("the same members were lost with several workers, one after the other") from fault
        except TimeoutError as fault:
            raise ClusterFault(f"the scheduler at {address} has no workers") from fault


__all__ = ["ClusterFault", "Stopped", "gather", "on_workers", "run_block", "run_blocks", "shell_of", "spans"]
