"""The pocket page in a browser: a state that is opened in it, its simulations, and what its headlines say."""

SETTLED = "() => Object.values(pushpull.page.calculators)[0]?.made?.is_settled"
SHOWN = ("value", "unit", "difference", "ratio", "short", "arrow", "tone", "verdict", "baseline", "range", "chance")


def open_in(page, state):
    page.evaluate("(link) => pushpull.page.open(link)", state.link)


def settle(page):
    page.wait_for_function(SETTLED)


def said_of(shown):
    """The words and numbers of headlines that both pages have."""
    rows = [(row, [{key: card[key] for key in SHOWN} for card in cards]) for row, cards in map(tuple, shown["rows"])]
    return [shown["moved"], shown["verdict"], shown["certainty"], shown["advisories"], rows]
