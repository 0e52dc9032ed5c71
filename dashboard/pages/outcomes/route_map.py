"""The corridor as a picture: streams as wide as the traffic through the gateways, fees, stops and the weak link."""

from __future__ import annotations

from markupsafe import Markup

from pushpull import Result
from pushpull.dashboard.compute.indicators import STRICTNESS, moment, weakest
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure
from pushpull.dashboard.state.state import State
from pushpull.svg import Frame, picture
from pushpull.svg.frame import at, label
from pushpull.wording.markup import element

WIDTH, ROW, TOP = 900.0, 84.0, 34.0
GATE, ORIGIN, DESTINATION = 470.0, 112.0, 790.0
WIDEST = 46.0


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """The corridor under yours in the year that is looked at."""
    title = language.say("outcomes.routes.map", year=language.numbers.year(state.year))
    return figure(language, "corridor", title, "", draw(language, state, runs.yours, title), wide=True)


def draw(language: Language, state: State, result: Result, title: str) -> Markup:
    """Origin on the left, destination on the right, a stream for each route between them."""
    say, numbers, year = language.say, language.numbers, state.year
    index, routes = moment(result.time, year), state.scenario.corridor.routes
    traffic, fee, stop, strict = (
        result.by_route(name)[0][index] for name in ("traffic", "smuggler_fee", "interdiction_probability", STRICTNESS)
    )
    weak, height = weakest(result, year), TOP + ROW * len(routes) + 26
    most = float(traffic.max()) or 1.0
    middle = TOP + ROW * len(routes) / 2
    parts: list = [
        _place(16, middle, say("outcomes.routes.origin")),
        _place(DESTINATION + 12, middle, say("outcomes.routes.destination")),
    ]
    heads = ((GATE, "gateway", "middle"), (GATE + 96, "fee", "start"), (GATE + 196, "stopped", "start"))
    parts += [label(x, 16, say(f"outcomes.routes.{word}"), anchor, "note") for x, word, anchor in heads]
    for number, (name, route) in enumerate(routes.items()):
        y, width = TOP + ROW * (number + 0.5), 3 + WIDEST * float(traffic[number]) / most
        through = width * (1 - float(stop[number]))
        parts.append(_stream(ORIGIN, middle, GATE, y, width, f"route-{number}"))
        parts.append(_stream(GATE, y, DESTINATION, middle, through, f"route-{number}"))
        gate = {"x": at(GATE - 5), "y": at(y - 29), "width": "10", "height": "58", "rx": "3"}
        parts.append(element("rect", class_="gate weak" if name == weak else "gate", **gate))
        words = language.of("routes", name, route.title)
        parts.append(label(GATE - 14, y - 22, words, "end", "name"))
        count = float(traffic[number])
        amount = say("outcomes.routes.attempts", count=count, amount=numbers.amount(count, "person/year"))
        parts.append(label(GATE - 14, y - 7, amount, "end", "halo"))
        parts.append(label(GATE + 96, y - 16, numbers.amount(float(fee[number]), "USD/person"), "start", "halo"))
        parts.append(label(GATE + 196, y - 16, numbers.amount(float(stop[number]), "1"), "start", "halo"))
        strictness = say("outcomes.routes.strict", amount=numbers.number(float(strict[number]), 2))
        tail = f"{strictness} \u00b7 {say('outcomes.routes.weak')}" if name == weak else strictness
        parts.append(label(GATE + 12, y + 34, tail, "start", "weak halo" if name == weak else "halo"))
    summary = say("outcomes.routes.map_told", weak=language.of("routes", weak, routes[weak].title))
    frame = Frame(WIDTH, height, (0, 1), (0, 1))
    return picture(frame, title, summary, parts, "corridor")


def _place(x: float, y: float, words: str) -> list:
    box = element("rect", x=at(x), y=at(y - 24), width="96", height="48", rx="8", class_="place")
    return [box, label(x + 48, y + 4, words, "middle", "name")]


def _stream(x1: float, y1: float, x2: float, y2: float, width: float, colour: str) -> Markup:
    bend = (x1 + x2) / 2
    path = f"M{at(x1)},{at(y1)} C{at(bend)},{at(y1)} {at(bend)},{at(y2)} {at(x2)},{at(y2)}"
    look = f"stroke: var(--{colour}); stroke-width: {width:.1f}; stroke-opacity: 0.45"
    return element("path", d=path, fill="none", style=look)
