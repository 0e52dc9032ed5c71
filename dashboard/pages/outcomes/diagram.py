"""The diagram, drawn from the code: any variable between its causes and effects, and the feedback loops through it."""

from __future__ import annotations

import json
import math

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.compute.shared import cached_cycles
from pushpull.dashboard.i18n.texts import Language, meant
from pushpull.dashboard.pages import entry
from pushpull.dashboard.pages.figures import figure
from pushpull.dashboard.state.state import State
from pushpull.engine.proofs.feedback_loops import Cycle
from pushpull.svg import Frame, picture
from pushpull.svg.frame import at, fitting, label
from pushpull.wording.markup import choice, element, send

BOX, TALL, GAP = 250.0, 30.0, 10.0
WIDTH = 900.0
MOST = 14
ROW = 50.0


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """The variable that is looked at, its neighbours, what is known of it, and the loops."""
    say, node = language.say, state.view.node
    model = catalogue().model
    sectors: dict[str, list[tuple[str, str]]] = {}
    for name, variable in model.variables.items():
        sectors.setdefault(variable.sector, []).append((name, language.title(name)))
    entries = sorted((each for some in sectors.values() for each in some), key=lambda pair: language.in_order(pair[1]))
    langs = {name: language.stays("titles", name) for name in model.variables}
    formulas = state.scenario.formulas
    meaning = meant(node, formulas)
    causes = [name for name in model.causes(node, formulas) if name in model.variables or name in model.inputs]
    fixed = [name for name in model.causes(node, formulas) if name in model.parameters]
    effects = list(model.effects[node])
    title = say("diagram.title", name=language.title(node))
    summary = say(
        "diagram.told",
        name=language.title(node),
        causes=language.join(map(language.title, causes)) or say("diagram.none"),
        effects=language.join(map(language.title, effects)) or say("diagram.none"),
    )
    drawing = neighbours(language, state, runs, causes, node, effects, title, summary)
    return element(
        "div",
        element("p", say("diagram.hint"), class_="hint"),
        element("div", choice(say("diagram.variable"), "node", entries, node, langs), class_="tools"),
        figure(language, "diagram", title, "", drawing, "", None, wide=True),
        element(
            "section",
            element("h2", language.title(node), lang=langs[node]),
            element("p", language.meaning(meaning), lang=language.stays("meanings", meaning)),
            entry.live(language, state, runs, node),
            entry.equations(language, state, node),
            element("div", element("h3", say("diagram.parameters")), entry.named(language, fixed)) if fixed else None,
            entry.facts(language, node, formulas),
            class_="sheet",
        ),
        _loops(language, state),
    )


def neighbours(
    language: Language,
    state: State,
    runs: Runs,
    causes: list[str],
    node: str,
    effects: list[str],
    title: str,
    summary: str,
) -> Markup:
    """Causes on the left, effects on the right, each with its value now; every box can be chosen."""
    rows = max(len(causes[:MOST]), len(effects[:MOST]), 1)
    height = rows * (TALL + GAP) + 40
    middle = 20 + rows * (TALL + GAP) / 2
    parts: list = []
    centre = (WIDTH - BOX) / 2
    for names, x, inward in ((causes[:MOST], 0.0, True), (effects[:MOST], WIDTH - BOX, False)):
        start = middle - len(names) * (TALL + GAP) / 2
        for index, name in enumerate(names):
            y = start + index * (TALL + GAP) + (TALL + GAP) / 2
            ends = (x + BOX, y, centre - 7, middle) if inward else (centre + BOX, middle, x - 7, y)
            parts.append(_link(*ends))
            parts.append(_node(language, state, runs, name, x, y))
    parts.append(_node(language, state, runs, node, centre, middle, "centre"))
    for x, words in ((0.0, "causes"), (WIDTH - BOX, "effects")):
        parts.append(label(x, 12, language.say(f"diagram.{words}"), "start", "note"))
    return picture(Frame(WIDTH, height, (0, 1), (0, 1)), title, summary, parts, "diagram", "group")


def _link(x1: float, y1: float, x2: float, y2: float) -> list[Markup]:
    bend = (x1 + x2) / 2
    path = f"M{at(x1)},{at(y1)} C{at(bend)},{at(y1)} {at(bend)},{at(y2)} {at(x2)},{at(y2)}"
    head = f"{at(x2 + 6)},{at(y2)} {at(x2 - 2)},{at(y2 - 4)} {at(x2 - 2)},{at(y2 + 4)}"
    return [
        element("path", d=path, class_="link"),
        element("polygon", points=head, style="fill: var(--muted)"),
    ]


