"""`pushpull story`: a whole story with its numbers, for a rehearsal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, print_json, progress, say, spoken
from pushpull.files.paths import shown

if TYPE_CHECKING:
    from pushpull.stories import Answer, StepInWords, Story, StoryRuns

MEMBERS, SEED = 200, 1
WIDTH = 100


def story(
    name: Annotated[
        str | None, typer.Argument(metavar="ID|FILE", help="A story of `pushpull list stories`, or a file.")
    ] = None,
    members: Annotated[int, typer.Option("--members", metavar="N", help="Simulations of each setting.")] = MEMBERS,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the draws.")] = SEED,
    store: Annotated[
        bool, typer.Option("--store", help="Store how clear the model is about every question of the shipped stories.")
    ] = False,
    json: options.AsJson = False,
) -> None:
    """Tell a story: every step with its text, question, answer and notes, its numbers computed from simulations.

    Amounts are medians of the simulations, as on the page. Where fewer than nine simulations of ten bear out what the
    words say of a number, a line says so.
    """
    if store:
        if name is not None or json or (members, seed) != (MEMBERS, SEED):
            raise CommandFault("--store goes with no other choice: the answers to all shipped stories are stored")
        _store()
        return
    if name is None:
        raise CommandFault("story: which one? `pushpull list stories` names those that are shipped")
    if members < 1:
        raise CommandFault("--members: at least 1 simulation is needed")
    if seed < 0:
        raise CommandFault("--seed: a whole number from 0 on is needed")
    from pushpull.stories import StoryRuns, read_story, tell

    language, read = spoken(), read_story(options.located(name))
    options.tell_of_fit(read.base)
    options.ready()
    with progress("Simulating", "simulations") as report:
        runs = StoryRuns(read, members, seed, report)
        steps = list(tell(read, runs, language, plain=not json))
    if json:
        print_json(_as_json(read, runs, steps, language))
    else:
        _show(read, runs, steps, language)


def _store() -> None:
    from pushpull.stories import stored_answers, storing

    options.ready()
    with progress("Simulating", "simulations") as report:
        path = storing.store(report)
    say(f"wrote {shown(path)}")
    stored = stored_answers.stored_answers()
    for name in stored.stories:
        for what, share in stored.unclear(name).items():
            say(f"{name}, {what}: no clear answer ({share if share is None else format(share, '.0%')} of simulations)")


def _show(story: Story, runs: StoryRuns, steps: list[StepInWords], language: str) -> None:
    from pushpull.stories.story_words import say as word

    corridor = story.base.corridor
    print(story.title.into(language))
    place = corridor.id + (f" ({word(language, 'illustrative')})" if corridor.illustrative else "")
    head = {"claim": story.claim.into(language), "audience": story.audience.into(language)}
    for key, text in {**head, "minutes": str(story.minutes), "corridor": place}.items():
        _paragraph(word(language, "named", name=word(language, key), value=text))
    print(word(language, "made", members=runs.members, seed=runs.seed))
    for step in steps:
        print()
        heading = word(language, "step", number=step.place, count=len(steps))
        print(word(language, "named", name=heading, value=step.title))
        options_ = [story.setting_title(each, language) for each in step.step.options]
        page = step.page.view
        looked_at = [str(page[key]) for key in ("page", "part", "focus", "drawn", "way") if page.get(key)]
        year = [f"{each:g}" for each in (page.get("year"),) if isinstance(each, float)]
        lines = {
            "setting": story.setting_title(step.step.setting, language),
            "options": ", ".join(options_),
            "shown": ", ".join([*looked_at, *year]),
            "hidden": ", ".join(step.hides),
            "": step.text,
            "question": step.question,
            "choices": ", ".join(each.title for each in step.choices),
            "answer": step.answer_text,
            "after": step.after,
            "notes": step.notes,
        }
        for key, text in lines.items():
            if text:
                _paragraph(word(language, "named", name=word(language, key), value=text) if key else text)
        for remark in step.remarks:
            say(f"{heading}: {remark}")


def _paragraph(text: str) -> None:
    print(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    "))


def _as_json(story: Story, runs: StoryRuns, steps: list[StepInWords], language: str) -> dict:
    from pushpull.stories.story_numbers import Written
    from pushpull.wording.typography import typeset

    written = Written(language, story.base.corridor.currency)
    title, audience, claim = (
        typeset(each.into(language), language) for each in (story.title, story.audience, story.claim)
    )
    return {
        "id": story.id,
        "title": title,
        "language": language,
        "corridor": story.corridor,
        "illustrative": story.base.corridor.illustrative,
        "audience": audience,
        "minutes": story.minutes,
        "claim": claim,
        "members": runs.members,
        "seed": runs.seed,
        "model_hash": runs.result("today").provenance["model_hash"],
        "steps": [
            {
                "title": step.title,
                "setting": step.step.setting,
                "page": {
                    "corridor": step.page.corridor,
                    "package": step.page.package,
                    "scenario": step.page.scenario.to_mapping(),
                    "options": [each.to_mapping() for each in step.page.options],
                    "view": dict(step.page.view),
                },
                "hides": list(step.hides),
                "text": step.text,
                "numbers": {
                    name: {"value": each.value, "low": each.low, "high": each.high, "unit": each.unit,
                           "text": written.text(each)}
                    for name, each in step.numbers.items()
                },
                "question": _question(step) if step.answer is not None else None,
                "after": step.after or None,
                "notes": step.notes or None,
                "remarks": list(step.remarks),
            }
            for step in steps
        ],
    }  # fmt: skip


def _question(step: StepInWords) -> dict:
    from pushpull.stories.story_writing import KINDS

    question, answer = step.step.question, step.answer
    assert question is not None and answer is not None
    return {
        "kind": KINDS[type(question)],
        "text": step.question,
        "margin": question.margin,
        "choices": [{"setting": each.name, "title": each.title} for each in step.choices],
        "answer": {"text": step.answer_text, **_plain(answer)},
    }


def _plain(answer: Answer) -> dict:
    """An answer as plain values; arrays over time become lists."""
    listed = {name: getattr(each, "tolist", lambda each=each: each)() for name, each in vars(answer).items()}
    return {name: list(each) if isinstance(each, tuple) else each for name, each in listed.items()}
