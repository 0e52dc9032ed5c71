"""Signing in with a password and out again.

A signed cookie says who signed in and with which password; it holds as long as the user stands in the password file
with that password and has not signed out. All workers share the secret of the signature, the password file and a folder
of those who signed out, and nothing else.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import math
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from bokeh.server.auth_provider import AuthProvider
from tornado.web import HTTPError, RequestHandler

from pushpull.dashboard.auth import auth_pages, passwords
from pushpull.dashboard.auth.attempts import Attempts, keys_of
from pushpull.dashboard.auth.shared_state import COOKIE_ID, DAYS, SignedOut
from pushpull.dashboard.server import security
from pushpull.dashboard.server.connection import end_what_is_over
from pushpull.dashboard.server.guard import FromOwnPage, address_of, is_secure
from pushpull.dashboard.storage.short_links import code_of

log = logging.getLogger(__name__)

COOKIE, BROWSER_COOKIE = "pushpull_user", "pushpull_browser"
DAYS_OF_A_BROWSER = 90
MOST_WAITING = 16  # passwords to be checked at a time
LONGEST_NEXT = 64_000
_PLAIN_QUERY = re.compile(r"[!-\[\]-~]*\Z")  # printed letters of ASCII, without the backslash


def own_path(wished: str, prefix: str) -> str:
    """Where to go after signing in: the page, with the query that was asked for, or a short link; nothing else is ours
    to go to."""
    way, _, code = wished.rpartition("/")
    if way == f"{prefix}/s" and code_of(code) is not None:
        return f"{way}/{code_of(code)}"
    page = f"{prefix}/"
    path, mark, query = wished.partition("?")
    if path in (page, prefix or page) and len(wished) <= LONGEST_NEXT and _PLAIN_QUERY.match(query):
        return f"{page}{mark}{query}"
    return page


def _plain(text: str | bytes) -> object:
    """A JSON text opened; None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


class PasswordAuth(AuthProvider):
    """Who is signed in, by the password file; also what Bokeh asks for its pages of signing in and out."""

    def __init__(self, file: passwords.PasswordFile, signed_out: SignedOut, secret: str, prefix: str = ""):
        self.file, self.signed_out, self.secret, self.prefix = file, signed_out, secret, prefix
        self.attempts = Attempts()
        self._checking = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._waiting = 0
        super().__init__()

    # The cookie -------------------------------------------------------------------------------------------

    def _mark(self, user: str) -> str | None:
        """What a cookie must hold beside the name: it changes with the password."""
        stored = self.file.hashes.get(user)
        if stored is None:
            return None
        return hmac.new(self.secret.encode(), f"{user}\0{stored}".encode(), sha256).hexdigest()

    def sign_in(self, handler: RequestHandler, user: str) -> None:
        """Give the browser the cookie of a user."""
        value = json.dumps([user, secrets.token_hex(16), self._mark(user)])
        self._set(handler, COOKIE, value, DAYS)
        if self.browser_of(handler, user) is None:
            self._set(handler, BROWSER_COOKIE, json.dumps([user, secrets.token_hex(16)]), DAYS_OF_A_BROWSER)

    def _set(self, handler: RequestHandler, name: str, value: str, days: int) -> None:
        path = self.prefix or "/"
        handler.set_signed_cookie(
            name, value, expires_days=days, path=path, httponly=True, samesite="Lax", secure=is_secure(handler)
        )

    def sign_out(self, handler: RequestHandler) -> None:
        """Let the cookie of a request count no more, anywhere."""
        user, id_ = self._opened(handler)
        handler.clear_cookie(COOKIE, path=self.prefix or "/")
        if user is None:
            return
        try:
            self.signed_out.add(id_)
        except OSError as fault:
            log.error("that %.80r signed out is known to this worker alone: %s", user, fault.strerror or fault)

    def _opened(self, handler: RequestHandler) -> tuple[str | None, str]:
        """User and number of a request's cookie, if it counts; no user otherwise."""
        found = handler.get_signed_cookie(COOKIE, max_age_days=DAYS)
        match _plain(found) if found is not None else None:
            case [str() as user, str() as id_, str() as mark] if COOKIE_ID.match(id_):
                wanted = self._mark(user)
            case _:
                return None, ""
        if wanted is None or not hmac.compare_digest(wanted, mark) or id_ in self.signed_out:
            return None, ""
        return user, id_

    def user_of(self, handler: RequestHandler) -> str | None:
        """The user of a request."""
        return self._opened(handler)[0]

    def browser_of(self, handler: RequestHandler, user: str) -> str | None:
        """The number of a browser in which that user signed in before."""
        found = handler.get_signed_cookie(BROWSER_COOKIE, max_age_days=DAYS_OF_A_BROWSER)
        match _plain(found) if found is not None else None:
            case [str() as known, str() as id_] if known == user:
                return id_
        return None

    # The password -----------------------------------------------------------------------------------------

    async def check(self, user: str, password: str) -> bool | None:
        """Whether a password is right, found out in another thread; None where too many wait already."""
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            stored = self.file.hashes.get(user)
            return await asyncio.wrap_future(self._checking.submit(passwords.fits, password, stored))
        finally:
            self._waiting -= 1

    # What Bokeh asks --------------------------------------------------------------------------------------

    @property
    def get_user(self):
        """The user of a request."""
        return self.user_of

    @property
    def get_user_async(self):
        """Not used: a cookie is read at once."""
        return None

    @property
    def get_login_url(self):
        """Not used: there is one place to sign in."""
        return None

    @property
    def login_url(self):
        """Where to sign in."""
        return "/login"

    @property
    def logout_url(self):
        """Where to sign out."""
        return "/logout"

    @property
    def login_handler(self):
        """Who answers there."""
        return SignIn

    @property
    def logout_handler(self):
        """Who answers there."""
        return SignOut


