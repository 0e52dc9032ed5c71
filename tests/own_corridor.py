"""A corridor as a stranger would write it: three routes, a few numbers, a series file of their own office."""

from __future__ import annotations

from pathlib import Path

CORRIDOR = """\
schema_version: 2
id: strait
title: The strait
horizon: {start: 2000, end: 2040, policy_start: 2026}
routes:
  west: {title: Western crossing, busiest: true}
  middle: {title: Middle crossing}
  east: {title: Eastern crossing}
policies:
  enforced_return: {series: returned, scale: 1000}
  sentence_severity: {west: 2, middle: 3, east: 1}
context:
  destination_unemployment: {series: jobless, scale: 0.01}
  origin_growth: {series: income, transform: growth}
parameters:
  initial_route_share: {west: 0.5, middle: 0.3, east: 0.2}
  population_mix: {labour: 0.6, protection: 0.4}
  initial_attempts: 90000
  initial_origin_income: {series: income, at: 2001}
  base_death_risk: {west: 0.002, east: 0.01}
recorded:
  deaths_in_transit: [{series: drowned, title: Bodies found}]
notes: {initial_attempts: "Detections over the chance of being stopped"}
"""

SERIES = """\
series,year,timing,time,route,value,unit,source,quality,note
jobless,2001,calendar_year_mean,2001.5,,9.1,% of the labour force,office,A,
jobless,2010,calendar_year_mean,2010.5,,12.4,% of the labour force,office,A,
returned,2002,calendar_year_mean,2002.5,,20,thousand persons a year,office,B,
returned,2011,calendar_year_mean,2011.5,,35,thousand persons a year,office,B,
income,2000,calendar_year_mean,2000.5,,4100,USD a person a year,bank,A,
income,2010,calendar_year_mean,2010.5,,5200,USD a person a year,bank,A,
drowned,2005,calendar_year_mean,2005.5,,120,deaths a year,office,C,
"""

SOURCES = "| key | what |\n|---|---|\n| `office` | Yearbook of the coastguard |\n| `bank` | World tables |\n"

SCENARIO = """\
schema_version: 4
title: Twice as many returns
question: What if returns doubled?
corridor: strait
policies: {enforced_return: {times_today: 2}}
"""


def write(home: Path, corridor: str = CORRIDOR, series: str = SERIES, sources: str = SOURCES) -> Path:
    """Write the corridor into a modeller's folder, and a scenario beside it; the corridor's folder."""
    folder = home / "corridors" / "strait"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corridor.yaml").write_text(corridor, encoding="utf-8")
    (folder / "series.csv").write_text(series, encoding="utf-8")
    (folder / "SOURCES.md").write_text(sources, encoding="utf-8")
    (home / "returns.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """The text with one thing changed, which must stand in it."""
    assert old in text, old
    return text.replace(old, new, 1)