def _node(language: Language, state: State, runs: Runs, name: str, x: float, y: float, kind: str = "") -> Markup:
    known = catalogue()
    words, lang = language.title(name), language.stays("titles", name)
    amount = entry.value(language, runs.whole, name, state.year)
    name_and_value = language.say("pair", name=words, value=amount)
    variable = known.model.variables.get(name)
    what = "lever" if variable is None else variable.kind
    message = send(node=name) if variable is not None else send(page="evidence", subject=name)
    box = element(
        "rect", x=at(x), y=at(y - TALL / 2), width=at(BOX), height=at(TALL), rx="2" if what == "stock" else "9"
    )
    return element(
        "g",
        element("title", name_and_value),
        box,
        label(x + 8, y - 1, fitting(words, 36), "start"),
        label(x + 8, y + 11, fitting(amount, 40), "start", "note", lang and language.code),
        class_=f"node {what} {kind}".strip(),
        tabindex="0",
        role="button",
        id=f"node-{name}",
        aria_label=name_and_value,
        data_send=message,
        lang=lang,
    )


# Loops -----------------------------------------------------------------------------------------------------


def _loops(language: Language, state: State) -> Markup:
    say, loops = language.say, catalogue().loops
    cycles = cached_cycles(state.scenario)
    if cycles is None:
        return element("p", say("page.working"), "\u2026", role="status", class_="hint")
    through = [name for name, cycle in cycles.items() if cycle is not None and state.view.node in cycle.variables]
    shown = [*through, *(name for name in loops if name not in through)]
    chosen = state.view.loop if state.view.loop in cycles else (shown[0] if shown else "")
    entries = [
        (name, language.loop_title(name) + (f" ({say('diagram.through')})" if name in through else ""))
        for name in shown
    ]
    cycle = cycles.get(chosen)
    ring_ = ring(language, chosen, cycle, state.view.node) if cycle is not None else None
    kind = say("assumptions.reinforcing" if loops[chosen].kind == "R" else "assumptions.balancing")
    switch = element(
        "label",
        element("input", type="checkbox", id="loop-shown", checked=chosen not in state.scenario.loops_off,
                data_choose="loop", data_with=json.dumps({"name": chosen})),
        say("diagram.acts"),
        class_="choice",
    )  # fmt: skip
    title = say("diagram.loop", loop=language.loop_title(chosen), kind=kind)
    return element(
        "section",
        element("h2", say("diagram.loops"), class_="row-title"),
        element("div", choice(say("diagram.which"), "loop_shown", entries, chosen), switch, class_="tools"),
        element("p", language.story(chosen), class_="told"),
        figure(language, "loop", title, "", ring_, say("diagram.signs"), None, wide=True) if ring_ else None,
    )


def _arrow(x1: float, y1: float, x2: float, y2: float, sign: int) -> list[Markup]:
    """An arrow from the edge of one box to the edge of the next, with its sign."""
    if x1 == x2:
        way = 1 if y2 > y1 else -1
        y1, y2, turn = y1 + 14 * way, y2 - 20 * way, 90.0 * way
    else:
        way = 1 if x2 > x1 else -1
        x1, x2 = x1 + 101 * way, x2 - 107 * way
        turn = math.degrees(math.atan2(y2 - y1, x2 - x1))
    ends = {"x1": at(x1), "y1": at(y1), "x2": at(x2), "y2": at(y2)}
    colour = "reinforcing" if sign > 0 else "balancing"
    head = element(
        "polygon", points="6,0 -4,-4.5 -4,4.5", transform=f"translate({at(x2)},{at(y2)}) rotate({turn:.0f})",
        style=f"fill: var(--{colour})",
    )  # fmt: skip
    words = label((x1 + x2) / 2 + 9, (y1 + y2) / 2 + 1, "+" if sign > 0 else "\u2212", "start", "name")
    return [element("line", class_="link more" if sign > 0 else "link less", **ends), head, words]


def ring(language: Language, name: str, cycle: Cycle, node: str) -> Markup:
    """A loop as a ring of variables: a solid arrow where more makes more, a dashed one where more makes less."""
    count = len(cycle.nodes)
    down = math.ceil(count / 2)
    rows = max(down, count - down)
    width, height = WIDTH, 40.0 + ROW * rows
    places = [(660.0, 30 + ROW * number) for number in range(down)]
    places += [(240.0, 30 + ROW * (rows - 1 - number)) for number in range(count - down)]
    parts: list = []
    for number, sign in enumerate(cycle.signs):
        parts += _arrow(*places[number], *places[(number + 1) % count], sign)
    for (variable, part), (x, y) in zip(cycle.nodes, places, strict=True):
        words = language.title(variable) + (f" ({language.say(f'diagram.populations.{part}')})" if part else "")
        box = element("rect", x=at(x - 100), y=at(y - 13), width="200", height="26", rx="9")
        parts.append(
            element(
                "g", element("title", words), box, label(x, y + 4, fitting(words, 31), "middle"),
                class_="node centre" if variable == node else "node", tabindex="0", role="button",
                aria_label=words, data_send=send(node=variable), id=f"ring-{variable}-{part or 'all'}",
                lang=language.stays("titles", variable),
            )
        )  # fmt: skip
    steps = [language.title(variable) for variable, _ in cycle.nodes]
    summary = language.say("diagram.ring_told", steps=" \u2192 ".join([*steps, steps[0]]))
    return picture(
        Frame(width, height, (0, 1), (0, 1)), language.loop_title(name), summary, parts, f"loop_{name}", "group"
    )