class AuthPage(FromOwnPage, RequestHandler):
    """A page outside a session, in every language, with one script."""

    @property
    def auth(self) -> PasswordAuth:
        """Who knows the users."""
        return self.settings["rules"].users

    def answer(self, page: str) -> None:
        """Answer with a page."""
        self.set_header("Content-Security-Policy", security.policy_of_form(auth_pages.SCRIPT))
        self.set_header("Cache-Control", "no-store")
        self.finish(page)


class SignIn(AuthPage):
    """`/login`: asks for name and password, and goes on to the page with the query it was asked for."""

    def get(self) -> None:
        """Ask."""
        wished = own_path(self.get_query_argument("next", ""), self.auth.prefix)
        if self.auth.user_of(self) is not None:
            self.redirect(wished, status=303)
        else:
            self._ask(wished)

    def _ask(self, wished: str, refusal: str = "", seconds: float = 0) -> None:
        self.answer(auth_pages.sign_in(wished, refusal, math.ceil(seconds)))

    async def post(self) -> None:
        """Take a name and a password."""
        auth, address = self.auth, address_of(self)
        wished = own_path(self.get_body_argument("next", ""), auth.prefix)
        typed, password = self.get_body_argument("username", ""), self.get_body_argument("password", "", strip=False)
        try:
            user = passwords.plain_name(typed)
        except passwords.PasswordFault:
            user = typed[: passwords.LONGEST_NAME]
        keys = keys_of(user, address, auth.browser_of(self, user))
        seconds = auth.attempts.wait(keys)
        if seconds:
            self.set_status(429)
            self.set_header("Retry-After", str(math.ceil(seconds)))
            return self._ask(wished, "wait", seconds)
        auth.attempts.begin(keys)
        right = await auth.check(user, password)
        if right is None:
            auth.attempts.was_right(keys)
            self.set_status(503)
            self.set_header("Retry-After", "5")
            return self._ask(wished, "wait", 5)
        if not right:
            log.warning("wrong password for %.200r from %.100s", user, address)
            return self._ask(wished, "refused")
        auth.attempts.was_right(keys)
        auth.sign_in(self, user)
        self.redirect(wished, status=303)


class SignOut(AuthPage):
    """`/logout`: ends the sign-in of this browser, and closes its tabs."""

    def get(self) -> None:
        """Sign out, unless another site sent the visitor here."""
        if self.request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise HTTPError(403, reason="The page of another site sends this")
        self.auth.sign_out(self)
        end_what_is_over(self.settings["rules"])
        self.answer(auth_pages.signed_out())

    post = get
