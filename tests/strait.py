"""A small corridor of one's own, with records by route and a plan to fit it, as a newcomer would write it."""

from __future__ import annotations

import re
from pathlib import Path

from pushpull.scenario.library import shipped_folder

ID = "strait"
ROUTES = {"lighthouse": "north", "harbour": "east", "reef": "south"}  # each with the numbers of a shipped one
ARRIVALS = {
    "lighthouse": (46000, 43500, 42000, 40500, 41500),
    "harbour": (96000, 99500, 93000, 95500, 92000),
    "reef": (81000, 86500, 92000, 95500, 97000),
}
DEATHS = (990, 985, 960, 970, 985)
RESIDENTS = (1700000, 1760000, 1800000, 1830000, 1870000)
YEARS = range(2001, 2006)

PLAN = """\
schema_version: 1
until: 2004
priors:
  departure_rate: {times: [0.5, 2], why: "nothing recorded gives it"}
series:
  landings: {of: irregular_arrivals, error: 0.15, tolerance: 60, fitted: true, why: "counted at each gateway"}
  bodies_found: {of: deaths_recorded, error: 0.2, tolerance: 60, fitted: true, why: "an official count"}
  residents: {of: irregular_residents, reading: point, error: 0.3, fitted: false, why: "an estimate, compared only"}
"""

SCENARIO = f"""\
schema_version: 4
title: The strait as it is
corridor: {ID}
"""


def make(home: Path) -> Path:
    """Write the corridor below a folder, and a scenario beside it; the scenario's file."""
    folder = home / "corridors" / ID
    folder.mkdir(parents=True)
    (folder / "corridor.yaml").write_text(_corridor(), encoding="utf-8")
    (folder / "series.csv").write_text(_series(), encoding="utf-8")
    (folder / "calibration.yaml").write_text(PLAN, encoding="utf-8")
    scenario = home / "today.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return scenario


def folder_of(scenario: Path) -> Path:
    """The folder of the corridor beside a scenario that `make` wrote."""
    return scenario.parent / "corridors" / ID


def edit(scenario: Path, name: str, old: str, new: str) -> None:
    """Replace a text in one file of the corridor; it must be there."""
    path = folder_of(scenario) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _corridor() -> str:
    text = (shipped_folder() / "corridors" / "g8_2001" / "corridor.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("policies:\n")
    del head
    body = _of_one_origin(rest.partition("notes:\n")[0])
    for own, shipped in ROUTES.items():
        body = body.replace(f"{shipped}:", f"{own}:")
    return (
        f"schema_version: 1\nid: {ID}\ntitle: A strait\n"
        "horizon: {start: 2000, end: 2030, policy_start: 2015}\n"
        "routes:\n"
        "  lighthouse: {title: The lighthouse}\n"
        "  harbour: {title: The harbour, busiest: true}\n"
        "  reef: {title: The reef}\n"
        f"policies:\n{body}"
        "recorded:\n  irregular_residents:\n    - {series: residents, title: Estimates}\n"
        'notes:\n  departure_rate: "read off a survey of towns at origin"\n'
        '  base_death_risk: "bodies found over landings, 1999"\n'
    )


def _of_one_origin(body: str) -> str:
    """The blocks without origins: people of both together, and of all else what the first of them has."""
    whole = []
    for line in body.splitlines(keepends=True):
        name, _, value = line.strip().partition(": ")
        amounts = [float(each) for each in re.findall(r"(?:near|far): ([\d.e+-]+)", value)]
        if name in ("initial_attempt_share", "initial_resident_share"):
            continue
        whole.append(f"  {name}: {sum(amounts) if 'people' in name else amounts[0]:g}\n" if amounts else line)
    return "".join(whole)


def _series() -> str:
    rows = ["series,year,timing,time,route,value,unit,source,quality,note"]
    for route, values in ARRIVALS.items():
        for year, value in zip(YEARS, values, strict=True):
            rows.append(f"landings,{year},calendar_year_mean,{year}.5,{route},{value},landings a year,coast,B,")
    for year, value in zip(YEARS, DEATHS, strict=True):
        rows.append(f"bodies_found,{year},calendar_year_mean,{year}.5,,{value},deaths a year,coast,B,")
    for year, value in zip(YEARS, RESIDENTS, strict=True):
        rows.append(f"residents,{year},mid_year,{year}.5,,{value},persons,census,C,")
    return "\n".join(rows) + "\n"
