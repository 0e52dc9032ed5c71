"""Forms on paper, typed into a CSV file: a row for each lever that a seat moved, in the unit of its form.

A seat that moved nothing, or answers in words, has a row without lever and value. What it says why stands in one of its
rows.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from pushpull.files.csv_rows import csv_rows, told_once
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import read_bytes
from pushpull.wording.phrases import Phrase
from pushpull.workshop.proposals import Proposal, RefusedProposal, read_proposal
from pushpull.workshop.rounds import Round
from pushpull.workshop.seats import MOST
from pushpull.workshop.teams import Teams

COLUMNS = ("round", "seat", "role", "lever", "value", "why")
MOST_ROUNDS = 20
WHAT = Phrase("a file of proposals")


def blank_forms(teams: Teams) -> str:
    """The file to be filled in: a row for each lever of each seat, and one for each seat that answers in words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for seat, role in enumerate(teams.seats, 1):
        for lever in role.levers or ("",):
            writer.writerow((1, seat, role.id, lever, "", ""))
    return text.getvalue()


def read_proposals(path: str | os.PathLike, teams: Teams) -> tuple[Round, ...]:
    """The rounds of a file, in their order; raises ScenarioFaults with every fault at its line."""
    shown = os.fspath(path)
    return proposals_from(read_bytes(Path(path), shown), shown, teams)


def proposals_from(content: bytes, shown: str, teams: Teams) -> tuple[Round, ...]:
    """The rounds of a file's bytes, which faults call `shown`."""
    faults: list[Fault] = []
    rows = csv_rows(content, shown, COLUMNS, WHAT, faults)
    reader = _Rows(shown, teams, faults)
    for line, cells in rows.rows:
        reader.row(line, cells)
    rounds = reader.rounds()
    if faults:
        raise ScenarioFaults(told_once(faults, shown))
    return rounds


class _Rows:
    """Rows put together to the answers of seats."""

    def __init__(self, shown: str, teams: Teams, faults: list[Fault]):
        self.shown, self.teams, self.faults = shown, teams, faults
        self.answers: dict[tuple[int, int], dict] = {}
        self.lines: dict[tuple[int, int], int] = {}

    def fault(self, line: int, what: str, allowed: str = "", did_you_mean: str = "", remedy: str = "") -> None:
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean, remedy))

    def row(self, line: int, cells: list[str]) -> None:
        """One row, added to what its seat has answered."""
        if len(cells) != len(COLUMNS):
            what = Phrase("the row has {count} cells", count=len(cells))
            self.fault(line, what, Phrase("{count}, one for each column", count=len(COLUMNS)))
            return
        number, seat, name, lever, value, why = map(str.strip, cells)
        at_round = self._whole(line, "round", number, MOST_ROUNDS)
        at_seat = self._whole(line, "seat", seat, MOST)
        role = self.teams.role(name)
        if role is None:
            known = [each.id for each in (*self.teams.roles, self.teams.workshop.observer)]
            self.fault(line, Phrase("role is {given}", given=quote(name)), listed(known), nearest(name, known))
        if at_round is None or at_seat is None or role is None:
            return
        key = (at_round, at_seat)
        self.lines.setdefault(key, line)
        answer = self.answers.setdefault(key, {"role": name, "values": {}, "why": ""})
        if answer["role"] != name:
            what = Phrase(
                "seat {seat} plays {role} in this round, from line {line} on",
                seat=at_seat,
                role=answer["role"],
                line=self.lines[key],
            )
            self.fault(line, what, Phrase("one role for a seat in a round"))
            return
        if why:
            answer["why"] = f"{answer['why']} {why}".strip()
        if lever:
            self._lever(line, role.levers, answer["values"], lever, value)
        elif value:
            self.fault(line, Phrase("value {given} stands without a lever", given=quote(value)), listed(role.levers))

    def _lever(self, line: int, levers: tuple[str, ...], values: dict, lever: str, value: str) -> None:
        if lever not in levers:
            what = Phrase("lever is {given}, which this role does not move", given=quote(lever))
            self.fault(line, what, listed(levers) or Phrase("none, there are none"), nearest(lever, levers))
        elif lever in values:
            self.fault(line, Phrase("{name} stands here a second time for this seat and round", name=lever))
        elif value:
            try:
                values[lever] = float(value)
            except ValueError:
                meant = proposed(number_meant(value))
                what = Phrase("value of {lever} is {given}", lever=lever, given=quote(value))
                self.fault(line, what, Phrase("a number in the unit of the form"), remedy=meant)

    def _whole(self, line: int, column: str, text: str, most: int) -> int | None:
        if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most and len(text) < 9:
            return int(text)
        what = Phrase("{what} is {value}", what=column, value=quote(text))
        self.fault(line, what, Phrase("a whole number from {low} to {high}", low=1, high=most))
        return None

    def rounds(self) -> tuple[Round, ...]:
        """The answers as proposals, by round; those refused become faults at the first line of their seat."""
        proposals: dict[int, list[Proposal]] = {}
        for (number, seat), answer in sorted(self.answers.items()):
            try:
                proposals.setdefault(number, []).append(read_proposal(self.teams, seat, answer))
            except RefusedProposal as refused:
                line = self.lines[number, seat]
                self.fault(line, Phrase("seat {seat}: {sentence}", seat=seat, sentence=refused.sentence))
        return tuple(Round(self.teams, number, tuple(each)) for number, each in proposals.items())
