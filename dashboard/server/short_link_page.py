"""`/s/CODE`: a short link, which leads to the full one."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlencode

from pushpull.dashboard.auth import auth_pages
from pushpull.dashboard.auth.shared_state import short_links
from pushpull.dashboard.server.sign_in import AuthPage, own_path
from pushpull.dashboard.storage.short_links import LinksUnavailable

log = logging.getLogger(__name__)


class ShortLinkPage(AuthPage):
    """One short link, for those who may see the page it leads to."""

    async def get(self, text: str) -> None:
        """Lead on; whoever is not known signs in first, and a code that stands for nothing is told in words."""
        rules = self.settings["rules"]
        self.set_header("Cache-Control", "no-store")
        if rules.users is not None and rules.users.user_of(self) is None:
            wished = own_path(self.request.path, rules.prefix)
            return self.redirect(f"{self.get_login_url()}?{urlencode({'next': wished})}", status=303)
        try:
            found = await asyncio.to_thread(short_links().find, text)
        except LinksUnavailable as fault:
            log.error("short links cannot be found: %s", fault)
            self.set_status(503)
            return self.answer(auth_pages.no_short_link("unavailable"))
        if found is not None and found.link:
            return self.redirect(f"{rules.prefix}/?state={found.link}", status=303)
        self.set_status(404)
        self.answer(auth_pages.no_short_link("removed", found.day) if found else auth_pages.no_short_link("unknown"))

    head = get


PATTERN = (r"/s/([^/]{1,64})", ShortLinkPage)
