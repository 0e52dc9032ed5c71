"""Several processes for many visitors, each at a port of its own.

A tab talks to one process from its first request to its last, so a proxy in front must send a visitor to the same port
each time, as nginx does with `hash $remote_addr consistent`.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from argparse import Namespace

SECONDS_TO_CLOSE = 10
FOLDER, OFF = "PUSHPULL_SCENARIOS", "off"
SECRET = "PUSHPULL_COOKIE_SECRET"


def command(chosen: Namespace, port: int) -> list[str]:
    """The command of one worker."""
    found = [sys.executable, "-m", "dashboard", "--port", str(port), "--address", chosen.address, "--no-show"]
    found += ["--sessions", str(chosen.sessions)]
    found += [part for host in chosen.allow_origin for part in ("--allow-origin", host)]
    found += ["--prefix", chosen.prefix] if chosen.prefix else []
    found += ["--password-file", chosen.password_file] if chosen.password_file else []
    return found + (["--behind-proxy"] if chosen.behind_proxy else [])


def run(chosen: Namespace) -> int:
    """Start the workers and wait; told to stop, or where one ends, end them all. The exit code of the first to end."""
    # One secret for all, so that who signed in at one worker is signed in at every other.
    environment = {FOLDER: OFF, SECRET: secrets.token_hex(32), **os.environ}
    last = chosen.port + chosen.workers - 1
    print(f"Starting {chosen.workers} workers at ports {chosen.port} to {last} of {chosen.address}", flush=True)
    started: list[subprocess.Popen] = []

    def stop(*_: object) -> None:
        for each in started:
            each.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for port in range(chosen.port, last + 1):
        started.append(subprocess.Popen(command(chosen, port), env=environment))
    while all(each.poll() is None for each in started):
        time.sleep(0.2)
    code = next(each.returncode for each in started if each.returncode is not None)
    stop()
    for each in started:
        try:
            each.wait(SECONDS_TO_CLOSE)
        except subprocess.TimeoutExpired:
            each.kill()
    return max(code, 0)
