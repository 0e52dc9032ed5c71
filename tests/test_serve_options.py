"""The options of the server: one table for the command line, the server and its workers."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pushpull.commands.application import app
from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.processes import workers
from pushpull.serve_options import ServeOptions


@given(
    port=st.integers(0, 65000), workers=st.integers(1, 64), sessions=st.integers(1, 10_000), no_show=st.booleans(),
    address=st.sampled_from(["127.0.0.1", "0.0.0.0", "::1"]), behind_proxy=st.booleans(),
    allow_origin=st.lists(st.sampled_from(["maps.example.org", "[::1]:5006", "host:80"])).map(tuple),
    prefix=st.sampled_from(["", "/simulator", "/a/b"]),
)  # fmt: skip
def test_a_command_line_says_the_options_it_was_made_of(**named):
    options = ServeOptions(**named)
    assert arguments(options.command_line()) == options
    worker = options.worker(5001)
    assert arguments(worker.command_line()) == worker
    assert worker.for_many and worker.workers == 1


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server is a child of the command")
def test_the_command_hands_on_what_it_is_given(monkeypatch):
    given = ["--port", "5100", "--workers", "3", "--allow-origin", "a.org", "--allow-origin", "b.org", "--no-show"]
    handed = []

    def replaced(_, line, __):
        handed.append(line)
        raise SystemExit(0)

    monkeypatch.setattr("os.execve", replaced)
    assert CliRunner().invoke(app, ["dashboard", *given]).exit_code == 0
    (line,) = handed
    assert arguments(line[line.index("pushpull.dashboard") + 1 :]) == arguments(given)


def test_what_cannot_be_served_is_refused(capsys):
    for words in (["--workers", "0"], ["--sessions", "0"], ["--prefix", "no slash"], ["--password-file", "none.json"]):
        with pytest.raises(SystemExit):
            arguments(words)
        assert words[0] in capsys.readouterr().err


def test_each_worker_serves_at_a_port_of_its_own():
    chosen = arguments(["--port", "5100", "--workers", "3", "--allow-origin", "maps.example.org", "--behind-proxy"])
    command = workers.command(chosen, 5102)
    assert command[command.index("--port") + 1] == "5102" and "--workers" not in command
    assert command[command.index("--allow-origin") + 1] == "maps.example.org" and "--behind-proxy" in command
