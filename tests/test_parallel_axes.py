"""Words of parallel axes never lie over each other."""

import html
import itertools
import re

import pytest

from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.view import LANGUAGES, outcomes_for_cards
from pushpull.svg import parallel

TEXT = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"(?: class="(\w+)")?>([^<]*)</text>')
HEIGHT, WIDTH = 11.0, 6.2  # of a letter


def boxes(drawing):
    for x, y, anchor, _, words in TEXT.findall(str(drawing)):
        wide = WIDTH * len(words)
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        yield html.unescape(words), left, left + wide, float(y) - HEIGHT + 2, float(y) + 2


def over(one, other):
    return one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("count", [3, 6, 9, 14, 20])
def test_no_words_of_parallel_axes_lie_over_each_other(code, count):
    words = language(code)
    names = sorted(outcomes_for_cards(), key=lambda name: -len(words.title(name)))[:count]
    axes = [(words.title(name), "19.9k", "123 m") for name in names]
    drawing = parallel("Outcomes", "", axes, [("Yours", [0.5] * count, "yours")], words.say("compare.better_up"))
    found = list(boxes(drawing))
    shown = " ".join(each[0] for each in found)
    assert all(word in shown for name in names for word in words.title(name).split()), "a title was cut"
    clashes = [(one[0], other[0]) for one, other in itertools.combinations(found, 2) if over(one, other)]
    assert clashes == []
    _, _, width, height = map(float, re.search(r'viewBox="([^"]+)"', str(drawing))[1].split())
    assert all(each[1] > -8 and each[2] < width + 8 and each[4] < height for each in found)
