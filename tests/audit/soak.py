"""Two workers behind nginx, forty visitors, one worker killed three times, the disk filled once.

    python -m tests.audit.soak [--minutes 20] [--kills 3] [--fill] [--checkout FOLDER]

prints the figures. `--checkout` soaks another copy of the project, so that two states are compared in one spell;
one that ends with its first worker wants `--kills 0`.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import errno
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.audit.guests import Record, stay
from tests.audit.nginx import proxied, upstreams
from tests.conftest import ROOT, free_port

HOST = "simulator.example.org"  # the name in the README's commands; nothing looks it up
VISITORS = 40
SESSIONS = 60  # tabs a worker takes: all visitors find a place on one worker while the other is away
AFTER_A_KILL = 10.0  # seconds that do not count for the times of moves
DISK = 64_000_000  # bytes
FULL_FOR = 60.0  # seconds
FILE = re.compile(r"[\w-]+\.yaml")
SETTLED = 60.0  # seconds over which memory is averaged at both ends


@contextmanager
def small_disk() -> Iterator[tuple[Path, bool]]:
    """A folder on a disk of its own that can be filled, or a plain folder where that takes rights we do not have."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "pushpull-soak", str(place)], capture_output=True
        )
        try:
            yield place, mounted.returncode == 0
        finally:
            if mounted.returncode == 0:
                subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """A file that takes all that is left of a disk."""
    path = place / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError as fault:
                if fault.errno != errno.ENOSPC:
                    raise
    return path


