"""The pages outside a session: signing in, being signed out, and a server that is full."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from pushpull.dashboard.html.page_shell import STYLE, frame_script, theme_script
from pushpull.dashboard.i18n.texts import LANGUAGES, Language, language
from pushpull.wording import palette
from pushpull.wording.markup import element

# A page that nobody has told a language yet speaks that of the page it leads to or comes from; else the browser's, if
# it can.
_LANGUAGE_SCRIPT = """
window.addEventListener("DOMContentLoaded", () => {
  const each = [...document.querySelectorAll("[data-speaks]")];
  const asked = /[?&]language=([a-z]{2})/.exec(decodeURIComponent(window.location.search.replaceAll("+", " ")))?.[1];
  let left = null;
  try { left = window.sessionStorage.getItem("pushpull_language"); } catch { /* a browser that keeps nothing */ }
  const wanted = [asked, left, navigator.language.slice(0, 2)].find((code) =>
    each.some(({dataset}) => dataset.speaks === code));
  if (!wanted) return;
  document.documentElement.lang = wanted;
  each.forEach((part) => { part.hidden = part.dataset.speaks !== wanted; });
});
"""
SCRIPT = theme_script(LANGUAGES[0]) + _LANGUAGE_SCRIPT


def full(code: str = "") -> tuple[str, str]:
    """The page of somebody for whom there is no room now, which lets them in once there is, and the script in it.

    It is in the language asked for, or else in the browser's.
    """
    script = frame_script(code or LANGUAGES[0]) + ("" if code else _LANGUAGE_SCRIPT)
    doors = []
    for each in [code] if code else LANGUAGES:
        words = language(each)
        again = element("a", words.say("page.again"), href="")
        told = element("p", words.say("page.full"), role="alert")
        doors.append(_door(words, told, element("p", again), data_waits=True))
    return _standing(doors, script, code or LANGUAGES[0]), script


@cache
def sign_in() -> str:
    """The page that asks for name and password, as a Jinja template in every language."""
    return _standing([_form(language(code)) for code in LANGUAGES])


@cache
def sign_out() -> str:
    """The page of somebody who is signed out, as a Jinja template in every language."""
    doors = []
    for code in LANGUAGES:
        words = language(code)
        link = element("a", words.say("signing.sign_in"), href="login")
        doors.append(_door(words, element("p", words.say("signing.signed_out")), element("p", link)))
    return _standing(doors)


def _form(words: Language) -> Markup:
    say = words.say
    fields = [
        element(
            "label",
            say(f"signing.{name}"),
            element("input", name=name, type=kind, autocomplete=hint, autocapitalize="off", required=True),
        )
        for name, kind, hint in (("username", "text", "username"), ("password", "password", "current-password"))
    ]
    refused = element("p", say("signing.refused"), role="alert", class_="notice")
    wait = element("p", say("signing.wait", seconds="{{ seconds }}"), role="alert", class_="notice")
    return _door(
        words,
        element("p", say("signing.ask")),
        Markup("{% if told == 'refused' %}"),
        refused,
        Markup("{% elif told == 'wait' %}"),
        wait,
        Markup("{% endif %}"),
        element(
            "form",
            fields,
            element("input", name="next", type="hidden", value=Markup("{{ next }}")),
            element("button", say("signing.sign_in"), type="submit", class_="button"),
            action="login",
            method="post",
        ),
    )


def _door(words: Language, *content: object, **attributes: object) -> Markup:
    """One language of such a page."""
    head = element("h1", words.say("page.name"))
    return element("main", head, content, class_="door", lang=words.code, data_speaks=words.code, **attributes)


def _standing(doors: list[Markup], script: str = SCRIPT, code: str = LANGUAGES[0]) -> str:
    """A whole page of several languages, of which the first is shown where the browser speaks none of them."""
    first, *others = doors
    hidden = [door.replace(Markup('class="door"'), Markup('class="door" hidden=""'), 1) for door in others]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", "Pushpull"),
        element("link", rel="icon", href="data:,"),
        element("script", Markup(script)),
        element("style", Markup(palette.style_sheet() + STYLE)),
    )
    body = element("body", first, hidden)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=code)}\n"
