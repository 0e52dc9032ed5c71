"""The pages outside a session: signing in, being signed out, and a server that is full."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pushpull.dashboard.html.page_shell import STYLE, frame_script, theme_script
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.wording import palette
from pushpull.wording.templates import render

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
    return _page("full", [code] if code else LANGUAGES, script), script


def sign_in(next: str, refusal: str = "", seconds: int = 0) -> str:
    """The page that asks for name and password and goes on to `next`; `refusal` says why it asks again: refused, or
    wait, for so many `seconds`."""
    return _page("sign_in", LANGUAGES, SCRIPT, next=next, refusal=refusal, seconds=seconds)


def signed_out() -> str:
    """The page of somebody who is signed out."""
    return _page("signed_out", LANGUAGES, SCRIPT)


def no_short_link(why: str, day: str = "") -> str:
    """The page of a short link that leads nowhere, and why: unknown, removed (on a day) or unavailable."""
    return _page("no_short_link", LANGUAGES, SCRIPT, why=why, day=day)


def _page(kind: str, codes: Sequence[str], script: str, **values: object) -> str:
    languages = [language(code) for code in codes]
    style = palette.style_sheet() + STYLE
    return render(
        Path(__file__).parent, "auth_page.html.j2", kind=kind, languages=languages, script=script, style=style, **values
    )
