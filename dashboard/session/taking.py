"""What messages take along: charts, whole results, the brief, the evidence pack."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

from pushpull.dashboard.export.chart_files import saved_workbook
from pushpull.dashboard.export.colophon import colophon_of
from pushpull.dashboard.export.evidence_pack import KINDS, Pack, PlainBrief, Taken, WordBrief, packing
from pushpull.dashboard.export.results_workbook import results_workbook
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.session.page_links import keep_short_link, tell_removed
from pushpull.dashboard.state.messages import entries, mapping, one_of, says, text, whole
from pushpull.dashboard.storage.short_links import LinksUnavailable, ShortLink

# Charts and results taken along --------------------------------------------------------------------------------


@effect(entries(take=text, chart=text, asked=whole), at_once=True)
def take_chart(host: Host, kind: str, key: str, asked: int) -> None:
    """Hand over what a chart shows, as a file or for the clipboard; `asked` tells the browser what is answered."""
    answer: dict = {}
    try:
        answer = host.screen.taken(kind, key, colophon_of(host.language, host.state))
    finally:
        host.send({"taken": asked, **answer})


@effect(says(do="results"))
def take_results(host: Host) -> None:
    """Hand over the whole results as a workbook."""
    colophon, computation = colophon_of(host.language, host.state), host.computation
    content = results_workbook(host.language, host.state, computation.runs, computation.ensemble, colophon)
    host.send({"save": saved_workbook(f"{colophon.stem}_{host.language.say('exports.results_name')}.xlsx", content)})


# The brief and the evidence pack ---------------------------------------------------------------------------------


@effect(entries(do=one_of(lambda: KINDS)))
def make_pack(host: Host, kind: str) -> None:
    """Make the evidence pack or the brief in the background; the browser then draws its pictures, if it has any."""
    state, computation, words, visitor = host.state, host.computation, host.language, host.visitor
    runs, ensemble = computation.runs, computation.ensemble
    removed: list[ShortLink] = []

    def make(stop: threading.Event) -> Iterator[Taken]:
        link = None
        with suppress(Refusal, LinksUnavailable):  # the full address takes its place
            kept = keep_short_link(state, visitor, runs)
            link, removed[:] = f"{visitor.site}s/{kept.code}", kept.removed
        yield from packing(words, state, runs, ensemble, stop, kind, visitor.site, link)

    def take(made: Taken) -> None:
        if isinstance(made, PlainBrief):
            host.send({"save": {"name": made.name, "text": made.text, "type": "text/html"}, "packed": True})
        else:
            host.pack = made
            host.send({"draw": dict(made.drawings)})
        tell_removed(host, removed)

    if host.background is not None:
        host.background.start("pack", make, take, lambda fault: _no_pack(host, fault))


@effect(entries(pictures=mapping), at_once=True)
def send_pack(host: Host, pictures: dict) -> None:
    """Put the pictures that the browser has drawn into the pack, and hand it over."""
    pack, host.pack = host.pack, None
    if pack is None:
        host.send({"packed": True})
    elif host.background is None:
        try:
            _hand_over(host, pack, pack.finished(pictures))
        except Refusal as refused:
            _no_pack(host, refused)
    else:
        host.background.start(
            "pack",
            lambda stop: iter([pack.finished(pictures)]),
            lambda content: _hand_over(host, pack, content),
            lambda fault: _no_pack(host, fault),
        )


def _hand_over(host: Host, pack: Pack | WordBrief, content: str) -> None:
    host.send({"save": {"name": pack.name, "base64": content, "type": pack.kind}, "packed": True})


def _no_pack(host: Host, fault: Exception) -> None:
    host.send({"packed": True})
    host.refuse(fault)
