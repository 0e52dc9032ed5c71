"""What a browser may do with an answer: the headers of every answer, and the content security policy of pages.

Scripts run from this server's files and from those texts alone that the server wrote itself, each named by its hash; so
nothing that a file, a link or a name says could run, should it ever become markup.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from hashlib import sha256

from pushpull.dashboard.html.page_shell import frame_scripts
from pushpull.serve_options import split_host

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # links hold the whole state; without any, forms would name no origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SCRIPT = re.compile(
    r"<script(?P<kind>(?: type=\"(?:text/javascript|module|esms-options)\")?)>(?P<text>.*?)</script>", re.DOTALL
)
_LEVEL = re.compile(r"\s*Bokeh\.set_log_level\(\"[a-z]+\"\);\s*\Z")
_SHIMS = '{"shimMode": true}'  # options that Panel writes for its reader of modules, which the page goes without


def hash_of(script: str) -> str:
    """A script's text as a policy names it."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def new_nonce() -> str:
    """A mark for the scripts of one answer."""
    return secrets.token_urlsafe(18)


def marked(page: str, token: str, nonce: str) -> str:
    """The simulator's page, or a part of it, with its own scripts marked as such.

    The script with which Bokeh draws the page is known by the token of the session, which nobody outside the server
    knows before the page is read; the others by their text.
    """

    def mark(found: re.Match[str]) -> str:
        text = found["text"]
        ours = text in frame_scripts() or text == _SHIMS or _LEVEL.match(text) or (token and token in text)
        return f'<script{found["kind"]} nonce="{nonce}">{text}</script>' if ours else found[0]

    return _SCRIPT.sub(mark, page)


def policy_of_page(nonce: str, host: str) -> str:
    """The policy that lets scripts with a mark alone run, and connections to the host that the page was asked from."""
    sockets = f" ws://{host} wss://{host}" if split_host(host) else ""  # for browsers whose 'self' holds no connections
    policy = (
        "default-src 'none'",
        # Bokeh makes functions of the texts with which axes and pointers write their numbers.
        f"script-src 'self' blob: 'unsafe-eval' 'nonce-{nonce}'",
        "style-src 'self' 'unsafe-inline'",  # Bokeh sets styles element by element
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        f"connect-src 'self' blob:{sockets}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(policy)


def policy_of_phone(script: str) -> str:
    """The policy of the page of a phone: its own modules and one script, and connections to this server alone."""
    return (
        f"default-src 'none'; script-src 'self' {hash_of(script)}; connect-src 'self'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def policy_of_form(script: str, asks: bool = False) -> str:
    """The policy of a page that holds a form and one script, which may ask this server where the page waits for it."""
    connections = " connect-src 'self';" if asks else ""
    return (
        f"default-src 'none'; script-src {hash_of(script)};{connections} style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
