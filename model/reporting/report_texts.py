"""The report's written parts: what the model cannot say, and the results that surprised, with numbers filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from pushpull.calibration.fee import FeeShares
from pushpull.calibration.fit_scores import SeriesFit
from pushpull.evidence.verdicts import Verdict
from pushpull.reporting.effects_section import VERDICTS
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import IN_ENGLISH, ReportWords
from pushpull.wording.phrases import ENGLISH, Phrase
from pushpull.wording.typography import typeset

HERE = Path(__file__).parent
LIMITS, UNFORESEEN, SURPRISES = HERE / "limits.md", HERE / "unforeseen.md", HERE / "surprises.yaml"
WRITTEN_FOR = "us_southwest_border"  # whose record and fit the texts speak of where they name numbers and places
OF_ONE_CORRIDOR = (
    "What lowered the count after 2004.", "What more patrols would do today.", "Where exactly.", "Dated shocks.",
)  # fmt: skip
LIMITS_ELSEWHERE = Phrase(
    "These limits were written with the southwest border of the United States in view: what they say of the model "
    "holds here too, what they say of a record or a fit is said of that one. Those about its places are left out."
)
Entries = tuple[tuple[str, str], ...]  # headings and texts
_ENTRY = re.compile(r"^- \*\*(.+?)\*\*\s*(.*)$", re.DOTALL)


@dataclass(frozen=True)
class SurprisingResult:
    """A result that surprised; `changed` says which verdicts are no longer those it was written for."""

    title: str
    what: str
    why: str
    how: str
    changed: tuple[str, ...]


def limits(language: str = ENGLISH) -> Entries:
    """What the model cannot say: a heading and a text each."""
    return _entries(LIMITS, language)


def unforeseen(language: str = ENGLISH) -> Entries:
    """What no forecast can foresee, and answers to those who say so: a heading and a text each."""
    return _entries(UNFORESEEN, language)


def _entries(path: Path, language: str) -> Entries:
    """The entries of a file; in another language, of the one beside it, such as limits.fr.md for limits.md."""
    file = path if language == ENGLISH else path.with_suffix(f".{language}{path.suffix}")
    entries = re.split(r"\n(?=- )", typeset(file.read_text(encoding="utf-8").strip(), language))
    matches = [match for entry in entries if (match := _ENTRY.match(entry))]
    return tuple((match[1], " ".join(match[2].split())) for match in matches)


def surprises(findings: Findings, words: ReportWords = IN_ENGLISH) -> tuple[SurprisingResult, ...]:
    """The results that surprised most, with the numbers of this fit; none for a corridor that none was written about.

    Raises KeyError where a text names nothing known.
    """
    if findings.scenario.corridor.id != WRITTEN_FOR:
        return ()
    values = values_for_texts(findings, words)
    verdicts = {each.experiment.id: each.verdict for each in findings.board.verdicts}
    results = []
    for entry, said in zip(_surprises(ENGLISH), _surprises(words.code), strict=True):
        changed = [
            words.into(Phrase("{name} is now: {verdict}", name=name, verdict=words.into(VERDICTS[verdicts[name]])))
            for name, verdict in entry.get("expect", {}).items()
            if verdicts[name] != verdict
        ]
        filled = {key: said[key].format_map(values) for key in ("title", "what", "why", "how")}
        results.append(SurprisingResult(**filled, changed=tuple(changed)))
    return tuple(results)


def _surprises(language: str) -> list[dict]:
    """The entries of the file of surprises; in another language, of the one beside it."""
    file = SURPRISES if language == ENGLISH else SURPRISES.with_suffix(f".{language}{SURPRISES.suffix}")
    entries = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return [
        {
            key: typeset(" ".join(each.split()), language) if isinstance(each, str) else each
            for key, each in entry.items()
        }
        for entry in entries
    ]


def values_for_texts(findings: Findings, words: ReportWords = IN_ENGLISH) -> Mapping[str, Mapping]:
    """The numbers a text may name, written as people read them: {series[…][…]}, {evidence[…][…]}, {fee[…]}."""
    fees: dict[str, str] = {}
    for name, ends in _of_fee(findings.fee).items() if findings.fee else ():
        fees |= {f"{name}{end}": words.number(value) for end, value in zip(("", " low", " high"), ends, strict=True)}
    return {
        "series": {fit.record.series: _of_series(fit, words) for fit in findings.fits},
        "evidence": {each.experiment.id: _of_verdict(each, words) for each in findings.board.verdicts},
        "fee": fees,
    }


def _of_fee(fee: FeeShares) -> dict[str, tuple[float, ...]]:
    """Median, low and high of the rise, of what enforcement caused, and of each share in percent."""
    shares = {name: tuple(100 * value for value in ends) for name, ends in fee.shares.items()}
    return {"rise": fee.rise, "enforcement": fee.enforcement, **shares}


def _of_series(fit: SeriesFit, words: ReportWords) -> dict[str, str]:
    record = fit.record
    return {
        "mape": f"{fit.mape:.0f}",
        "coverage": f"{100 * fit.coverage:.0f}",
        **_of_point("first", fit, 0, words),
        **_of_point("last", fit, -1, words),
        "peak_recorded": f"{int(record.times[record.values.argmax()])}",
        "peak_median": f"{int(record.times[fit.median.argmax()])}",
    }


def _of_verdict(verdict: Verdict, words: ReportWords) -> dict[str, str]:
    return {
        "estimate": words.estimate(verdict.experiment),
        "verdict": verdict.verdict,
        **{word: words.number(getattr(verdict, word)) for word in ("median", "low", "high")},
    }


def _of_point(word: str, fit: SeriesFit, index: int, words: ReportWords) -> dict[str, str]:
    return {
        f"{word}_year": f"{int(fit.record.times[index])}",
        f"{word}_recorded": words.number(float(fit.record.values[index])),
        f"{word}_median": words.number(float(fit.median[index])),
    }
