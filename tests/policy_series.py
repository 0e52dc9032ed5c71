"""The series that the model reads of dated policy, from the settled codings: `python -m tests.policy_series`.

For each origin and month, of families and children, whose record stands for all who ask for protection between ports,
each alike: who may not be held, less those expelled and those sent to wait elsewhere, by how far claims are open to
that origin beside others. No row of expulsion, waiting or appointments is none. Where the coding is silent on claims,
families, sanctions or passage, the value before it holds; where on children, that of families. A stretch of equal
months becomes two points, the middles of its fourth month and of its last: a run goes from one value to the next in
four months, as if a rule took hold little by little (an assumption), and never before the rule.
"""

from datetime import date
from itertools import groupby

from tests.policy_codings import GROUPS, MONTHS, Cell, on_day, read, rows_by_cell

ACCESS = "elsewhere"  # whose access to claims stands for all: no rule of expulsion covers them
GATEWAYS = {  # each sector that had orders of its own, and the gateway that it stands for (an assumption)
    "san_diego": "california",
    "tucson": "arizona",
    "el_paso": "west_texas",
    "rio_grande_valley": "south_texas",
}
STREAMS = ("families", "children")
STAYS_NEAR = 0.1  # assumption: share of those stopped and refused, not expelled, who stay near the border
HOME_FROM = 2025  # from then on who is expelled is flown home, and counts among those sanctioned
DAYS = 365
TAKES_HOLD = 3  # assumption: months after its first in which a rule is applied in full
SOURCE = "policy_events"


def values(cells, instrument, stream, origin, route, missing=0.0, holds=False):
    """One value for each month, `missing` where nothing is coded, or the one before where that `holds`."""
    months, last = [], missing
    for month in MONTHS:
        rows = on_day(cells.get(Cell(instrument, stream, origin, route), []), month)
        last = float(rows[0]["share"]) if rows else last if holds else missing
        months.append(last)
    return months


def over_the_border(expelled):
    """Of the shares expelled, those who are put back just over the border."""
    return [each if month.year < HOME_FROM else 0.0 for each, month in zip(expelled, MONTHS, strict=True)]


def paroled(cells):
    """Lawful places a year for people of farther Americas: for Venezuelans alone, then for four nationalities together;
    those given in all are spread over the days of their row."""
    months = []
    for month in MONTHS:
        rows = on_day(cells.get(Cell("parole_places", "all", "venezuela", "air"), []), month)
        places = float(rows[0]["share"]) if rows else 0.0
        if rows and rows[0]["unit"] == "people in all":
            first, last = (date.fromisoformat(rows[0][end]) for end in ("start", "end"))
            places *= DAYS / (last - first).days
        months.append(places)
    return months


def series():
    """Each series by name: its unit and one value for each month."""
    cells = rows_by_cell(read("policy_events"))
    at = {"route": "between_ports"}
    result = {}
    access = {each: values(cells, "claim_access", "presenting", each, holds=True, **at) for each in GROUPS}
    result["asylum_access"] = "share", access[ACCESS]
    for origin in GROUPS:
        expelled = values(cells, "expelled_share", "evading", origin, **at)
        families = values(cells, "may_not_be_held_share", "families", origin, holds=True, **at)
        streams = []
        for stream in STREAMS:
            free = values(cells, "may_not_be_held_share", stream, origin, missing=None, **at)
            out = values(cells, "expelled_share", stream, origin, **at)
            wait = values(cells, "returned_to_wait_share", stream, origin, **at)
            held = [family if each is None else each for each, family in zip(free, families, strict=True)]
            streams.append([a * (1 - b) * (1 - c) for a, b, c in zip(held, out, wait, strict=True)])
        own = [
            1.0 if gone else min(mine / all_, 1.0)
            for gone, mine, all_ in zip(expelled, access[origin], access[ACCESS], strict=True)
        ]
        means = [sum(each) / len(each) for each in zip(*streams, strict=True)]
        result[f"release_share_{origin}"] = "share", [a * b for a, b in zip(means, own, strict=True)]
        if origin != "mexico":
            near = [STAYS_NEAR + (1 - STAYS_NEAR) * each for each in over_the_border(expelled)]
            result[f"near_return_{origin}"] = "share", near
    mexico = values(cells, "transit_pass_share", "all", "northern_triangle", "mexico", missing=1.0, holds=True)
    darien = values(cells, "transit_pass_share", "all", "farther_americas", "darien", missing=1.0, holds=True)
    result["transit_pass_share_northern_triangle"] = "share", mexico
    result["transit_pass_share_farther_americas"] = "share", [a * b for a, b in zip(mexico, darien, strict=True)]
    sanctioned = values(cells, "sanctioned_share", "evading", "mexico", holds=True, **at)
    expelled = over_the_border(values(cells, "expelled_share", "evading", "mexico", **at))
    result["border_consequences"] = "share", [a * (1 - b) for a, b in zip(sanctioned, expelled, strict=True)]
    places = values(cells, "port_appointments", "all", "mexico", "ports")
    result["ports_of_entry_places"] = "persons a year", [each * DAYS for each in places]
    result["parole_places_farther_americas"] = "persons a year", paroled(cells)
    for sector, gateway in GATEWAYS.items():
        on_the_line = values(cells, "forward_deployment", "all", "mexico", sector)
        result[f"forward_deployment@{gateway}"] = "share", on_the_line
    return result


def rows():
    """Rows of series.csv: two points for each stretch of months with one value, its fourth and its last."""
    lines = []
    for label, (unit, months) in series().items():
        name, _, route = label.partition("@")
        dated = [
            (date.year + (date.month - 0.5) / 12, round(value, 4)) for date, value in zip(MONTHS, months, strict=True)
        ]
        for value, stretch in groupby(dated, key=lambda each: each[1]):
            times = [time for time, _ in stretch]
            ends = (times[0] if times[0] == dated[0][0] else min(times[0] + TAKES_HOLD / 12, times[-1]), times[-1])
            for time in ends[: 1 + (ends[1] - ends[0] > 0.5 / 12)]:
                lines.append([name, str(int(time)), "as_dated", repr(time), route, f"{value:g}", unit, SOURCE, "D", ""])
    return lines


if __name__ == "__main__":
    for line in rows():
        print(",".join(line))
