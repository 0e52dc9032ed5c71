"""Serve the simulator: `python -m pushpull.dashboard --port P --address A [--workers N] [--no-show]`."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import webbrowser
from pathlib import Path
from typing import NoReturn

from pushpull.dashboard.auth import passwords
from pushpull.dashboard.processes import ports, workers
from pushpull.dashboard.server.hosts import EVERYWHERE
from pushpull.serve_options import ServeOptions, flag


class CommandLine(argparse.ArgumentParser):
    """A command line whose faults are told in one line."""

    def error(self, message: str) -> NoReturn:
        """Tell a fault and end with 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def arguments(given: list[str] | None = None) -> ServeOptions:
    """The options of a command line, by the table of `ServeOptions`; ends with 2 where one is at fault."""
    parser = CommandLine(prog="python -m pushpull.dashboard", description="Open the simulator in a browser.")
    for field in dataclasses.fields(ServeOptions):
        shared = {"dest": field.name, "default": field.default, "help": field.metadata["help"] or argparse.SUPPRESS}
        if isinstance(field.default, bool):
            parser.add_argument(flag(field), action="store_true", **shared)
        elif isinstance(field.default, tuple):
            shared |= {"default": [], "metavar": field.metadata["metavar"]}
            parser.add_argument(flag(field), action="append", **shared)
        else:
            parser.add_argument(flag(field), type=type(field.default), metavar=field.metadata["metavar"], **shared)
    found = vars(parser.parse_args(given))
    options = ServeOptions(**{name: tuple(each) if isinstance(each, list) else each for name, each in found.items()})
    fault = options.fault()
    if fault is not None:
        parser.error(fault)
    return options


def main(given: list[str] | None = None) -> int:
    """Serve until stopped; 0 when stopped by the user, 2 when the port cannot be had."""
    options = arguments(given)
    if options.password_file:
        try:
            passwords.read(Path(options.password_file))
        except passwords.PasswordFault as fault:
            print(f"--password-file: {fault}", file=sys.stderr)
            return 2
    if options.workers > 1:
        return workers.run(options)
    if options.supervised:
        workers.end_with_supervisor()
    try:
        (port,) = ports.free(options.address, options.port, 1)
    except ports.NoPort as fault:
        print(fault, file=sys.stderr)
        return 2
    print("Preparing the simulator ...", flush=True)

    import panel as pn

    from pushpull.dashboard import app
    from pushpull.dashboard.processes import memory
    from pushpull.dashboard.server import serve

    pn.extension()
    app.warm(lambda words: print(words, file=sys.stderr, flush=True))
    memory.settle()
    try:
        server = serve.server_of(options, port)
    except serve.Unprepared as fault:
        print(fault, file=sys.stderr)
        return 2
    host = "localhost" if options.address in EVERYWHERE else options.address
    link = f"http://{f'[{host}]' if ':' in host else host}:{port}{options.prefix}/"
    print(f"Pushpull is at {link}  (Ctrl-C stops it)", flush=True)
    if not options.no_show:
        webbrowser.open(link + ("#room" if options.room else ""))
    serve.run_until_told(server)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
