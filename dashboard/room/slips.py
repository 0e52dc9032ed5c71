"""What lies on the table of a room, and what a phone may answer to it: plain values, read once and checked.

A slip is one question, or the form of a proposal. Its kinds and the answers to each:

    direction, lever    the name of a choice
    amount              a number from `low` to `high`
    count               a whole number from 0 to 20
    line                a number from `low` to `high` for each year of `time`
    rank                the names of all choices in an order
    why                 a text of 1 to 140 letters
    proposal            {"role": ..., "values": {lever: number in its range}, "why": text}
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.room.room_values import SlipFault, number, plain, size_of
from pushpull.wording.money import CURRENCIES
from pushpull.wording.phrases import Phrase, in_language
from pushpull.workshop.proposals import NEAR, money

PHASES = ("waiting", "open", "closed", "half", "revealed")
LARGEST_SLIP, LARGEST_REVEAL, LARGEST_ANSWER = 60_000, 60_000, 4_000  # bytes
MOST_COUNT = 20
MOST_CHOICES, MOST_YEARS, MOST_ROUNDS = 60, 400, 1000
TEXTS = ("title", "text", "unit")
_ID = re.compile(r"[\w./-]{1,80}")
_NAME = re.compile(r"\w{1,80}")


# Slips --------------------------------------------------------------------------------------------------------------


def read_slip(given: object) -> dict[str, Any]:
    """A slip as the presenter's page sends it; raises SlipFault where phones could not show it."""
    slip = _mapping(given, "A slip")
    if not isinstance(slip.get("id"), str) or not _ID.fullmatch(slip["id"]):
        raise SlipFault("A slip has an id of letters, digits and . / -.")
    slip = {"round": 1, **slip}
    round_ = slip["round"]
    if isinstance(round_, bool) or not isinstance(round_, int) or not 1 <= round_ <= MOST_ROUNDS:
        raise SlipFault("The round of a slip is a whole number from 1 on.")
    kind = slip.get("kind")
    if kind not in _ANSWERS:
        raise SlipFault(f"There is no kind of slip {str(kind)[:40]!r}.")
    for name in TEXTS:
        if name in slip:
            _check_bilingual(slip[name], name)
    for choice in _list(slip.get("choices", []), "choices", MOST_CHOICES):
        _name_of(choice)
    _CHECKS.get(kind, lambda _: None)(slip)
    if size_of(slip) > LARGEST_SLIP:
        raise SlipFault(f"A slip has at most {LARGEST_SLIP} bytes.")
    return slip


def read_reveal(given: object) -> dict[str, Any]:
    """What phones are told once the answer is revealed; raises SlipFault."""
    reveal = _mapping(given if given is not None else {}, "A reveal")
    if size_of(reveal) > LARGEST_REVEAL:
        raise SlipFault(f"A reveal has at most {LARGEST_REVEAL} bytes.")
    return reveal


