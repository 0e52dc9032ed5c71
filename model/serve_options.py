"""The options of the server, once: for the command line, for the server itself and for the workers it starts.

Neither the command line nor the dashboard imports the other; this table stands below both.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LAST_PORT = 65535
THIS_MACHINE = ("127.0.0.1", "localhost")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?\Z")


def split_host(host: str) -> tuple[str, int | None] | None:
    """Name and port of a `Host`, the name in small letters and without brackets; None where it is none."""
    found = _HOST.match(host)
    if found is None:
        return None
    name = found["name"].strip("[]").lower().rstrip(".")
    return (name, int(found["port"]) if found["port"] else None) if name else None


def _option(default: Any, help: str, metavar: str = "", least: int | None = None, most: int | None = None) -> Any:
    """A field of the options: what it means, how its value is called in a help text, and what numbers it allows."""
    return dataclasses.field(default=default, metadata={"help": help, "metavar": metavar, "least": least, "most": most})


@dataclass(frozen=True)
class ServeOptions:
    """How the simulator is served. Each field is an option of the same name, written `--in-this-way`."""

    port: int = _option(5006, "Port; 0 takes a free one.", "PORT", 0, LAST_PORT)
    address: str = _option(
        "127.0.0.1", "Address to listen on: this machine alone; 0.0.0.0 is every network.", "ADDRESS"
    )
    no_show: bool = _option(False, "Open no browser.")
    workers: int = _option(1, "Processes, at this port and those after it.", "N", 1, 64)
    sessions: int = _option(200, "Open tabs a process takes at most.", "N", 1, 10_000)
    allow_origin: tuple[str, ...] = _option((), "Name under which browsers reach the server.", "HOST[:PORT]")
    prefix: str = _option("", "Path under which a proxy serves the app.", "/PATH")
    behind_proxy: bool = _option(False, "Take the visitor's address from a proxy's headers.")
    password_file: str = _option("", "Ask users to sign in, by a file of `pushpull password`.", "FILE")
    room: bool = _option(False, "Open a room for phones as the page opens.")
    room_address: str = _option("", "Address of this machine at which phones come; found by itself.", "ADDRESS")
    supervised: bool = _option(False, "")  # a worker, which ends with its supervisor; not for people

    @property
    def for_many(self) -> bool:
        """Whether others than the user of this machine may come."""
        alone = self.workers == 1 and not self.supervised and not self.password_file
        return not alone or self.address not in THIS_MACHINE

    @property
    def has_door(self) -> bool:
        """Whether phones come by a listener of their own, as the simulator is for the user of this machine alone."""
        return not (self.for_many or self.allow_origin or self.behind_proxy)

    def worker(self, port: int) -> ServeOptions:
        """The options of one of its workers, at a port of its own."""
        return dataclasses.replace(self, port=port, workers=1, no_show=True, supervised=True)

    def command_line(self) -> list[str]:
        """The words of a command line that say these options; what stands at its default is left out."""
        words = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            for each in value if isinstance(value, tuple) else (value,):
                words += [flag(field)] if each is True else [flag(field), str(each)]
        return words

    def fault(self) -> str | None:
        """What is wrong with the options, in one line; None where nothing is."""
        for field in dataclasses.fields(self):
            least, most, value = field.metadata["least"], field.metadata["most"], getattr(self, field.name)
            if least is not None and not least <= value <= most:
                return f"{flag(field)} is {value}; allowed: {least} to {most}"
        if self.port + self.workers - 1 > LAST_PORT:
            return (
                f"--port {self.port} with --workers {self.workers} would need ports above {LAST_PORT}; "
                f"allowed: a --port up to {LAST_PORT - self.workers + 1}, or 0 for free ones"
            )
        if self.prefix and not re.fullmatch(r"(/[A-Za-z0-9_-]+)+", self.prefix):
            return f"--prefix is {self.prefix!r}; allowed: a path such as /simulator"
        for host in self.allow_origin:
            if split_host(host) is None:
                return f"--allow-origin is {host!r}; allowed: a name, with a port if need be{_meant(host)}"
        if self.password_file and not Path(self.password_file).is_file():
            return f"--password-file: there is no file {self.password_file!r}"
        return None


def flag(field: dataclasses.Field) -> str:
    """How an option is written on a command line."""
    return "--" + field.name.replace("_", "-")


def public_fields() -> list[dataclasses.Field]:
    """The options that people are told of."""
    return [field for field in dataclasses.fields(ServeOptions) if field.metadata["help"]]


def _meant(host: str) -> str:
    """What somebody meant who gave a whole address where a name is wanted."""
    name = urlsplit(host).netloc if "://" in host else host.partition("/")[0]
    return f"; did you mean {name}?" if name != host and split_host(name) else ""
