"""The checks of a scenario that need the whole of it: years, ranges where a value is relative to today's, shares."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.engine.stepping.methods import QUARTER, STEPS_PER_YEAR, saves_per_year
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.draft import Draft
from pushpull.scenario.interpreter import HORIZON, Constants, Interpreter, Setting, in_range, within
from pushpull.scenario.migrations import CLASSICAL
from pushpull.scenario.schedules import Amount, value_at
from pushpull.scenario.share_sums import keys_of, whole_fault
from pushpull.wording.phrases import Phrase

MOST_STATES = 16_000


def checked(draft: Draft, faults: list[Fault]) -> Draft:
    """The draft with all its years and options; raises ScenarioFaults with the faults given and those of the whole."""
    corridor = draft.corridor
    if corridor is None:
        raise ScenarioFaults(faults)
    draft.horizon = {key: getattr(corridor, key) for key in HORIZON} | draft.horizon
    catalogue, policy_start = draft.catalogue, draft.horizon["policy_start"]
    before = len(faults)
    _check_years(draft, corridor, faults, **draft.horizon)
    if len(faults) == before:
        for name, setting in (*draft.policies.items(), *draft.context.items()):
            _check_setting(faults, name, setting, corridor, catalogue, policy_start)
        for name, given in draft.parameters.items():
            _check_constants(faults, name, given, corridor, catalogue)
            if catalogue.parameters[name].sums_to is not None:
                _check_sum(faults, name, given, corridor, catalogue)
    if len(faults) == before:
        _check_saving(faults, draft, corridor)
    if faults:
        raise ScenarioFaults(faults)
    if draft.classical is not None and draft.options.get("method") is None:
        draft.options["method"] = CLASSICAL
        draft.notes.append(draft.classical)
    return draft


def _check_years(
    draft: Draft, corridor: Corridor, faults: list[Fault], start: float, end: float, policy_start: float
) -> None:
    """A horizon inside the corridor's; it may end before the policy start, so that history runs alone."""
    file, line = draft.horizon_at
    reader = Interpreter(
        file or Phrase("the scenario"), faults, draft.catalogue, corridor.routes, origins=corridor.origins
    )
    if start < corridor.start:
        message = Phrase("the horizon starts in {start:g}, before the corridor {id} does", start=start, id=corridor.id)
        reader.fault(line, message, Phrase("{start:g} or later", start=corridor.start))
    elif start >= end:
        reader.fault(
            line,
            Phrase("the horizon ends in {end:g} but starts in {start:g}", end=end, start=start),
            Phrase("an end after {start:g}", start=start),
        )
    else:
        reader.check_horizon(line, corridor.start, end, policy_start, corridor.end)


def _check_saving(faults: list[Fault], draft: Draft, corridor: Corridor) -> None:
    """Whole steps from one saved state to the next, and no more states than a result holds."""
    steps, every = draft.options.get("steps_per_year") or STEPS_PER_YEAR, draft.options.get("save_every") or QUARTER
    file, line = draft.integration_at[0] or Phrase("the scenario"), draft.integration_at[1]
    if every == "month" and steps % saves_per_year(every, steps):
        message = Phrase("save_every is month, but {steps} steps a year make no whole months", steps=steps)
        allowed = Phrase("steps_per_year that is a multiple of 12, or save_every: quarter or step")
        faults.append(Fault(file, line, message, allowed))
    states = round((draft.horizon["end"] - corridor.start) * saves_per_year(every, steps))
    if every == "step" and states > MOST_STATES:
        message = Phrase("save_every is step, which makes {states:,} states", states=states)
        faults.append(
            Fault(
                file,
                line,
                message,
                Phrase("at most {most_states:,}: save_every: month, or fewer steps_per_year", most_states=MOST_STATES),
            )
        )


def _check_setting(
    faults: list[Fault], name: str, setting: Setting, corridor: Corridor, catalogue: Catalogue, policy_start: float
) -> None:
    """No effect before the policy start, and every multiple of today's value within its range."""
    card = catalogue.levers[name] if name in catalogue.levers else catalogue.context[name]
    keys = keys_of(card, corridor.members)
    schedules = setting.items() if isinstance(setting, Mapping) else [(None, setting)]
    for key, schedule in schedules:
        if schedule.first_year is not None and schedule.first_year < policy_start:
            message = Phrase(
                "{name} changes in {first_year:g}, before the policy start", name=name, first_year=schedule.first_year
            )
            faults.append(
                Fault(*schedule.where, message, Phrase("{policy_start:g} or later", policy_start=policy_start))
            )
        for route in [key] if key is not None else keys:
            today = value_at(corridor.path(name, catalogue, route), policy_start)
            of = Phrase("{name} of {route}", name=name, route=route) if route else name
            if any(_outside(faults, of, amount, today, card) for amount in schedule.amounts):
                break


def _check_constants(
    faults: list[Fault], name: str, given: Constants, corridor: Corridor, catalogue: Catalogue
) -> None:
    """Every multiple of a parameter's value in the corridor within its range."""
    card = catalogue.parameters[name]
    keys = keys_of(card, corridor.members)
    pairs = given.items() if isinstance(given, Mapping) else [(key, given) for key in keys]
    for key, amount in pairs:
        of = Phrase("{name} of {key}", name=name, key=key) if key else name
        if _outside(faults, of, amount, corridor.parameter(name, catalogue, key), card):
            break


def _check_sum(faults: list[Fault], name: str, given: Constants, corridor: Corridor, catalogue: Catalogue) -> None:
    """The shares of all members of an index make one whole."""
    card = catalogue.parameters[name]
    keys = keys_of(card, corridor.members)
    pairs = given if isinstance(given, Mapping) else dict.fromkeys(keys, given)
    shares = {key: corridor.parameter(name, catalogue, key) for key in keys}
    shares |= {key: amount.resolved(shares[key]) for key, amount in pairs.items()}
    fault = whole_fault(card, shares, next(iter(pairs.values())).where)
    if fault is not None:
        faults.append(fault)


def _outside(faults: list[Fault], of: str, amount: Amount, today: float, card: Card) -> bool:
    if not amount.times_today or within(amount.resolved(today), card):
        return False
    message = Phrase(
        "{of} is {value:g} times today's {today:g}, outside its range", of=of, value=amount.value, today=today
    )
    faults.append(Fault(amount.where[0] or Phrase("the scenario"), amount.where[1], message, in_range(card)))
    return True