def roles_of(slip: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles of which a phone chooses one; none but for a proposal."""
    return tuple(slip["levers"]) if slip["kind"] == "proposal" else ()


def _mapping(given: object, what: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise SlipFault(f"{what} is a JSON object.")
    return given


def _list(given: object, name: str, most: int) -> list:
    if not isinstance(given, list) or len(given) > most:
        raise SlipFault(f"{name} is a list of at most {most}.")
    return given


def _check_bilingual(text: object, name: str) -> None:
    if (
        not isinstance(text, dict)
        or set(text) != set(LANGUAGES)
        or not all(isinstance(each, str) for each in text.values())
    ):
        raise SlipFault(f"{name} is told in English and in French.")


def _name_of(entry: object) -> str:
    found = _mapping(entry, "A choice or lever")
    if not isinstance(found.get("name"), str) or not _NAME.fullmatch(found["name"]):
        raise SlipFault("A choice or lever has a name of letters and digits.")
    if "title" in found:
        _check_bilingual(found["title"], "title")
    return found["name"]


def _check_choices(slip: Mapping[str, Any]) -> None:
    names = [each["name"] for each in slip.get("choices", [])]
    if len(names) < 2 or len(set(names)) != len(names):
        raise SlipFault("A slip of this kind has two choices or more, each with a name of its own.")


def _check_range(slip: Mapping[str, Any]) -> None:
    low, high = (number(slip.get(end), -math.inf, math.inf) for end in ("low", "high"))
    if low >= high:
        raise SlipFault("The range of a slip ends above its beginning.")


def _check_line(slip: Mapping[str, Any]) -> None:
    _check_range(slip)
    time = [number(each, 0, 10_000) for each in _list(slip.get("time"), "time", MOST_YEARS)]
    if len(time) < 2 or sorted(set(time)) != time:
        raise SlipFault("The years of a slip come one after the other, two or more.")


def _check_proposal(slip: Mapping[str, Any]) -> None:
    roles = _mapping(slip.get("levers"), "levers")
    if not 1 <= len(roles) <= MOST_CHOICES or not all(_NAME.fullmatch(role) for role in roles):
        raise SlipFault("A proposal has one role or more, each with a name of letters and digits.")
    for levers in roles.values():
        for lever in _list(levers, "levers", MOST_CHOICES):
            _name_of(lever)
            _check_range(lever)
            if "budget" in slip:
                for word in ("today", "cost_per_unit"):
                    number(lever.get(word), -math.inf, math.inf)
    if "budget" in slip:
        for amount in _mapping(slip["budget"], "budget").values():
            number(amount, 0, math.inf)
        if slip.get("currency") not in CURRENCIES:
            raise SlipFault("A budget is in a currency.")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "direction": _check_choices,
    "lever": _check_choices,
    "rank": _check_choices,
    "amount": _check_range,
    "line": _check_line,
    "proposal": _check_proposal,
}

# Answers ------------------------------------------------------------------------------------------------------------


def read_answer(slip: Mapping[str, Any], value: object) -> Any:
    """An answer to a slip as it is kept; raises SlipFault for anything else."""
    kept = _ANSWERS[slip["kind"]](slip, value)
    if size_of(kept) > LARGEST_ANSWER + 20 * len(slip.get("time", ())):
        raise SlipFault("The answer is too long.")
    return kept


def _choice(slip: Mapping[str, Any], value: object) -> str:
    if not isinstance(value, str) or value not in [each["name"] for each in slip["choices"]]:
        raise SlipFault("The answer is none of the choices.")
    return value


def _amount(slip: Mapping[str, Any], value: object) -> float:
    return number(value, slip["low"], slip["high"])


def _count(_: Mapping[str, Any], value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_COUNT:
        raise SlipFault(f"The answer is a whole number from 0 to {MOST_COUNT}.")
    return value


def _line(slip: Mapping[str, Any], value: object) -> list[float]:
    if not isinstance(value, list) or len(value) != len(slip["time"]):
        raise SlipFault("A line has one number for each year.")
    return [number(each, slip["low"], slip["high"]) for each in value]


def _rank(slip: Mapping[str, Any], value: object) -> list[str]:
    names = [each["name"] for each in slip["choices"]]
    if (
        not isinstance(value, list)
        or not all(isinstance(each, str) for each in value)
        or sorted(value) != sorted(names)
    ):
        raise SlipFault("An order names every choice once.")
    return value


def _why(_: Mapping[str, Any], value: object) -> str:
    text = plain(value)
    if not text:
        raise SlipFault("The text is empty.")
    return text


def _proposal(slip: Mapping[str, Any], value: object) -> dict[str, Any]:
    proposal = _mapping(value, "A proposal")
    if not set(proposal) <= {"role", "values", "why"}:
        raise SlipFault("A proposal has a role, values and a reason.")
    role = proposal.get("role")
    if not isinstance(role, str) or role not in slip["levers"]:
        raise SlipFault("There is no such role.")
    levers = {each["name"]: each for each in slip["levers"][role]}
    values = _mapping(proposal.get("values"), "values")
    if not set(values) <= set(levers):
        raise SlipFault("A lever of the proposal is not one of this role.")
    kept = {name: number(each, levers[name]["low"], levers[name]["high"]) for name, each in values.items()}
    answer = {"role": role, "values": kept, "why": plain(proposal.get("why", ""))}
    if role in slip.get("budget", {}):
        _check_budget(slip, answer)
    return answer


def _check_budget(slip: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raise SlipFault where what stands on the slip says that an answer costs more than its role may spend."""
    levers = {each["name"]: each for each in slip["levers"][answer["role"]]}
    costs = (
        levers[name]["cost_per_unit"] * (value - levers[name]["today"]) for name, value in answer["values"].items()
    )
    budget, currency = slip["budget"][answer["role"]], slip["currency"]
    beyond = math.fsum(costs) - budget
    if beyond > NEAR * max(budget, 1.0):
        sentence = Phrase(
            "this is {beyond} a year over the budget of {budget} a year",
            beyond=money(beyond, currency),
            budget=money(budget, currency),
        )
        told = {code: in_language(sentence, code) for code in LANGUAGES}
        raise SlipFault(told["en"], {code: f"{text[:1].upper()}{text[1:]}." for code, text in told.items()})


_ANSWERS: dict[str, Callable[[Mapping[str, Any], object], Any]] = {
    "direction": _choice,
    "lever": _choice,
    "amount": _amount,
    "count": _count,
    "line": _line,
    "rank": _rank,
    "why": _why,
    "proposal": _proposal,
}
