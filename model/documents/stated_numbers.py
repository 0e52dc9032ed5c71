"""The numbers that stand in documents: of the model, of runs, and of what is stored beside corridors. None is typed."""

from __future__ import annotations

from collections.abc import Callable, Sized
from functools import cached_property

import numpy as np

from pushpull.analysis import Pair, Paired, paired
from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.evaluation.judgement import Judgement, judgement, main_measure
from pushpull.evaluation.stored import stored_evaluations
from pushpull.evidence.stored_scores import stored_scores
from pushpull.evidence.verdicts import WITHIN, WRONG
from pushpull.posterior import posterior_of
from pushpull.reporting.report_texts import limits, unforeseen
from pushpull.scenario import Scenario
from pushpull.scenario.library import policy_names
from pushpull.wording.model_texts import text_in
from pushpull.wording.numbers import DASH, numbers_of

NEITHER = "neither"  # way of an outcome is better for people by itself
MEMBERS, SEED = 100, 1  # of the simulations that a document speaks of


class StatedNumbers:
    """What a document may state, written in a language."""

    def __init__(self, language: str):
        self.language = language
        self.numbers = numbers_of(language)
        self._pairs: dict[tuple[str, str], Paired] = {}

    @cached_property
    def names(self) -> dict[str, Callable | int | str]:
        """Everything under the name by which documents call it."""
        known = catalogue()
        counts: dict[str, Sized] = {
            "levers": known.levers,
            "drivers": known.context,
            "parameters": known.parameters,
            "outcomes": known.outcomes,
            "loops": known.loops,
            "variables": known.model.variables,
            "stocks": known.model.stocks,
            "packages": policy_names(),
        }
        methods = ("title", "loop", "change", "level", "chance", "forecasts", "effects", "fitted", "limits_list")
        return {
            **{name: len(each) for name, each in counts.items()},
            "sectors": len({each.sector for each in known.model.variables.values()}),
            "assumed": sum(card.source == "assumption" for card in known.parameters.values()),
            "members": MEMBERS,
            **{name: getattr(self, name) for name in methods},
        }

    def title(self, name: str) -> str:
        """The title of an outcome, lever, driver or parameter."""
        return text_in(self.language, "titles", name, title_of(catalogue(), name))

    def loop(self, name: str) -> str:
        """The title of a feedback loop."""
        own = text_in(self.language, "titles", name, catalogue().loops[name].title)
        return text_in(self.language, "loop_titles", name, own)

    # Runs --------------------------------------------------------------------------------------------------------

    def change(self, corridor: str, package: str, outcome: str, year: float) -> str:
        """By how much a package changes an outcome in a year: the median of the simulations, with its sign."""
        pair, moment = self._pair(corridor, package, outcome), self._moment(corridor, package, year)
        baseline = pair.baseline.median[moment]
        return self.numbers.percent(float(pair.difference.median[moment] / baseline)) or DASH

    def level(self, corridor: str, package: str, outcome: str, year: float) -> str:
        """What an outcome is in a year under a package, with its unit: the median of the simulations."""
        pair, moment = self._pair(corridor, package, outcome), self._moment(corridor, package, year)
        return self.numbers.full(float(pair.policy.median[moment]), catalogue().outcomes[outcome].unit)

    def chance(self, corridor: str, package: str, outcome: str, year: float) -> str:
        """The share of simulations in which a package makes an outcome better for people in a year; a dash where
        neither way is better for them by itself."""
        if catalogue().outcomes[outcome].better == NEITHER:
            return DASH
        pair, moment = self._pair(corridor, package, outcome), self._moment(corridor, package, year)
        return self.numbers.chance(float(pair.chance[moment]))

    def _found(self, corridor: str, package: str) -> Paired:
        if (corridor, package) not in self._pairs:
            baseline = Scenario.load(corridor).baseline()
            self._pairs[corridor, package] = paired(baseline.with_policy(package), baseline, MEMBERS, seed=SEED)
        return self._pairs[corridor, package]

    def _pair(self, corridor: str, package: str, outcome: str) -> Pair:
        return self._found(corridor, package).of(outcome)

    def _moment(self, corridor: str, package: str, year: float) -> int:
        return int(np.abs(self._found(corridor, package).time - year).argmin())

    # What is stored ----------------------------------------------------------------------------------------------

    def forecasts(self, corridor: str) -> dict[str, str]:
        """What forecasts from past years came to, as evaluated last: `held`, the share of recorded values within the
        90 percent ranges; `worst`, the mean error of the worst; `beaten` of `judged` years nearer than the last value
        held; `times`, their error in multiples of that one's."""
        found = self._judged(corridor)
        return {
            "held": self.numbers.share(found.in_nine_tenths),
            "worst": self.numbers.share(found.worst["mape"]),
            "worst_year": str(found.worst["origin_year"]),
            "beaten": str(found.beaten),
            "judged": str(found.judged),
            "times": DASH if found.ratio is None else self.numbers.number(found.ratio, 2),
        }

    @staticmethod
    def _judged(corridor: str) -> Judgement:
        evaluation = stored_evaluations(Scenario.load(corridor).corridor.folder)[-1]
        measure = main_measure(evaluation)
        found = judgement(evaluation, measure) if measure else None
        if found is None:
            raise ValueError(f"no forecast of {corridor} is judged")
        return found

    def effects(self) -> dict[str, int]:
        """How many published effects were tested, lie within their range, and have the wrong sign, as stored last."""
        stored = stored_scores()
        verdicts = [score["verdict"] for score in stored.scores.values()] if stored else []
        return {"tested": len(verdicts), "within": verdicts.count(WITHIN), "wrong": verdicts.count(WRONG)}

    def fitted(self, corridor: str) -> dict[str, int]:
        """Of how many draws the posterior of a corridor consists, and of how many numbers."""
        posterior = posterior_of(Scenario.load(corridor).corridor)
        if posterior is None:
            raise ValueError(f"{corridor} has no fit")
        return {"draws": len(posterior.draws), "numbers": len(posterior.parameters)}

    def limits_list(self, which: str = "limits") -> str:
        """What the model cannot tell, or what no forecast can foresee (`unforeseen`), as a list."""
        entries = (limits if which == "limits" else unforeseen)(self.language)
        return "\n".join(f"- **{title}** {text}" for title, text in entries)
