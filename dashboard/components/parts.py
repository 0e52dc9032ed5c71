"""The components of the page."""

from __future__ import annotations

import param

from pushpull.dashboard.components.base import Component, Plain


class Toolbar(Component):
    """Corridor, package, steps back and forth, files, link, language and theme.

    Sends `{corridor}`, `{package}`, `{do}` (undo, redo, replay, save, keep, folder, pack), `{reset}` (policies, context
    or both), `{file: {name, text}}`, `{large: name}`, `{folder: name}`, `{pictures}` and `{dark}`. Files to save come
    as messages `{save: {name, text}}` or `{save: {name, base64}}`; `{draw: {name: svg}}` asks for pictures as PNG,
    `{copy: path}` has a short link copied. `working` says whether the server is working something out.
    """

    working = param.Boolean(default=False)

    script = "toolbar"


class LeverPanel(Component):
    """Groups of sliders, each with its unit, today's value marked, an exact entry, a schedule and one sentence.

    Sends `{moves: [{id, route, value}], turn}`, `{release}`, `{schedule: {id, route, form}}`, `{unset}`, `{years}` and
    `{open: id}`, each with `panel`. One message of moves is under way at a time: while the page waits for
    `shown.turn`, later moves wait and only the last of each slider goes out, so that a fast hand never outruns the
    model; nothing waits in the browser otherwise. `groups` are those of `pushpull.dashboard.view_model.controls`.
    """

    groups_text = param.String(default="[]", doc="`groups` as JSON")

    groups = Plain()

    script = "levers"


class Headlines(Component):
    """The sentences, the advisories and the outcomes as cards of equal weight.

    Sends `{year}`, `{chosen: [ids]}` and `{why: id}`.
    """

    script = "cards"


class PageShell(Component):
    """Draws nothing itself, but fills the elements of the page by their ids: pages, notices, chart places, fragments.

    `fragments` are pieces of HTML made on the server by `wording.markup`, by the name of their place; `summaries` hold
    one sentence for each place of a chart. Sends `{page}`, `{dismiss}`, `{dark}` and whatever message an element of a
    fragment carries in `data-send` or `data-choose`.
    """

    fragments_text = param.String(default="{}", doc="`fragments` as JSON")
    summaries_text = param.String(default="{}", doc="`summaries` as JSON")

    fragments = Plain()
    summaries = Plain()

    script = "page"


COMPONENTS: tuple[type[Component], ...] = (Toolbar, LeverPanel, Headlines, PageShell)
