"""Several processes for many visitors, each at a port of its own, and the supervisor that keeps them going.

A tab talks to one process from its first request to its last, so a proxy in front must send a browser to the same port
each time. A worker that ends, or hangs and is ended, is started again at its port, sooner or later according to how
long it lived; the others go on meanwhile. Workers live no longer than their supervisor, however it ends: each holds one
end of a pipe whose other end only the supervisor has, and the system closes that with the supervisor.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from pushpull import own_process
from pushpull.dashboard.auth.shared_state import SECRET
from pushpull.dashboard.processes import ports
from pushpull.serve_options import ServeOptions

SECONDS_TO_CLOSE = 10
SECONDS_BETWEEN_LOOKS = 0.1
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a worker is started again; doubled at each early death
SECONDS_BETWEEN_CALLS = 10.0  # by which it is seen whether a worker still answers
LONGEST_SILENCE = 60.0  # of a worker that has answered, before it is ended as one that hangs
STEADY = 60.0  # seconds after which a worker's end is no longer counted with those before
MOST_FAILED_STARTS = 5  # in a row, without having answered: then it is hopeless
REFUSED = 2  # what a worker ends with where it cannot work as it was told to


def command(options: ServeOptions, port: int) -> list[str]:
    """The command of one worker."""
    return [*own_process.command("pushpull.dashboard"), *options.worker(port).command_line()]


def exit_code(returned: int) -> int:
    """What a shell says of a process that ended by itself: its code, 128 + n for a signal, and never success."""
    return 128 - returned if returned < 0 else returned or 1


def ending(returned: int) -> str:
    """How a process ended, in words."""
    if returned >= 0:
        return f"ended with {returned}"
    try:
        return f"was ended by {signal.Signals(-returned).name}"
    except ValueError:
        return f"was ended by signal {-returned}"


class Worker:
    """One process at its port, started again whenever it ends: at the time `due`, in seconds."""

    def __init__(
        self,
        port: int,
        line: list[str],
        environment: dict[str, str],
        answers: Callable[[], bool],
        tell: Callable[[str], None],
    ):
        self.port = port
        self.process: subprocess.Popen | None = None
        self.answered = False
        self._line, self._environment, self._answers, self._tell = line, environment, answers, tell
        self._began = self.due = self._called = self._heard = 0.0
        self._failed_starts = self._early_ends = self._starts = 0

    def look(self, now: float) -> int | None:
        """Start the process if it is time; the service's exit code where no further start would help, else None."""
        if self.process is None:
            if now >= self.due:
                self._start(now)
            return None
        returned = self.process.poll()
        if returned is None:
            self._call(self.process, now)
            return None
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None
        return self._ended(returned, now)

    def _call(self, process: subprocess.Popen, now: float) -> None:
        """Ask whether the process answers, and end one that no longer does: it would keep its tabs waiting for ever."""
        if self.answered and now - self._called < SECONDS_BETWEEN_CALLS:
            return
        self._called = now
        if self._answers():
            self.answered, self._heard = True, now
        elif self.answered and now - self._heard > LONGEST_SILENCE:
            self._tell(f"The worker at port {self.port} has not answered for {now - self._heard:.0f} s and is ended")
            process.kill()

    def _start(self, now: float) -> None:
        self.answered, self._began = False, now
        self._starts += 1
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the workers.
        self.process = subprocess.Popen(
            self._line, env=self._environment, stdin=subprocess.PIPE, start_new_session=True
        )
        self._tell(f"The worker at port {self.port} is process {self.process.pid}")

    def _ended(self, returned: int, now: float) -> int | None:
        told = f"The worker at port {self.port} {ending(returned)}"
        self._failed_starts = 0 if self.answered else self._failed_starts + 1
        self._early_ends = 0 if self.answered and now - self._began >= STEADY else self._early_ends + 1
        refused = returned == REFUSED and self._starts == 1
        if refused or self._failed_starts >= MOST_FAILED_STARTS:
            why = "as it was started" if refused else f"{self._failed_starts} times before it could answer"
            self._tell(f"{told}, {why}; the service ends")
            return exit_code(returned)
        wait = min(FIRST_WAIT * 2 ** max(self._early_ends - 1, 0), LONGEST_WAIT)
        self.due = now + wait
        self._tell(f"{told}; it is started again in {wait:g} s, and the others go on")
        return None

    def end(self) -> None:
        """Ask the process to end."""
        if self.process is not None:
            self.process.terminate()

    def wait(self) -> None:
        """Wait until the process has ended, and end it where it takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(SECONDS_TO_CLOSE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep(workers: list[Worker], stopped: threading.Event, ready: Callable[[], None] = lambda: None) -> int:
    """Keep the workers going until told to stop, which is a success, or until it is hopeless; end them all then.

    `ready` is called once, when all have answered.
    """
    told = False
    try:
        while not stopped.is_set():
            for worker in workers:
                code = worker.look(time.monotonic())
                if code is not None and not stopped.is_set():
                    return code
            if not told and all(worker.answered for worker in workers):
                told = True
                ready()
            stopped.wait(SECONDS_BETWEEN_LOOKS)
        return 0
    finally:
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.wait()


def run(options: ServeOptions) -> int:
    """Serve with several workers until stopped: 0 when told to, 2 when a port cannot be had, else as `exit_code`."""
    try:
        found = ports.free(options.address, options.port, options.workers)
    except ports.NoPort as fault:
        _tell(str(fault))
        return REFUSED
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    print(f"Starting {len(found)} workers at ports {ports.spoken(found)} of {options.address}", flush=True)

    # One secret for all, so that who signed in at one worker is signed in at every other, and after it has ended too.
    environment = own_process.environment(**{SECRET: secrets.token_hex(32)})

    path = f"{options.prefix}/health"

    def worker(port: int) -> Worker:
        answers = partial(ports.answers, options.address, port, path)
        return Worker(port, command(options, port), environment, answers, _tell)

    told = f"All {len(found)} workers answer, at ports {ports.spoken(found)} of {options.address}"
    return keep([worker(port) for port in found], stopped, lambda: print(told, flush=True))


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def end_with_supervisor() -> None:
    """In a worker: end when the supervisor is gone, which closes the pipe that is this process's standard input."""

    def watch() -> None:
        while os.read(0, 1):
            continue
        # Not SIGTERM to the group: only this process is meant.
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_CLOSE)
        os._exit(exit_code(-signal.SIGTERM))

    threading.Thread(target=watch, name="supervisor watch", daemon=True).start()
