"""The words that make a claim in a check file, and how each claim is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pushpull.checking import predicates
from pushpull.checking.claim import Predicate
from pushpull.checking.grammar import AFTER_POLICY, ALWAYS, Window
from pushpull.checking.predicates import Reference
from pushpull.checking.quantities import MEASURES
from pushpull.checking.surprises import NoSurprise
from pushpull.checking.vocabulary import Vocabulary
from pushpull.files.faults import listed, nearest
from pushpull.files.tree import Node

WINDOW_WORDS = ("after_incl", "after_excl", "before_incl", "before_excl")
TIME_WORDS = ("time", "years")
LONGEST_WHY = 1000


@dataclass(frozen=True)
class PredicateWord:
    """A word that makes a claim: its companions, and how to read it."""

    word: str
    read: Callable[[Vocabulary, dict[str, Node], Node], Predicate | None]
    companions: tuple[str, ...] = ()
    needs_outcomes: bool = True
    named: tuple[str, ...] = ()
    aliases: tuple[str, ...] = field(default=())

    def scenarios_named(self, predicate: Predicate) -> Iterator[tuple[str, str]]:
        """Scenarios the claim refers to by name, each with the word that does."""
        for word in self.named:
            value = getattr(predicate, word)
            if isinstance(value, Mapping):
                yield from ((word, reference.scenario) for reference in value.values())
            else:
                yield from ((word, name) for name in ((value,) if isinstance(value, str) else value))


def read_predicate(reader: Vocabulary, node: Node) -> Predicate | None:
    """One claim; a fault where no word makes one, or where several do."""
    if not node.is_mapping:
        reader.fault(node.line, f"the claim is {node.kind()}", "a mapping such as {gte: 0}")
        return None
    words = {word: claim for claim in WORDS.values() for word in (claim.word, *claim.aliases)}
    claims = {id(words[key]): words[key] for key in node.value if key in words}
    if len(claims) != 1:
        several = "several claims in one" if claims else "the claim is of no known kind"
        strange = [key for key in node.value if key not in words]
        guess = nearest(strange[0], words) if strange and not claims else ""
        reader.fault(node.line, several, f"one of {listed(words)}", guess)
        return None
    (claim,) = claims.values()
    allowed = (claim.word, *claim.aliases, *claim.companions)
    entries = reader.mapping(node, f'the claim "{claim.word}"', allowed)
    return claim.read(reader, entries, node)


def window(reader: Vocabulary, entries: dict[str, Node], usual: Window) -> Window:
    """`time` in calendar years or `years` since the policy start: a moment, a pair, or a mapping of ends."""
    given = [word for word in TIME_WORDS if word in entries]
    if not given:
        return usual
    node, since = entries[given[0]], given[0] == "years"
    if len(given) > 1:
        reader.fault(node.line, "both time and years are given", "one of the two")
    if node.is_mapping:
        ends = {
            word: reader.number(child, word) for word, child in reader.mapping(node, given[0], WINDOW_WORDS).items()
        }
        low = next((ends[word] for word in WINDOW_WORDS[:2] if ends.get(word) is not None), ALWAYS.low)
        high = next((ends[word] for word in WINDOW_WORDS[2:] if ends.get(word) is not None), ALWAYS.high)
        return Window(low, high, "after_excl" in ends, "before_excl" in ends, since)
    if isinstance(node.value, list):
        pair = numbers(reader, node, given[0], 2)
        return Window(*pair, since_policy=since) if pair else usual
    moment = reader.number(node, given[0], "a year, a pair of years or a mapping of ends")
    return usual if moment is None else Window(moment=moment, since_policy=since)


def numbers(reader: Vocabulary, node: Node, what: str, count: int | None = None) -> tuple[float, ...] | None:
    """A list of rising numbers."""
    allowed = f"{count} rising numbers" if count else "rising numbers"
    values = [reader.number(item, what) for item in reader.items(node, what, "numbers")]
    if not values or None in values:
        return None
    if (count and len(values) != count) or values != sorted(values):
        reader.fault(node.line, f"{what} is no list of {allowed}", allowed)
        return None
    return tuple(values)


def measure(reader: Vocabulary, entries: dict[str, Node], usual: str | None) -> str | None:
    """How a window becomes one number."""
    return reader.choice(entries["measure"], "measure", MEASURES) if "measure" in entries else usual


def least(reader: Vocabulary, entries: dict[str, Node], word: str, usual: float) -> float:
    """A number from zero up."""
    if word not in entries:
        return usual
    number = reader.between(entries[word], word, 0, 1e12)
    return usual if number is None else number


def name_of(entries: dict[str, Node], word: str, usual: str) -> str:
    """The name of a scenario of the check; whether there is one is seen when all are known."""
    return str(entries[word].value) if word in entries else usual


def _bounds(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    bounds = {word: _reference(reader, entries[word], word) for word in predicates.BOUNDS if word in entries}
    return predicates.Bounds(
        line=node.line,
        bounds={word: reference for word, reference in bounds.items() if reference is not None},
        tolerance=least(reader, entries, "tolerance", 0.0),
        relative=least(reader, entries, "relative", 0.0),
        window=window(reader, entries, ALWAYS),
        measure=measure(reader, entries, None),
    )


def _reference(reader: Vocabulary, node: Node, word: str) -> Reference | None:
    if not node.is_mapping:
        number = reader.number(node, word, "a number, or {outcome: ..., scenario: ..., times: ...}")
        return None if number is None else Reference(number=number)
    entries = reader.mapping(node, word, ("outcome", "scenario", "times"))
    outcome = reader.outcome(entries["outcome"]) if "outcome" in entries else None
    times = reader.number(entries["times"], "times") if "times" in entries else 1.0
    return Reference(
        None, outcome, name_of(entries, "scenario", predicates.INHERIT), times if times is not None else 1.0
    )


def _possible(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    truths = {word: reader.truth(entries[word], word) for word in ("finite", "non_negative") if word in entries}
    for word, value in truths.items():
        if value is False:
            reader.fault(entries[word].line, f"{word} is false, which claims nothing", "true")
    return predicates.Possible(
        node.line, True, bool(truths.get("non_negative")), least(reader, entries, "tolerance", 0.0)
    )


def _effect(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate | None:
    word = reader.choice(entries["effect"], "effect", predicates.SIGNS)
    return word and predicates.EffectOfScenario(
        node.line,
        word,
        name_of(entries, "against", "default"),
        least(reader, entries, "by_at_least", predicates.SMALLEST),
        least(reader, entries, "by_at_most", float("inf")),
        window(reader, entries, AFTER_POLICY),
        measure(reader, entries, "mean"),
    )


def _effects_of(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate | None:
    lever = reader.lever(entries["effects_of"], "effects_of")
    if "on" not in entries or not entries["on"].is_mapping or not entries["on"].value:
        reader.fault(node.line, '"effects_of" lacks "on"', f"on: {{OUTCOME: {listed(predicates.SIGNS)}}}")
        return None
    signs, unclear = {}, {}
    for name, child in entries["on"].value.items():
        outcome = reader.outcome(Node(name, entries["on"].line_of(name)))
        if child.is_mapping:
            inside = reader.mapping(child, f"the effect on {name}", ("ambiguous",), ("ambiguous",))
            unclear[outcome] = reader.text(inside["ambiguous"], "ambiguous", LONGEST_WHY) if inside else ""
        else:
            signs[outcome] = reader.choice(child, f"the effect on {name}", predicates.SIGNS, "")
    if lever is None or None in signs or None in signs.values():
        return None
    positions = {word: reader.position(entries[word], (lever,)) for word in ("from", "to") if word in entries}
    return predicates.EffectsOfLever(
        node.line,
        lever,
        signs,
        unclear,
        positions.get("from", "min"),
        positions.get("to", "max"),
        least(reader, entries, "by_at_least", predicates.SMALLEST),
        window(reader, entries, AFTER_POLICY),
        measure(reader, entries, "mean"),
    )


def _monotone(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate | None:
    direction = reader.choice(entries["monotone"], "monotone", predicates.DIRECTIONS)
    if "in" not in entries:
        reader.fault(node.line, '"monotone" lacks "in"', "in: LEVER")
        return None
    lever, over, steps = reader.lever(entries["in"], "in"), (), 5
    if "over" in entries:
        if isinstance(entries["over"].value, list):
            over = numbers(reader, entries["over"], "over") or ()
            if lever and None in [reader.position(end, (lever,)) for end in entries["over"].value]:
                return None
        else:
            steps = reader.whole(entries["over"], "over", 3, 100) or 5
    if lever is None or direction is None:
        return None
    return predicates.Monotone(
        node.line, direction, lever, over, steps, least(reader, entries, "tolerance", predicates.SMALLEST),
        window(reader, entries, AFTER_POLICY), measure(reader, entries, "mean"),
    )  # fmt: skip


def _unaffected(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    given = entries["unaffected_by"]
    levers = reader.names(Node([given], given.line) if isinstance(given.value, str) else given,
                          "unaffected_by", reader.catalogue.levers)  # fmt: skip
    return predicates.UnaffectedBy(node.line, levers, least(reader, entries, "tolerance", 0.0))


def _ordered(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    names = tuple(str(item.value) for item in reader.items(entries["ordered"], "ordered", "names of scenarios"))
    if len(names) < 2:
        reader.fault(node.line, "ordered holds one name", "two or more")
    return predicates.Ordered(node.line, names, least(reader, entries, "by_at_least", 0.0),
                         window(reader, entries, AFTER_POLICY), measure(reader, entries, "mean"))  # fmt: skip


def _moves(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    return predicates.SomethingMoves(
        node.line,
        least(reader, entries, "something_moves", predicates.SMALLEST),
        name_of(entries, "against", "default"),
    )


def _halving(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    return predicates.StepHalving(node.line, least(reader, entries, "step_halving", 1e-3))


def _conserved(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate:
    reader.choice(entries["conserved"], "conserved", ("people",))
    return predicates.Conserved(node.line, least(reader, entries, "tolerance", 1e-9))


def _half_response(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate | None:
    inside = reader.mapping(entries["half_response"], "half_response", ("between", "after"))
    between = numbers(reader, inside["between"], "between", 2) if "between" in inside else None
    after = reader.outcome(inside["after"], "after") if "after" in inside else None
    if between is None and after is None:
        reader.fault(node.line, "half_response claims nothing", "between: [years, years], or after: OUTCOME")
        return None
    return predicates.HalfResponse(
        node.line, between, after, name_of(entries, "against", "default"), window(reader, entries, AFTER_POLICY)
    )


def _no_surprise(reader: Vocabulary, entries: dict[str, Node], node: Node) -> Predicate | None:
    return NoSurprise.read(reader, entries, node)


_USUAL = (*TIME_WORDS, "measure")
WORDS: dict[type[Predicate], PredicateWord] = {
    predicates.Bounds: PredicateWord(
        "gte",
        _bounds,
        ("tolerance", "relative", *_USUAL),
        named=("bounds",),
        aliases=("gt", "lt", "lte", "eq", "approx"),
    ),
    predicates.Possible: PredicateWord("finite", _possible, ("tolerance",), aliases=("non_negative",)),
    predicates.EffectOfScenario: PredicateWord(
        "effect", _effect, ("against", "by_at_least", "by_at_most", *_USUAL), named=("against",)
    ),
    predicates.EffectsOfLever: PredicateWord(
        "effects_of", _effects_of, ("on", "from", "to", "by_at_least", *_USUAL), False
    ),
    predicates.Monotone: PredicateWord("monotone", _monotone, ("in", "over", "tolerance", *_USUAL)),
    predicates.UnaffectedBy: PredicateWord("unaffected_by", _unaffected, ("tolerance",)),
    predicates.Ordered: PredicateWord("ordered", _ordered, ("by_at_least", *_USUAL), named=("order",)),
    predicates.SomethingMoves: PredicateWord("something_moves", _moves, ("against",), named=("against",)),
    predicates.StepHalving: PredicateWord("step_halving", _halving),
    predicates.Conserved: PredicateWord("conserved", _conserved, ("tolerance",), False),
    predicates.HalfResponse: PredicateWord(
        "half_response", _half_response, ("against", *TIME_WORDS), named=("against",)
    ),
    NoSurprise: PredicateWord("no_surprise_beyond", _no_surprise, ("points", "values", "seed", "threshold"), True),
}
