"""What is compared: the options with their names, how things stand on the page, and packages."""

from __future__ import annotations

import json

from markupsafe import Markup

from pushpull.dashboard.compute.compared import colour_of_option, scenarios
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.state.packages import LONGEST_NAME, package_heading
from pushpull.dashboard.state.policy_options import letter, title_of
from pushpull.dashboard.state.state import State
from pushpull.scenario import policy_names
from pushpull.wording.markup import element, send


def fragment(language: Language, state: State) -> Markup:
    """The options, and what may become one; on a narrow page to be opened, so that the comparison comes first."""
    say = language.say
    beside = [title for key, title, _ in scenarios(language, state) if key != "baseline"]
    return element(
        "details",
        element("summary", say("options.title"), element("small", language.join(beside)) if beside else None),
        element("ol", [_option(language, state, place) for place in range(len(state.kept))], class_="options")
        if state.kept
        else element("p", say("options.none"), class_="hint"),
        _yours(language, state) if state.option is None else element("div", _new(language, state), class_="tools"),
        element("div", [_package(language, state, name) for name in policy_names()], class_="boxes", data_group=True),
        class_="sheet compared",
        open=True,
        data_if_wide=True,
    )


def _option(language: Language, state: State, place: int) -> Markup:
    say, is_edited, named = language.say, place == state.option, title_of(language, state, place)
    look = f"background: var(--{colour_of_option(place)})"
    return element(
        "li",
        element("span", letter(place), class_="letter", style=look),
        _name_field(say("options.name_of", option=letter(place)), state.title_of(language, state.kept[place]), place),
        _button(say("options.back"), f"option-back-{place}", say("options.back_of", option=named),
                place == 0, shift=-1, place=place),
        _button(say("options.on"), f"option-on-{place}", say("options.on_of", option=named),
                place == len(state.kept) - 1, shift=1, place=place),
        _button(say("options.done"), f"option-done-{place}", say("options.done_hint"), edit=-1)
        if is_edited
        else _button(say("options.edit"), f"option-edit-{place}", say("options.edit_of", option=named), edit=place),
        _button("\u00d7", f"unkeep-{place}", say("compare.remove", title=named), unkeep=place),
        element("small", say("options.edited"), role="status") if is_edited else None,
        class_="edited" if is_edited else None, data_key=f"{place}",
    )  # fmt: skip


def _yours(language: Language, state: State) -> Markup:
    """How things stand on the page: a name for it, and a way to make it an option."""
    say = language.say
    return element(
        "div",
        element("label", say("options.yours"), _name_field("", state.name, -1, say("yours")), class_="choice"),
        element("button", say("toolbar.keep"), type="button", class_="button", id="option-add",
                data_send=send(do="keep"), title=say("toolbar.keep_hint"), disabled=_is_full(state)),
        _new(language, state),
        class_="tools",
    )  # fmt: skip


def _new(language: Language, state: State) -> Markup:
    """A way to begin an option from today's policy."""
    return element(
        "button", language.say("options.new"), type="button", class_="button", id="option-new",
        data_send=send(do="new_option"), title=language.say("options.new_hint"), disabled=_is_full(state),
    )  # fmt: skip


def _package(language: Language, state: State, name: str) -> Markup:
    say, title = language.say, language.of("packages", name, package_heading(name).title)
    box = element("input", type="checkbox", value=name, checked=name in state.view.compared, data_choose="compared",
                  id=f"compare-{name}")  # fmt: skip
    add = element("button", say("toolbar.keep"), type="button", class_="link", id=f"option-of-{name}",
                  data_send=send(option=name), aria_label=say("options.add_of", title=title),
                  disabled=_is_full(state))  # fmt: skip
    return element("div", element("label", box, title), add, class_="package")


def _name_field(label: str, value: str, place: int, placeholder: str | None = None) -> Markup:
    return element(
        "input", type="text", value=value, maxlength=LONGEST_NAME, aria_label=label or None, id=f"name-{place}",
        dir="auto", placeholder=placeholder, autocomplete="off", data_choose="rename",
        data_with=json.dumps({"place": place}),
    )  # fmt: skip


def _button(title: str, name: str, label: str, disabled: bool = False, **message: object) -> Markup:
    return element(
        "button", title, type="button", class_="link", id=name, data_send=send(**message), aria_label=label,
        title=label, disabled=disabled,
    )  # fmt: skip


def _is_full(state: State) -> bool:
    return len(state.kept) >= MOST_KEPT_BESIDE
