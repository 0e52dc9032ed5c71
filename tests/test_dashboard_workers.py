"""Several workers under a supervisor: real processes, most of them a stand-in that starts faster than the dashboard."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.processes import ports, workers
from pushpull.dashboard.processes.workers import Worker, exit_code, keep
from tests.conftest import ROOT, free_port

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
SECONDS = 60
STARTED = r"worker at port (\d+) is process (\d+)"
# A worker that answers its process id at its port, once it has started, and ends with its supervisor.
STAND_IN = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pushpull.dashboard.processes.workers import end_with_supervisor
end_with_supervisor()
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_):
        pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
# The supervisor of such workers, with waits too short to notice.
SUPERVISOR = """
import sys
from pushpull.dashboard.processes import workers
from pushpull.dashboard.__main__ import main
workers.FIRST_WAIT = 0.01
workers.command = lambda chosen, port: [sys.executable, "-c", {code!r}, str(port)]
sys.exit(main(sys.argv[1:]))
"""


def answer(port, path=""):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as found:
        return found.read().decode()


THREADS = 17  # the place of their number behind the name in a process's `stat`


def until(true, *arguments):
    """Look until something is true; what it gave."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            found = true(*arguments)
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not become true")


def line_with(stream, pattern):
    """The next line in which the pattern is found, as a match."""
    for line in stream:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"no line with {pattern!r} before the end")


