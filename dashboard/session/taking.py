"""What messages take along: charts, whole results, the evidence pack."""

from __future__ import annotations

from pushpull.dashboard.export.chart_files import saved_workbook
from pushpull.dashboard.export.colophon import colophon_of
from pushpull.dashboard.export.evidence_pack import Pack, packing
from pushpull.dashboard.export.results_workbook import results_workbook
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.state.messages import entries, mapping, says, text, whole

# Charts and results taken along --------------------------------------------------------------------------------


@effect(entries(take=text, chart=text, asked=whole))
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


# The evidence pack ----------------------------------------------------------------------------------------------


@effect(says(do="pack"))
def make_pack(host: Host) -> None:
    """Make the evidence pack in the background; the browser then draws its pictures."""
    state, computation, words, site = host.state, host.computation, host.language, host.visitor.site
    runs, ensemble = computation.runs, computation.ensemble

    def take(pack: Pack) -> None:
        host.pack = pack
        host.send({"draw": dict(pack.drawings)})

    if host.background is not None:
        host.background.start(
            "pack",
            lambda stop: packing(words, state, runs, ensemble, stop, site),
            take,
            lambda fault: _no_pack(host, fault),
        )


@effect(entries(pictures=mapping))
def send_pack(host: Host, pictures: dict) -> None:
    """Put the pictures that the browser has drawn into the pack, and hand it over."""
    pack, host.pack = host.pack, None
    if pack is None:
        host.send({"packed": True})
    elif host.background is None:
        try:
            _hand_over(host, pack.name, pack.zipped(pictures))
        except Refusal as refused:
            _no_pack(host, refused)
    else:
        host.background.start(
            "pack",
            lambda stop: iter([pack.zipped(pictures)]),
            lambda content: _hand_over(host, pack.name, content),
            lambda fault: _no_pack(host, fault),
        )


def _hand_over(host: Host, name: str, content: str) -> None:
    host.send({"save": {"name": name, "base64": content, "type": "application/zip"}, "packed": True})


def _no_pack(host: Host, fault: Exception) -> None:
    host.send({"packed": True})
    host.refuse(fault)
