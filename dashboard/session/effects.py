"""What messages do beyond the state: files, the theme, work that one asks for; `taking` and `page_links` do the rest.

One record a message, as in `state.update`; its case takes a `Host`, which is the session as far as effects may use it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import panel as pn

from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.charts.sources import DIFFERENCE, places
from pushpull.dashboard.compute import shared
from pushpull.dashboard.compute.trust import Trust, trust_in
from pushpull.dashboard.export.evidence_pack import Pack, WordBrief
from pushpull.dashboard.export.reports import report_on
from pushpull.dashboard.i18n.notices import Notice, Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.session.computation import TRUST, Computation
from pushpull.dashboard.session.jobs import Background
from pushpull.dashboard.session.replay import Replay
from pushpull.dashboard.session.screen import Screen
from pushpull.dashboard.state.messages import Kind, entries, flag, mapping, of_type, says, text, whole
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.storage import corridors, user_folder
from pushpull.files.atomic import reason
from pushpull.scenario import remarks


class Host(Protocol):
    """What an effect may ask of a session, and set."""

    visitor: Visitor
    notices: tuple[Notice, ...]
    dark: bool
    history: History
    replay: Replay
    computation: Computation
    background: Background | None
    screen: Screen
    folder: Path | None  # of the user's own scenarios
    watch: user_folder.Watch | None  # of the file that is open
    pack: Pack | WordBrief | None  # that waits for its pictures

    @property
    def language(self) -> Language:
        """The language of the page, with money in the currency of the corridor."""

    @property
    def state(self) -> State:
        """The state of the session."""

    def send(self, message: dict) -> None:
        """Hand a message to the toolbar in the browser, which saves files and draws pictures."""

    def show(self) -> None:
        """Bring the page up to date."""

    def tell(self, notice: Notice) -> None:
        """Show a notice in the place of those before."""

    def refuse(self, fault: Exception) -> None:
        """Tell why something cannot be done."""

    def change_beside(
        self,
        kind: str,
        change: Callable[[State], State],
        then: Callable[[], None],
        *,
        way: Callable[[History, State, str | None], History] = History.going,
    ) -> None:
        """Go to the state that `change` makes, beside the page as it may take long, and then do what follows."""


@dataclass(frozen=True)
class Effect(Kind):
    """A kind of message that does something beyond the state: `case(host, *values)`.

    While the page is on its way to another state, one waits for it, but for those that do not rest on it (`at_once`)
    and those that lead to yet another (`replaces_page`).
    """

    at_once: bool = False
    replaces_page: bool = False


EFFECTS: list[Effect] = []


def effect(
    parse: Callable[[Mapping], tuple], at_once: bool = False, replaces_page: bool = False
) -> Callable[[Callable], Callable]:
    """Make a function the case of one more message, with these fields of its `Effect`."""

    def register(case: Callable[..., None]) -> Callable[..., None]:
        EFFECTS.append(Effect(case.__name__, parse, case, at_once, replaces_page))
        return case

    return register


# What stands on the page ----------------------------------------------------------------------------------------


@effect(entries(dismiss=whole), at_once=True)
def dismiss(host: Host, place: int) -> None:
    """Take away a notice."""
    host.notices = tuple(each for number, each in enumerate(host.notices) if number != place)
    host.show()


@effect(entries(charts=of_type(list)), at_once=True)
def make_charts(host: Host, wanted: list) -> None:
    """Make the charts of places that are soon in sight."""
    with pn.io.hold():
        host.screen.charts.make(*(place for place in (*places(), DIFFERENCE) if place in wanted))


@effect(entries(dark=flag), at_once=True)
def set_theme(host: Host, dark: bool) -> None:
    """Show the page dark or light."""
    host.dark = dark
    host.show()


@effect(says(guide=True))
def open_guide(host: Host) -> None:
    """Work out how far the corridor is to be trusted, for the panel of a first visit and for Help."""
    base, held = host.state.base, host.computation.findings.get(TRUST)
    if isinstance(held, Trust) and held.corridor == base.corridor.digest:
        return
    host.computation.begin(TRUST, lambda stop: iter([trust_in(base)]))


@effect(says(do="replay"))
def replay(host: Host) -> None:
    """Flip between the state before the last step and the one after."""
    before = host.history.before
    if before is not None and before.base.corridor == host.state.base.corridor:
        host.replay.start(before, host.state, host.computation.runs)


@effect(entries(run=of_type(list)), at_once=True)
def run_experiments(host: Host, ids: list) -> None:
    """Hold the model against published effects, one after the other."""
    there = {each.id for each in shared.experiments()}
    some = [name for name in dict.fromkeys(each for each in ids if isinstance(each, str)) if name in there]
    host.computation.begin("verdicts", lambda stop: shared.verdicts(some, stop))


@effect(says(prepare=True))
def prepare_report(host: Host) -> None:
    """Make the report on the corridor in the background."""
    base, words = host.state.base, host.language
    host.computation.learn("report", "")
    host.computation.begin("report", lambda stop: report_on(base, words))


# Files ----------------------------------------------------------------------------------------------------------


@effect(says(do="save"))
def download(host: Host) -> None:
    """Give the browser the scenario as a file to save."""
    host.send({"save": {"name": host.state.file_name, "text": host.state.to_yaml(), "type": "application/yaml"}})


@effect(says(do="folder"))
def save_in_folder(host: Host) -> None:
    """Save the scenario in the user's folder, and watch its file."""
    folder, say = host.folder, host.language.say
    if folder is None:
        return
    # Where a server keeps its files is nobody's business but the server's.
    shown = say("notices.your_folder") if host.visitor.among_many else str(folder)
    try:
        most = user_folder.MOST_FILES if host.visitor.among_many else None
        path = user_folder.save(folder, host.state.file_name, host.state.to_yaml(), most)
    except Refusal as full:
        host.tell(Notice(full.told(host.language)))
    except OSError as fault:
        host.tell(Notice(say("notices.not_saved", folder=shown, why=reason(fault))))
    else:
        host.watch = user_folder.Watch(path, host.state.scenario.to_yaml())
        host.tell(Notice(say("notices.saved", name=path.name, folder=shown), good=True))


