"""Why, beneath the levers: along which path the effect goes, and which loops lead."""

from __future__ import annotations

import math

from markupsafe import Markup

from pushpull.analysis.dominance import Dominance
from pushpull.analysis.pathways import Path
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.explanation import Reasons
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, how, swatches
from pushpull.dashboard.state.state import State
from pushpull.svg import stacked
from pushpull.wording.markup import element, send, table

LAYERS = 8
SAME_STEP = 0.02  # a link that passes a relative change on to within this is not worth a box


def paths(language: Language, state: State, reasons: Reasons) -> Markup | None:
    if not reasons.paths or (reasons.focus, reasons.year) != (state.view.focus, state.year):
        return None
    say = language.say
    chains = []
    for path in reasons.paths:
        boxes = [_box(language, path, index) for index in worth_a_box(path)]
        chains.append(element("ol", boxes, class_="path", aria_label=language.title(path.names[0])))
    return element(
        "section",
        element("h2", say("why.paths"), class_="row-title"),
        element("p", say("why.paths_hint"), class_="hint"),
        chains,
        class_="sheet",
    )


def worth_a_box(path: Path) -> list[int]:
    """The places of a path that say something new: its ends, stocks, and where the relative change differs."""
    variables, boxed = catalogue().model.variables, [0]
    for index in range(1, len(path.names) - 1):
        before, now = path.changes[boxed[-1]], path.changes[index]
        same = (
            math.isfinite(now) and math.isfinite(before) and abs(now - before) < SAME_STEP * max(abs(now), abs(before))
        )
        stock = variables[path.names[index]].kind == "stock"
        if not same and (stock or not math.isfinite(now) or abs(now) > 1e-4) and not _is_flow(path.names[index]):
            boxed.append(index)
    return [*boxed, len(path.names) - 1]


def _is_flow(name: str) -> bool:
    return catalogue().model.variables[name].kind == "flow"


def _box(language: Language, path: Path, index: int) -> Markup:
    name, change = path.names[index], path.changes[index]
    change_in_words = language.numbers.percent(change) if math.isfinite(change) else language.say("why.from_zero")
    button = element(
        "button", language.title(name), type="button", data_send=send(page="outcomes", part="diagram", node=name),
        lang=language.stays("titles", name),
    )  # fmt: skip
    shown = button if name in catalogue().model.variables else element("b", language.title(name))
    return element("li", shown, element("small", change_in_words or language.say("overview.unchanged")))


def loops(language: Language, state: State, dominance: Dominance | None) -> Markup:
    say = language.say
    if dominance is None:
        return element("p", say("page.working"), "\u2026", role="status", class_="hint")
    named = catalogue().loops
    means = dominance.over(state.scenario.policy_start, state.year)
    strongest = [name for name in list(means)[:LAYERS] if abs(means[name]) > 0.005]
    layers = []
    for kind, colour in (("B", "balancing"), ("R", "reinforcing")):
        some = [name for name in strongest if named[name].kind == kind]
        for index, name in enumerate(some):
            opacity = 0.85 - 0.6 * index / max(len(some), 1)
            row = dominance.scores[dominance.loops.index(name)]
            layers.append((language.loop_title(name), row, f"fill: var(--{colour}); fill-opacity: {opacity:.2f}"))
    title = say("why.dominance")
    summary = loop_sentence(language, state, dominance)
    drawing = stacked(language.numbers, title, summary, dominance.time, layers, state.scenario.policy_start)
    legend = swatches([(name, look) for name, _, look in layers])
    rows = [
        [
            element("button", language.loop_title(name), type="button", class_="link",
                    data_send=send(page="outcomes", part="diagram", node=named[name].effect)),
            say("assumptions.reinforcing" if named[name].kind == "R" else "assumptions.balancing"),
            *(language.numbers.chance(abs(part.get(name, 0.0))) for part in _periods(state, dominance).values()),
            language.story(name),
        ]
        for name in means
    ]  # fmt: skip
    heads = [say("why.loop"), say("why.kind"), *_periods(state, dominance), say("why.story")]
    return element(
        "section",
        element("h2", title, class_="row-title"),
        element("p", summary, class_="told", id="loop-sentence"),
        element("p", say("why.dominance_hint"), class_="hint"),
        how(language, element("p", say("why.dominance_how"))),
        figure(
            language,
            "dominance",
            title,
            "",
            drawing,
            "",
            table(heads, rows, title, class_="numbers"),
            legend,
            wide=True,
        ),
    )


def _periods(state: State, dominance: Dominance) -> dict[str, dict[str, float]]:
    """Before the policy, its first ten years, and after, as far as the run goes."""
    start, end, first = state.scenario.policy_start, state.scenario.end, float(dominance.time[0])
    middle = min(start + 10, end)
    spans = [(first, start), (start, middle), (middle, end)]
    return {f"{one:.0f}\u2013{other:.0f}": dominance.over(one, other) for one, other in spans if other > one}


def loop_sentence(language: Language, state: State, dominance: Dominance) -> str:
    """Which loops lead, before the policy and after."""
    start, end = (
        state.scenario.policy_start,
        state.year if state.year > state.scenario.policy_start else state.scenario.end,
    )
    sentences = []
    for key, first, last in (("before", float(dominance.time[0]), start), ("after", start, end)):
        names, means = dominance.leading(first, last), dominance.over(first, last)
        whole = sum(map(abs, means.values()))
        if not names:
            continue
        share = sum(abs(means[name]) for name in names) / whole
        loops = language.join(f"{language.inside(language.loop_title(name))}" for name in names)
        years_ = (language.numbers.year(round(first)), language.numbers.year(last))
        sentences.append(
            language.say(
                f"why.lead_{key}", loops=loops, share=language.numbers.chance(share), first=years_[0], last=years_[1]
            )
        )
    return " ".join(sentences) or language.say("why.all_still")
