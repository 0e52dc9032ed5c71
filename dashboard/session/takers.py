"""What a session does with the messages of its components."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import panel as pn

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import shared
from pushpull.dashboard.export.evidence_pack import Pack, packing
from pushpull.dashboard.export.reports import report_on
from pushpull.dashboard.session import messages
from pushpull.dashboard.state.state import Refused, State
from pushpull.dashboard.state.view import View
from pushpull.dashboard.storage import corridors, user_folder
from pushpull.files.atomic import reason
from pushpull.scenario import policy_names, remarks
from pushpull.wording import palette

LOOKS = {each.name for each in fields(View)} - {"language", "year"}


def _moved(state: State, moves: Iterable[tuple[str, float | None, str | None]]) -> State:
    """A state with levers and drivers moved; what has another name is left out."""
    known = catalogue()
    for name, value, route in moves:
        if name in known.levers or name in known.context:
            state = state.with_value(name, value, route)
    return state


class Takers:
    """The messages a session takes; `pushpull.dashboard.session.session` is where they lead."""

    def _at_panel(self, message: dict) -> None:
        is_context = message.get("panel") == "context"
        match message:
            case {"moves": list(moves), "turn": turn}:
                self.turns["context" if is_context else "levers"] = messages.turn(turn)
                mover = "+".join(sorted(str(each["id"]) for each in moves if isinstance(each, dict) and "id" in each))
                self.change(lambda state: _moved(state, messages.moves(moves)), mover)
            case {"release": _}:
                self._release()
            case {"schedule": {"id": str(name), "form": form, "route": None | str() as route}}:
                self.change(lambda state: state.with_schedule(name, form, route))
            case {"unset": _}:
                self.change(State.without_context if is_context else lambda state: state.with_package(None))
            case {"years": {"end": int(year) | float(year)}}:
                self.change(lambda state: state.with_horizon(end=messages.number(year)))
            case {"years": {"policy_start": int(year) | float(year)}}:
                self.change(lambda state: state.with_horizon(policy_start=messages.number(year)))
            case {"open": str(name)}:
                self.attempt(lambda: self.state.looking(page="evidence", subject=name))

    def _release(self) -> None:
        """The hand has left the slider: axes may rescale, and the next move is a step of its own."""
        self.history.settle()
        if self.moving:
            self.moving = False
            with pn.io.hold():
                self.charts.rescale()

    def _at_toolbar(self, message: dict) -> None:
        match message:
            case {"corridor": str(name)}:
                self._open_corridor(name)
            case {"package": str(name)} if name in ("", *policy_names()):
                self.change(lambda state: state.with_package(name or None))
            case {"language": str(code)}:
                self.attempt(lambda: self.state.looking(language=code))
            case {"do": "undo" | "redo" as way}:
                self.step(way)
            case {"do": "replay"}:
                self.replay.start()
            case {"reset": "policies" | "context" | "both" as what}:
                self.notices = []
                changes = {
                    "policies": lambda: self.state.with_package(None),
                    "context": self.state.without_context,
                    "both": self.state.reset,
                }
                self.attempt(changes[what])
            case {"do": "save"}:
                self.toolbar.send({"save": {"name": self.state.file_name, "text": self.state.to_yaml()}})
            case {"do": "keep"}:
                self._keep()
            case {"do": "shelf"}:
                self._shelve()
            case {"shelf": str(name)}:
                self._take_from_shelf(name)
            case {"do": "pack"}:
                self._pack()
            case {"pictures": dict(pictures)}:
                self._send_pack(pictures)
            case {"file": {"name": str(name), "text": str(content)}}:
                self._load(name, content)
            case {"large": str(name)}:
                self.say(self.language.say("notices.too_large", name=name[:120]))
                self.show()
            case {"dark": bool(dark)}:
                self._dress(dark)

    def _open_corridor(self, name: str) -> None:
        """Open a corridor, and tell what is to be known of one's own."""
        if self.attempt(lambda: State.opening(name, self.state.view, self.state.homes)):
            lines, quoted = corridors.told(self.state.base, self.language)
            if lines or quoted:
                title = self.state.base.corridor.title
                self.say(self.language.say("notices.loaded", name=title), lines, good=True, quoted=quoted)
                self.show()

    def _keep(self) -> None:
        """Put the scenario as it stands beside this one, to compare with."""
        if self.attempt(lambda: self.state.keeping(self.state.named())):
            self.say(self.language.say("notices.kept", title=self.state.kept[-1].title), good=True)
            self.show()

    def _shelve(self) -> None:
        """Save the scenario in the user's folder."""
        place, say = self.shelf_folder, self.language.say
        if place is None:
            return
        # Where a server keeps its files is nobody's business but the server's.
        shown = say("notices.your_folder") if self.visitor.among_many else str(place)
        try:
            path = user_folder.save(place, self.state, user_folder.MOST_FILES if self.visitor.among_many else None)
        except Refused as full:
            self.say(full.told(self.language))
        except OSError as fault:
            self.say(say("notices.not_saved", folder=shown, why=reason(fault)))
        else:
            self.say(say("notices.saved", name=path.name, folder=shown), good=True)
            self.watch = user_folder.Watch(path, self.state.scenario.to_yaml())
        self.show()

    def _take_from_shelf(self, name: str) -> None:
        """Open a scenario of the user's folder, and watch its file."""
        folder = self.shelf_folder

        found = []

        def opened(state: State) -> State:
            path, content = user_folder.read(folder, name)
            found[:] = [user_folder.Watch(path, content)]
            return state.with_file(content, name)

        def then() -> None:
            self.watch = found[0]
            self._say_loaded(name)

        self.attempt_aside("file", opened, then)

    def look_at_file(self) -> None:
        """Read the open file again if it has changed; where it has faults, the last good state stays beside them."""
        if self.watch is None:
            return
        before, found = self.watch.path.name, self.watch.look()
        folder, name = self.watch.path.parent, self.watch.path.name

        def then() -> None:
            self.say(self.language.say("notices.reloaded", name=name), good=True)
            self.show()

        if found in (user_folder.GONE, user_folder.RENAMED):
            self.say(self.language.say(f"notices.{found}", name=before, now=name))
            self.show()
        elif found == user_folder.CHANGED:
            self.attempt_aside("file", lambda state: state.with_file(user_folder.read(folder, name)[1], name), then)

    def _pack(self) -> None:
        """Make the evidence pack in the background; the browser then draws its pictures."""
        state, runs, found = self.state, self.runs, self.worlds
        if self.background is not None:
            self.background.start(
                "pack",
                lambda stop: packing(self.language, state, runs, found, stop),
                self._take_pack,
                self._pack_fails,
            )

    def _take_pack(self, pack: Pack) -> None:
        self.packed = pack
        self.toolbar.send({"draw": dict(pack.drawings)})

    def _pack_fails(self, fault: Exception) -> None:
        self.toolbar.send({"packed": True})
        self.refuse(fault)
        self.show()

    def _send_pack(self, pictures: dict) -> None:
        pack, self.packed = self.packed, None
        if pack is None:
            self.toolbar.send({"packed": True})
        elif self.background is None:
            try:
                self._hand_over(pack.name, pack.zipped(pictures))
            except Refused as refused:
                self._pack_fails(refused)
        else:
            self.background.start(
                "pack",
                lambda stop: iter([pack.zipped(pictures)]),
                lambda content: self._hand_over(pack.name, content),
                self._pack_fails,
            )

    def _hand_over(self, name: str, content: str) -> None:
        self.toolbar.send({"save": {"name": name, "base64": content}, "packed": True})

    def _load(self, name: str, content: str) -> None:
        def then() -> None:
            self.watch = None
            self._say_loaded(name)

        self.attempt_aside("file", lambda state: state.with_file(content, name), then)

    def _say_loaded(self, name: str) -> None:
        beyond = self.state.beyond
        lines = [self.language.say("notices.sets_more", names=", ".join(beyond))] if beyond else []
        of_corridor, quoted = corridors.told(self.state.base, self.language)
        changed = [*map(str, (*self.state.scenario.notes, *remarks(self.state.scenario))), *quoted]
        self.say(self.language.say("notices.loaded", name=name), lines + of_corridor, good=True, quoted=changed)
        self.show()

    def _at_headlines(self, message: dict) -> None:
        match message:
            case {"year": int(year) | float(year)}:
                self.attempt(lambda: self.state.in_year(messages.number(year)))
            case {"chosen": list(names)}:
                self.attempt(lambda: self.state.looking(chosen=names))
            case {"why": str(name)}:
                self.attempt(lambda: self.state.looking(page="why", focus=name))

    def _at_bridge(self, message: dict) -> None:
        match message:
            case {"dismiss": int(place)}:
                self.notices = [each for number, each in enumerate(self.notices) if number != place]
                self.show()
            case {"dark": bool(dark)}:
                self._dress(dark)
            case {"formula": str(formula), "setting": str(setting)}:
                self.change(lambda state: state.with_formula(setting, formula))
            case {"loop": bool(on), "name": str(name)}:
                self.change(lambda state: state.with_loop(name, on))
            case {"pair_across": str(name)}:
                self.attempt(lambda: self.state.looking(pair=(name, self.state.view.pair[1])))
            case {"pair_up": str(name)}:
                self.attempt(lambda: self.state.looking(pair=(self.state.view.pair[0], name)))
            case {"year": str(year)}:
                self.attempt(lambda: self.state.in_year(messages.number(year)))
            case {"loop_shown": str(name)}:
                self.attempt(lambda: self.state.looking(loop=name))
            case {"run": list(ids)}:
                self._run_experiments(ids)
            case {"prepare": True}:
                self._prepare_report()
            case {"unkeep": int(place)}:
                self.attempt(lambda: self.state.without_kept(place))
            case _:
                looks = {key: value for key, value in message.items() if key in LOOKS}
                if looks:
                    self.attempt(lambda: self.state.looking(**looks))

    def _run_experiments(self, ids: list) -> None:
        """Hold the model against published effects, one after the other."""
        there = {each.id for each in shared.experiments()}
        some = [name for name in dict.fromkeys(each for each in ids if isinstance(each, str)) if name in there]
        if self.background is not None:
            self._begin("verdicts", lambda stop: shared.verdicts(some, stop))

    def _prepare_report(self) -> None:
        """Make the report on the corridor in the background."""
        base = self.state.base
        self.learn("report", "")
        if self.background is not None:
            self._begin("report", lambda stop: report_on(base, self.language))

    def _dress(self, dark: bool) -> None:
        self.dark = dark
        with pn.io.hold():
            self.charts.dress(palette.palette_of(dark))
            self.show()
