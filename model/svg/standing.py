"""A drawing as a picture of its own, which programs beside browsers show as it stands on the page.

Such programs know no custom properties and few style sheets: every look becomes an attribute with a plain colour of the
light palette. Around the drawing stand its title, its unit, what its lines mean, and where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from markupsafe import Markup

from pushpull.svg.frame import NAMESPACE, STYLE, breakable
from pushpull.wording import palette

FONT = "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
LEAST_WIDTH = 960.0  # of the picture where a program draws it in its own size
PAD = 12.0
LETTER, BOLD_LETTER = 0.54, 0.6  # mean widths of a letter, in sizes of the font
COLOURS = palette.named(palette.LIGHT)
SYMBOL = (28.0, 10.0)  # the size of what stands before the words of a legend

# What is for a page only; everything else that has a look becomes an attribute.
_OF_THE_PAGE = re.compile(r"class|style|role|tabindex|id|lang|(?:data|aria)-.*")
_DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*([^;]+?)\s*(?:;|$)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Caption:
    """What stands around a drawing: `legend` holds a symbol and its words each, `notes` the lines below.

    Without a legend, one is made of the lines and areas that bear a title; `others` follow it in either case. Where
    what stands beside the picture tells what its lines mean, it `has_legend` of neither kind.
    """

    title: str
    unit: str = ""
    legend: Sequence[tuple[Markup, str]] = ()
    others: Sequence[tuple[Markup, str]] = ()
    notes: Sequence[str] = ()
    has_legend: bool = True


def standing_alone(drawing: Markup, caption: Caption) -> str:
    """The text of an SVG file with a drawing and its caption; raises ParseError where the drawing is no XML, KeyError
    where it names a colour that the palette has not."""
    inner = _plain(fromstring(writable(drawing)))
    _, _, width, height = map(float, inner.get("viewBox", "").split())
    text = max(9.5, 9.5 + 3.5 * (width - 360) / 540)
    column = _Column(width + 2 * PAD, text)
    column.lines(caption.title, 1.35 * text, bold=True)
    column.lines(caption.unit, text, colour="muted")
    if caption.has_legend:
        column.legend([*(_keys(caption.legend) or _titled(inner)), *_keys(caption.others)])
    group = SubElement(column.root, "g", transform=f"translate({PAD:g},{column.y + 4:.1f})")
    group.extend(each for each in inner if each.tag not in ("title", "desc"))
    column.y += height + 8
    for note in caption.notes:
        column.lines(note, 0.82 * text, colour="muted")
    return column.finished(inner)


class _Column:
    """A picture that is filled from above."""

    def __init__(self, width: float, text: float):
        self.root, self.width, self.text, self.y = Element("svg"), width, text, PAD - 4

    def lines(self, words: str, size: float, colour: str = "text", bold: bool = False) -> None:
        """Add words, in as many rows as they need."""
        most = int((self.width - 2 * PAD) / (size * (BOLD_LETTER if bold else LETTER)))
        for row in _rows(writable(words), most):
            self.y += 1.3 * size
            _text(self.root, row, PAD, self.y - 0.2 * size, size, colour, bold)

    def legend(self, entries: Iterable[tuple[Element, str]]) -> None:
        """Add symbols and their words, one behind the other and in rows."""
        x, row, begun = PAD, 1.5 * self.text, False
        for symbol, words in entries:
            wide = SYMBOL[0] + 5 + LETTER * self.text * len(words)
            if not begun or x + wide > self.width - PAD:
                x, begun, self.y = PAD, True, self.y + row
            middle = self.y - 0.33 * self.text - SYMBOL[1] / 2
            group = SubElement(self.root, "g", transform=f"translate({x:.1f},{middle:.1f})")
            group.append(symbol)
            _text(self.root, words, x + SYMBOL[0] + 5, self.y, self.text, "text")
            x += wide + 14

    def finished(self, inner: Element) -> str:
        """The text of the picture, on white."""
        height, root = self.y + PAD, self.root
        scale = max(1.0, LEAST_WIDTH / self.width)
        root.attrib = {
            "xmlns": NAMESPACE,
            "width": f"{scale * self.width:.0f}",
            "height": f"{scale * height:.0f}",
            "viewBox": f"0 0 {self.width:g} {height:.1f}",
            "font-family": FONT,
            "role": "img",
        }
        ground = Element("rect", width=f"{self.width:g}", height=f"{height:.1f}", fill=palette.LIGHT.surface)
        root[:0] = [*(each for each in inner if each.tag in ("title", "desc")), ground]
        return tostring(root, encoding="unicode")


def _text(parent: Element, words: str, x: float, y: float, size: float, colour: str, bold: bool = False) -> None:
    look = {"font-size": f"{size:.1f}", "fill": getattr(palette.LIGHT, colour)}
    if bold:
        look["font-weight"] = "600"
    SubElement(parent, "text", x=f"{x:.1f}", y=f"{y:.1f}", **look).text = words


def _rows(words: str, most: int) -> Iterator[str]:
    """The words in rows of at most `most` letters; a longer word is broken."""
    row = ""
    for word in breakable(words):
        if row and len(row) + len(word) + 1 > most:
            yield row
            row = ""
        while len(word) > most:
            yield word[:most]
            word = word[most:]
        row = f"{row} {word}".strip()
    if row:
        yield row


def writable(text: str) -> str:
    """A text without the control characters that no XML holds."""
    return _UNWRITABLE.sub("", text)


# What the lines mean -------------------------------------------------------------------------------------------------


def _keys(given: Iterable[tuple[Markup, str]]) -> list[tuple[Element, str]]:
    return [(_plain(fromstring(f"<g>{writable(symbol)}</g>")), writable(words)) for symbol, words in given]


def _titled(inner: Element) -> list[tuple[Element, str]]:
    """A legend of the lines and areas that bear a title."""
    found: dict[str, Element] = {}
    for shape in inner.iter():
        title = shape.find("title") if shape.tag in ("polyline", "polygon") else None
        if title is not None and title.text:
            found.setdefault(title.text, _symbol(shape))
    return [(symbol, words) for words, symbol in found.items()]


def _symbol(shape: Element) -> Element:
    """A short piece of a line, or a patch of an area."""
    wide, high = SYMBOL
    looks = {name: value for name, value in shape.attrib.items() if name.startswith(("stroke", "fill"))}
    if shape.tag == "polygon":
        return Element("rect", looks | {"width": f"{wide:g}", "height": f"{high:g}"})
    ends = {"x1": "0", "x2": f"{wide:g}", "y1": f"{high / 2:g}", "y2": f"{high / 2:g}"}
    return Element("line", looks | ends)


# Plain colours -------------------------------------------------------------------------------------------------------


def _plain(root: Element) -> Element:
    """The same with every look as an attribute, whichever rule or style gave it."""
    plain = deepcopy(root)
    _resolve(plain, ())
    for parent in list(plain.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "text" and child.attrib.pop("paint-order", ""):
                parent.insert(place + 1, _without_stroke(child))
    return plain


def _without_stroke(text: Element) -> Element:
    """Letters over their own wide outline: few programs paint the outline first by themselves."""
    above = deepcopy(text)
    above.attrib = {name: value for name, value in text.attrib.items() if not name.startswith("stroke")}
    return above


def _resolve(node: Element, above: tuple[Element, ...]) -> None:
    path = (*above, node)
    looks: dict[str, str] = {}
    for chain, declared in _rules():
        if _matches(chain, path):
            looks |= declared
    looks |= _declarations(node.get("style", ""))
    for child in node:
        _resolve(child, path)
    kept = {name: value for name, value in node.attrib.items() if not _OF_THE_PAGE.fullmatch(name)}
    node.attrib = kept | {name: _value(value) for name, value in looks.items()}


def _value(value: str) -> str:
    return re.sub(r"(?<=\d)px\b", "", _VARIABLE.sub(lambda found: COLOURS[found[1]], value))


def _declarations(text: str) -> dict[str, str]:
    return {found[1]: found[2] for found in _DECLARATION.finditer(text)}


Selector = tuple[str, frozenset[str]]  # a tag or nothing, and classes


@cache
def _rules() -> tuple[tuple[tuple[Selector, ...], Mapping[str, str]], ...]:
    """The rules of the style sheet of drawings, the weaker ones first; those for a pointer or the keyboard left out."""
    rules = []
    for heads, body in _RULE.findall(STYLE):
        for head in heads.split(","):
            if ":" not in head:
                chain = tuple(_selector(part) for part in head.split())
                weight = sum(len(classes) for _, classes in chain), sum(bool(tag) for tag, _ in chain)
                rules.append((weight, chain, _declarations(body)))
    return tuple((chain, declared) for _, chain, declared in sorted(rules, key=lambda rule: rule[0]))


def _selector(text: str) -> Selector:
    tag, *classes = text.split(".")
    return tag, frozenset(classes)


def _matches(chain: Sequence[Selector], path: Sequence[Element]) -> bool:
    """Whether a chain of selectors, each inside the one before, leads to the end of a path."""
    *outer, last = chain
    if not _is(last, path[-1]):
        return False
    places = iter(path[:-1])
    return all(any(_is(selector, node) for node in places) for selector in outer)


def _is(selector: Selector, node: Element) -> bool:
    tag, classes = selector
    return tag in ("", node.tag) and classes <= set(node.get("class", "").split())