@effect(entries(folder=text), replaces_page=True)
def open_from_folder(host: Host, name: str) -> None:
    """Open a scenario of the user's folder, and watch its file."""
    folder = host.folder
    watches: list[user_folder.Watch] = []

    def opened(state: State) -> State:
        path, content = user_folder.read(folder, name)
        watches[:] = [user_folder.Watch(path, content)]
        return state.with_file(content, name)

    def then() -> None:
        host.watch = watches[0]
        host.tell(_about_file(host.state, host.language, name))

    host.change_beside("file", opened, then)


def named_file(value: object) -> tuple[str, str]:
    name, content = entries(name=text, text=text)(mapping(value))
    return name, content


@effect(entries(file=named_file), replaces_page=True)
def open_file(host: Host, file: tuple[str, str]) -> None:
    """Open a scenario or a policy package that the browser has read from a file."""
    name, content = file

    def then() -> None:
        host.watch = None
        host.tell(_about_file(host.state, host.language, name))

    host.change_beside("file", lambda state: state.with_file(content, name), then)


@effect(entries(large=text), at_once=True)
def tell_too_large(host: Host, name: str) -> None:
    """Tell that a file is too large to be opened."""
    host.tell(Notice(host.language.say("notices.too_large", name=name[:120])))


def look_at_file(host: Host) -> None:
    """Read the open file again if it has changed; where it has faults, the last good state stays beside them."""
    if host.watch is None:
        return
    before, found = host.watch.path.name, host.watch.look()
    folder, name = host.watch.path.parent, host.watch.path.name
    if found in (user_folder.GONE, user_folder.RENAMED):
        host.tell(Notice(host.language.say(f"notices.{found}", name=before, now=name)))
    elif found == user_folder.CHANGED:
        host.change_beside(
            "file",
            lambda state: state.with_file(user_folder.read(folder, name)[1], name),
            lambda: host.tell(Notice(host.language.say("notices.reloaded", name=name), good=True)),
        )


def _about_file(state: State, words: Language, name: str) -> Notice:
    """What is told of a file that was opened."""
    lines = [words.say("notices.sets_more", names=", ".join(state.beyond))] if state.beyond else []
    lines += words.faults((*state.scenario.notes, *remarks(state.scenario)))
    summary = words.say("notices.loaded", name=name)
    return Notice.shortened(words, summary, lines + corridors.told(state.base, words), good=True)
