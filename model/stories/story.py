"""What a story says, once it is read: settings, numbers, steps and questions, none of them worked out yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pushpull.scenario import Scenario
from pushpull.wording.bilingual import Bilingual

LANGUAGES = ("en", "fr")
TODAY = "today"  # the setting in which nothing is changed
PAGES = ("overview", "outcomes", "compare", "why", "evidence")
PARTS = ("gallery", "routes", "factors", "returned", "recorded", "diagram")
DRAWN = ("difference", "levels")
WAYS = (
    *("multiples", "difference", "table", "tradeoff", "parallel", "levers", "sum", "effects"),
    *("explore", "robust", "seek"),
)
HIDEABLE = ("chart", "cards", "words", "levers")
LEVEL, DIFFERENCE, RELATIVE, RATIO, SHARE, CHANCE = "level", "difference", "relative", "ratio", "share", "chance"
FORMS = (LEVEL, DIFFERENCE, RELATIVE, RATIO)
WORKED_OUT_FORMS = (RELATIVE, RATIO, SHARE, DIFFERENCE)  # a difference of shares or of relative changes
RISES, FALLS, HARDLY = "rises", "falls", "hardly"
DIRECTIONS = (RISES, FALLS)
SHARES = "route_share"  # the shares of all routes make up a whole, so they are no single number
LOWEST, HIGHEST = "lowest", "highest"
CLEAR = 0.9  # the share of simulations in which an answer must hold to be called clear


@dataclass(frozen=True)
class StorySetting:
    """What is set: packages laid over today's policy one after the other, then levers and context as a scenario file
    sets them. `scenario` is what all this makes of the corridor."""

    title: Bilingual
    packages: tuple[str, ...] = ()
    policies: Mapping[str, object] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    scenario: Scenario = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    def to_mapping(self) -> dict:
        """As a file writes it."""
        content: dict = {"title": self.title.to_mapping()}
        blocks = (("packages", list(self.packages)), ("policies", self.policies), ("context", self.context))
        return content | {word: given for word, given in blocks if given}


@dataclass(frozen=True)
class Holds:
    """What the words around a number say of it: it rises or falls, by at least so much of its own unit."""

    direction: str
    by_at_least: float = 0.0


@dataclass(frozen=True)
class StoryReading:
    """What is read off a run: a variable, on all routes or one, in a year or over years."""

    variable: str
    route: str = ""
    at: float | None = None
    over: tuple[float, float] | None = None
    how: str = "mean"


@dataclass(frozen=True)
class StoryNumber:
    """A number of a story. One of these says what it is:

    - `reading`, in the setting `within`: a level, or with `than` how it differs from that in another setting;
    - `measure`: arithmetic over other numbers, simulation by simulation;
    - `chance_that`: the share of simulations in which another number rises or falls by more than `beyond`. `is_open`
      where the words around it leave open whether it does.
    """

    form: str = LEVEL
    reading: StoryReading | None = None
    within: str = TODAY
    than: str = ""
    measure: str = ""
    chance_that: str = ""
    direction: str = RISES
    beyond: float = 0.0
    is_open: bool = False
    holds: Holds | None = None


@dataclass(frozen=True)
class Question:
    """Something for a room to guess before it is shown. `margin` is what an answer must clear in nine simulations of
    ten for the model to be clear about it: in the number's own unit; for lines and choices, a share of today's value;
    none for a count, whose chance says what it counts."""

    text: Bilingual
    margin: float


@dataclass(frozen=True)
class DirectionQuestion(Question):
    """Does it rise, fall or hardly move?"""

    number: str


@dataclass(frozen=True)
class AmountQuestion(Question):
    """How much is it? On a slider from `low` to `high`."""

    number: str
    low: float
    high: float


@dataclass(frozen=True)
class CountQuestion(Question):
    """In how many of 20 simulations?"""

    number: str


@dataclass(frozen=True)
class LineQuestion(Question):
    """Draw how it goes on, from the policy start `until` a year."""

    reading: StoryReading
    within: str
    until: float


@dataclass(frozen=True)
class ChoiceQuestion(Question):
    """Which setting leads to the lowest or highest value?"""

    choices: tuple[str, ...]
    reading: StoryReading
    first: str = LOWEST


@dataclass(frozen=True)
class RankQuestion(ChoiceQuestion):
    """In which order do settings stand?"""


@dataclass(frozen=True)
class LeverQuestion(ChoiceQuestion):
    """Which lever would you pull?"""


@dataclass(frozen=True)
class Showing:
    """What of the page is shown: a page, a part of it, an outcome, drawn as a difference or as levels, in a year."""

    page: str = PAGES[0]
    part: str = ""
    outcome: str = ""
    drawn: str = DRAWN[0]
    way: str = ""
    year: float | None = None


@dataclass(frozen=True)
class StoryStep:
    """One step: what is said and shown in which setting, what is hidden until the reveal, a question, what is said
    after it, and notes for the presenter alone. `options` are settings that stand beside it as options A, B, C."""

    title: Bilingual
    text: Bilingual
    setting: str = TODAY
    options: tuple[str, ...] = ()
    shows: Showing = Showing()
    hides: tuple[str, ...] = ()
    question: Question | None = None
    after: Bilingual | None = None
    notes: Bilingual | None = None

    @property
    def texts(self) -> Iterator[tuple[str, Bilingual]]:
        """Every text of the step, by its name."""
        asked = self.question.text if self.question else None
        for name, text in (("title", self.title), ("text", self.text), ("question", asked), ("after", self.after)):
            if text is not None:
                yield name, text
        if self.notes is not None:
            yield "notes", self.notes


@dataclass(frozen=True)
class Story:
    """A story: for whom, how long, about which claim of the policy text, on which corridor; `year` is the one that its
    numbers are of where they say nothing else."""

    id: str
    title: Bilingual
    corridor: str
    audience: Bilingual
    minutes: int
    claim: Bilingual
    year: float
    settings: Mapping[str, StorySetting]
    numbers: Mapping[str, StoryNumber]
    steps: tuple[StoryStep, ...]
    base: Scenario = field(default=None, compare=False, repr=False)  # type: ignore[assignment]
    shown: str = field(default="", compare=False, repr=False)

    @property
    def in_one_language(self) -> int:
        """How many of its texts stand in one language alone, in which the page of the other shows them too."""
        titles = (each.title for each in self.settings.values())
        texts = (text for step in self.steps for _, text in step.texts)
        return sum(not (each.en and each.fr) for each in (self.title, self.audience, self.claim, *titles, *texts))

    def scenario(self, setting: str) -> Scenario:
        """The scenario of a setting; that of `today` has nothing changed."""
        return self.base if setting == TODAY else self.settings[setting].scenario

    def setting_title(self, setting: str, language: str) -> str:
        """What a setting is called."""
        return _TODAY.into(language) if setting == TODAY else self.settings[setting].title.into(language)


_TODAY = Bilingual("Current situation", "Situation actuelle")