@contextmanager
def service(checkout: Path, disk: Path, log: Path) -> Iterator[tuple[subprocess.Popen, list[int]]]:
    """The simulator with two workers as the README starts it for a small server, and the workers' ports."""
    port = _two_ports()
    command = [sys.executable, "-m", "pushpull", "dashboard", "--address", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-show", "--behind-proxy", "--allow-origin", HOST, "--sessions", str(SESSIONS)]
    environment = {
        **os.environ,
        "PUSHPULL_SCENARIOS": str(disk / "scenarios"),
        "PUSHPULL_CACHE": str(disk / "cache"),
        "PYTHONPATH": str(checkout),
    }
    with log.open("wb") as output:
        started = subprocess.Popen(command, cwd=checkout, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield started, [port, port + 1]
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)


def _two_ports() -> int:
    """A free port whose neighbour is free too."""
    import socket

    while True:
        port = free_port()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                continue


def workers(started: subprocess.Popen) -> list[psutil.Process]:
    """The processes that serve."""
    found = []
    for each in psutil.Process(started.pid).children(recursive=True):
        try:
            if "--port" in each.cmdline() and "--workers" not in each.cmdline():
                found.append(each)
        except psutil.NoSuchProcess:
            continue
    return found


def memory(started: subprocess.Popen) -> int:
    """Bytes that the service holds, supervisor and workers together."""
    whole = psutil.Process(started.pid)
    found = 0
    for each in [whole, *whole.children(recursive=True)]:
        try:
            found += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return found


async def watch(started: subprocess.Popen, disk: Path | None, kills: int, seconds: float, told: dict) -> None:
    """Kill workers and fill the disk at their times, and note memory, until the end."""
    begun = time.monotonic()
    kill_at = [begun + seconds * (number + 1) / (kills + 1) for number in range(kills)]
    full_at = begun + seconds * 0.45 if disk else None  # a worker dies and begins again while it is full
    filler = None
    while time.monotonic() < begun + seconds:
        now = time.monotonic()
        told["memory"].append((now - begun, memory(started)))
        if kill_at and now >= kill_at[0]:
            kill_at.pop(0)
            serving = workers(started)
            serving[len(kill_at) % len(serving)].kill()
            told["kills"].append(now)
        if full_at and filler is None and now >= full_at:
            filler = fill(disk)
            told["full"].append(now)
        if filler and filler.exists() and now >= full_at + max(FULL_FOR, seconds * 0.1):
            filler.unlink()
            told["full"].append(now)
        await asyncio.sleep(1)
    if filler:
        filler.unlink(missing_ok=True)


async def _soak(address: str, started: subprocess.Popen, disk: Path | None, kills: int, seconds: float) -> dict:
    record, told = Record(), {"memory": [], "kills": [], "full": []}
    until = time.monotonic() + seconds
    visitors = [stay(number, address, HOST, until, record, disk is not None) for number in range(VISITORS)]
    await asyncio.gather(watch(started, disk, kills, seconds, told), *visitors)
    away = [(one, one + AFTER_A_KILL) for one in told["kills"]]
    counted = [1e3 * spent for when, spent in record.moves if not any(a <= when <= b for a, b in away)]
    first = [size for when, size in told["memory"] if SETTLED <= when <= 2 * SETTLED] or [told["memory"][0][1]]
    last = [size for when, size in told["memory"] if when >= seconds - SETTLED]
    full = told["full"] or [0.0, 0.0]
    return {
        "date": datetime.date.today().isoformat(),
        "minutes": round(seconds / 60, 1),
        "kills": len(told["kills"]),
        "asked": {f"{what} {way}": count for (what, way), count in sorted(record.ways.items())},
        "silences": record.silences,
        "moves_p50_ms": round(statistics.median(counted), 1),
        "moves_p95_ms": round(statistics.quantiles(counted, n=20)[-1], 1),
        "moves_max_ms": round(max(counted), 1),
        "memory_first_mb": round(statistics.fmean(first) / 1e6),
        "memory_last_mb": round(statistics.fmean(last) / 1e6),
        "said_while_full": sorted({said for when, said in record.sentences if full[0] < when < full[-1]}),
        "names_said": sorted({one.group() for _, said in record.sentences if (one := FILE.search(said))}),
        "workers_at_the_end": len(workers(started)),
    }


def soak(checkout: Path, minutes: float, kills: int, full: bool) -> dict:
    """The figures of a soak."""
    with small_disk() as (disk, is_own), tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        proxy = Path(folder) / "nginx"
        with service(checkout, disk, log) as (started, ports), proxied(ports, proxy) as address:
            _wait(address, started, log)
            figures = asyncio.run(_soak(address, started, disk if full and is_own else None, kills, 60 * minutes))
            there = {path.name for path in (disk / "scenarios").glob("*.yaml")}
            figures["files"] = len(there)
            figures["told_and_not_there"] = sorted(set(figures.pop("names_said")) - there)
            figures["tracebacks_in_log"] = log.read_text(errors="replace").count("Traceback")
            answers = Counter(status for _, status, _ in upstreams(proxy))
            figures["answers_of_the_workers"] = {str(status): count for status, count in sorted(answers.items())}
            figures["log"] = log.read_text(errors="replace")[-4000:]
        figures["exit_code"] = started.returncode
        return figures


def _wait(address: str, started: subprocess.Popen, log: Path) -> None:
    from tests.audit.guests import ask

    deadline = time.monotonic() + 120
    good = 0
    while time.monotonic() < deadline:
        if started.poll() is not None:
            raise RuntimeError(f"the service ended with {started.returncode}:\n{log.read_text(errors='replace')}")
        try:
            good = good + 1 if ask(address, "/health", HOST, {})[0] == 200 else 0
        except OSError:
            good = 0
        if good >= 6:  # whichever worker is asked
            return
        time.sleep(0.5)
    raise TimeoutError("the service did not answer within 120 s")


def main() -> None:
    """The command line."""
    reader = argparse.ArgumentParser(prog="python -m tests.audit.soak")
    reader.add_argument("--minutes", type=float, default=20)
    reader.add_argument("--kills", type=int, default=3)
    reader.add_argument("--fill", action="store_true")
    reader.add_argument("--checkout", type=Path, default=ROOT)
    chosen = reader.parse_args()
    print(json.dumps(soak(chosen.checkout.resolve(), chosen.minutes, chosen.kills, chosen.fill), indent=1))


if __name__ == "__main__":
    main()
