"""The order in which a function works out its terms, and which products it leaves to the sum that reads them.

What code and the listing for people are both made from. Exponents and logarithms that can wait for each other are
put in one group, as several cost little more than one; routed terms that follow each other are put in one group too, to
be worked out route by route, so that few values are held in registers at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator

from pushpull.engine.codegen.terms import Term, below


class WorkingOrder:
    """How a function works out the terms `roots`, where `stored` terms (by identity) are read from memory.

    `groups` hold every term that is needed once, causes first. A product in `fused` (by identity) is worked out with
    the one sum that reads it and rounded once with it.
    """

    def __init__(self, roots: Iterable[Term], stored: Container[int], curved: Collection[str]):
        self._stored, self._curved_operations = stored, curved
        roots = list(roots)
        needed = list(below(roots, lambda term: id(term) in stored))
        self.fused = self._fused(needed, {id(root) for root in roots})
        self.groups = list(self._stretches(self._batches(needed)))

    def is_stored(self, term: Term) -> bool:
        """Whether a term is read from memory rather than worked out."""
        return id(term) in self._stored

    def is_curved(self, term: Term) -> bool:
        """Whether a term is an exponent or a logarithm that is to be worked out."""
        return term.operation in self._curved_operations and not self.is_stored(term)

    def _inner(self, term: Term) -> tuple[Term, ...]:
        return () if self.is_stored(term) else term.terms

    def _fused(self, needed: list[Term], roots: set[int]) -> set[int]:
        readers: dict[int, list[Term]] = {}
        for term in needed:
            for inner in self._inner(term):
                readers.setdefault(id(inner), []).append(term)
        return {
            id(term)
            for term in needed
            if term.operation == "multiply"
            and not self.is_stored(term)
            and id(term) not in roots
            and len(readers[id(term)]) == 1
            and readers[id(term)][0].operation in ("add", "subtract")
            and readers[id(term)][0].routed == term.routed
        }

    def _batches(self, needed: list[Term]) -> list[list[Term]]:
        """Of exponents and logarithms those that can wait go together; all else goes one by one."""
        depth: dict[int, int] = {}
        for term in needed:
            depth[id(term)] = max((depth[id(inner)] for inner in self._inner(term)), default=0) + self.is_curved(term)
        levels: dict[int, tuple[list[Term], list[Term]]] = {}
        for term, level in self._as_late_as_can_be(needed, depth):
            curved, straight = levels.setdefault(level, ([], []))
            (curved if self.is_curved(term) else straight).append(term)
        batches = []
        for level in sorted(levels):
            curved, straight = levels[level]
            batches += [[term for term in curved if term.operation == name] for name in self._curved_operations]
            batches += [[term] for term in straight]
        return [batch for batch in batches if batch]

    def _as_late_as_can_be(self, needed: list[Term], depth: dict[int, int]) -> list[tuple[Term, int]]:
        """Terms and after how many exponents and logarithms they stand: these soon, all else when it is needed."""
        latest: dict[int, int] = {}
        for term in reversed(needed):
            if self.is_curved(term) or id(term) not in latest:
                latest[id(term)] = depth[id(term)]
            before = latest[id(term)] - self.is_curved(term)
            for inner in self._inner(term):
                latest[id(inner)] = min(latest.get(id(inner), before), before)
        return [(term, latest[id(term)]) for term in needed]

    def _stretches(self, batches: list[list[Term]]) -> Iterator[list[Term]]:
        """Batches, with routed terms that follow each other put together."""
        stretch: list[Term] = []
        for batch in batches:
            if self._is_by_route(batch[0]):
                stretch += batch
                continue
            if stretch:
                yield stretch
            stretch = []
            yield batch
        if stretch:
            yield stretch

    def _is_by_route(self, term: Term) -> bool:
        return term.routed and bool(term.terms) and not self.is_stored(term) and not self.is_curved(term)