@contextmanager
def supervised(*options, code=STAND_IN):
    """A supervisor of stand-ins, in a process of its own; whatever it leaves is ended."""
    command = [sys.executable, "-c", SUPERVISOR.format(code=code), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def answering(count=2):
    """A supervisor all of whose stand-ins answer, and their ports."""
    with supervised("--port", "0", "--workers", str(count)) as process:
        announced = line_with(process.stdout, "^All .* at ports (.*) of")[1]
        yield process, [int(port) for port in re.findall(r"\d+", announced)]


def gone(pid):
    """Whether a process has ended with all its threads; until the last of them has, its ports are in use."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return False
    told = stat.read_text().rpartition(")")[2].split()
    return told[0] == "Z" and int(told[THREADS]) <= 1


def test_a_killed_worker_comes_back_at_its_port_and_the_others_never_stop(tmp_path):
    """With the dashboard itself."""
    command = [sys.executable, "-m", "pushpull", "dashboard", "--port", "0", "--workers", "2", "--no-show"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        pids = dict(tuple(map(int, line_with(process.stdout, STARTED).groups())) for _ in range(2))
        first, second = pids
        line_with(process.stdout, "^All 2 workers answer")
        os.kill(pids[second], signal.SIGKILL)
        line_with(process.stdout, f"worker at port {second} was ended by SIGKILL; it is started again in .* s")
        assert json.loads(answer(first, "/health"))["status"] == "ok" and not gone(pids[first])
        again = int(line_with(process.stdout, f"worker at port {second} is process (\\d+)")[1])
        assert until(lambda: json.loads(answer(second, "/health"))["status"]) == "ok"
        assert again != pids[second] and process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
        assert gone(pids[first]) and gone(again)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_the_service_ends_with_success_and_leaves_nobody(end):
    with answering(3) as (process, found):
        pids = [int(answer(port)) for port in found]
        process.send_signal(end)
        assert process.wait(SECONDS) == 0
        assert all(gone(pid) for pid in pids)


def test_a_killed_supervisor_leaves_no_worker_and_its_ports_are_free_at_once():
    with answering() as (process, found):
        pids = [int(answer(port)) for port in found]
        process.kill()
        for pid in pids:
            until(gone, pid)
        assert [ports.free("127.0.0.1", port, 1) for port in found] == [[port] for port in found]


def test_a_worker_that_is_stopped_by_hand_is_started_again_too():
    with answering() as (process, (first, second)):
        pid = int(answer(first))
        os.kill(pid, signal.SIGTERM)
        assert until(lambda: int(answer(first)) != pid)
        assert int(answer(second)) and process.poll() is None


@pytest.mark.parametrize(
    "code, ends",
    [
        ("import sys; sys.exit(7)", 7),
        ("import sys; sys.exit(2)", 2),
        ("", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("import os; os.abort()", 134),
    ],
)
def test_workers_that_never_answer_end_the_service_with_what_a_shell_would_say(code, ends):
    with supervised("--port", "0", "--workers", "2", code=code) as process:
        _, told = process.communicate(timeout=SECONDS)
        assert process.returncode == ends
        assert told.splitlines()[-1].endswith("the service ends")
        assert "Traceback" not in told


@given(st.integers(-64, 255))
def test_an_end_that_nobody_asked_for_is_never_a_success(returned):
    assert exit_code(returned) == (128 - returned if returned < 0 else max(returned, 1))
    assert 0 < exit_code(returned) <= 255


class Ended:
    """A process that has ended already."""

    pid = 1

    def __init__(self, *_, **__):
        self.stdin = io.BytesIO()

    def poll(self):
        return -9

    def terminate(self):
        pass

    def wait(self, *_):
        return -9


def test_waits_grow_to_a_bound_and_begin_anew_after_a_long_life(monkeypatch):
    monkeypatch.setattr(workers.subprocess, "Popen", Ended)
    worker = Worker(5006, [], {}, lambda: True, lambda _: None)
    waits, now = [], 0.0
    for life in [1.0] * 9 + [workers.STEADY, 1.0]:
        while worker.process is None:
            assert worker.look(now) is None
            now += 0.0625
        worker.answered = True
        now += life
        before = now
        assert worker.look(now) is None
        worker.look(worker.due - 0.001)
        assert worker.process is None
        waits.append(worker.due - before)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 0.5, 0.5]


def test_one_worker_that_cannot_start_does_not_keep_the_others_from_being_looked_after(monkeypatch):
    """All are ended where one is hopeless: none is left behind."""
    ended = []

    class Living(Ended):
        def poll(self):
            return None

        def terminate(self):
            ended.append("told")

    monkeypatch.setattr(workers, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(workers.subprocess, "Popen", lambda line, **_: Living() if line else Ended())
    living, hopeless = (Worker(port, line, {}, lambda: False, lambda _: None) for port, line in ((1, ["x"]), (2, [])))
    assert keep([living, hopeless], threading.Event()) == 137
    assert ended == ["told"]


class Living(Ended):
    """A process that goes on until it is killed."""

    returned = None

    def poll(self):
        return self.returned

    def kill(self):
        self.returned = -9


def test_a_worker_that_hangs_is_ended_and_started_again_and_one_that_is_slow_is_not(monkeypatch):
    monkeypatch.setattr(workers.subprocess, "Popen", Living)
    said, silent = [], [False]
    worker = Worker(5006, [], {}, lambda: not silent[0], said.append)
    now = 0.0

    def look_for(seconds):
        nonlocal now
        until = now + seconds
        while now < until:
            assert worker.look(now) is None
            now += 1.0

    look_for(5)
    first = worker.process
    for _ in range(3):
        silent[0] = True
        look_for(workers.LONGEST_SILENCE - workers.SECONDS_BETWEEN_CALLS)
        silent[0] = False
        look_for(2 * workers.SECONDS_BETWEEN_CALLS)
    assert worker.process is first and len(said) == 1
    silent[0] = True
    look_for(workers.LONGEST_SILENCE + 3 * workers.SECONDS_BETWEEN_CALLS)
    silent[0] = False
    look_for(10)
    assert worker.process is not first and worker.answered
    assert any("not answered" in line for line in said) and any("started again" in line for line in said)


def test_a_port_that_takes_connections_and_says_nothing_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not ports.answers("127.0.0.1", silent.getsockname()[1], "/health", 0.05)


# Ports -----------------------------------------------------------------------------------------------------


def faults_of(*options):
    """What the command line says, and with which code it ends, where it may start nothing."""
    command = [sys.executable, "-m", "pushpull", "dashboard", "--no-show", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)


@pytest.mark.parametrize("port, count", [(65535, 2), (65530, 7), (65500, 64)])
def test_workers_beyond_the_last_port_are_refused_in_one_line_before_anything_starts(port, count, capsys):
    with pytest.raises(SystemExit) as ended:
        arguments(["--port", str(port), "--workers", str(count)])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert f"up to {65536 - count}" in err
    assert arguments(["--port", str(65536 - count), "--workers", str(count)]).workers == count


def test_a_port_in_use_is_told_before_any_worker_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        found = faults_of("--port", str(busy - 1), "--workers", "2")
    assert (found.returncode, found.stdout) == (2, "")
    assert re.fullmatch(r"--port \d+ at 127.0.0.1 is in use; try another --port\n", found.stderr)


def test_free_ports_are_all_different_and_in_a_row_where_one_is_named():
    found = ports.free("127.0.0.1", 0, 20)
    assert len(set(found)) == 20 and min(found) > 0
    first = free_port()
    assert ports.free("127.0.0.1", first, 1) == [first]
    with pytest.raises(ports.NoPort, match=r"^--port 5010 at 203\.0\.113\.7 cannot be had \(.+\); try another --port$"):
        ports.free("203.0.113.7", 5010, 3)


@pytest.mark.parametrize(
    "found, words",
    [([5006], "5006"), ([5006, 5007], "5006 and 5007"), ([8, 9, 10], "8 to 10"), ([8, 10, 12], "8, 10 and 12")],
)
def test_ports_are_announced_as_they_are(found, words):
    assert ports.spoken(found) == words


# The folder one stands in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["model.py", "dashboard.py", "scenarios/__init__.py", "model/__init__.py"])
def test_files_of_the_folder_one_stands_in_are_never_taken_for_ours(tmp_path, name):
    """Neither by the command nor by the workers, which are asked for a port that cannot be had."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemExit('the stranger ran')\n")
    pushpull = "import sys; from pushpull.__main__ import main; sys.exit(main(sys.argv[1:]))"
    options = ["dashboard", "--no-show", "--port", "65535", "--workers", "2"]
    command = [sys.executable, "-P", "-c", pushpull, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert "stranger" not in found.stdout + found.stderr
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)


def test_every_program_of_ours_is_started_without_the_folder_one_stands_in(tmp_path, monkeypatch):
    (tmp_path / "dashboard.py").write_text("raise SystemExit('the stranger ran')\n")
    monkeypatch.chdir(tmp_path)
    line = workers.command(arguments(["--workers", "2"]), 70_000)
    found = subprocess.run(line, env=workers.own_process.environment(), capture_output=True, text=True, timeout=SECONDS)
    assert "stranger" not in found.stdout + found.stderr
    assert found.stderr == "python -m pushpull.dashboard: --port is 70000; allowed: 0 to 65535\n"
