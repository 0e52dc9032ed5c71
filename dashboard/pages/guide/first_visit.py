"""What stands over the overview on a first visit, and in full under Help."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from pushpull.dashboard.compute.trust import Trust
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.guide.glossary import glossary
from pushpull.dashboard.pages.guide.trust_lines import record_table, trust_lines
from pushpull.dashboard.state.examples import EXAMPLES
from pushpull.documents.document_list import KINDS, TITLES_OF_KINDS, documents, title_of
from pushpull.documents.site_words import say as say_of_documents
from pushpull.wording.markup import element, send


@lru_cache(maxsize=16)
def fragments(language: Language, trust: Trust) -> dict[str, Markup]:
    """The contents of the panel and of Help, by the names of their places; made once for all who ask."""
    return {"guide": panel(language, trust), "help": help_text(language, trust)}


def panel(language: Language, trust: Trust) -> Markup:
    """What this is, three questions to open, and how far to trust it."""
    say = language.say
    return element(
        "div",
        element("p", say("guide.lead"), class_="lead"),
        element("h3", say("guide.try")),
        examples(language),
        element("h3", say("guide.trust")),
        trust_lines(language, trust),
    )


def help_text(language: Language, trust: Trust) -> Markup:
    """The same, with the latest record in full and the meaning of words."""
    say = language.say
    return element(
        "div",
        panel(language, trust),
        documents_list(language),
        record_table(language, trust.present),
        element("h3", say("guide.glossary")),
        glossary(language),
    )


def documents_list(language: Language) -> Markup:
    """The documents by kind; each opens beside the simulator, whose settings stay as they are."""
    say, code = language.say, language.code
    kinds = []
    for kind in KINDS:
        of_kind = [each for each in documents().values() if each.kind == kind]
        links = [_link_to(f"{each.id}.html", title_of(each, code), code) for each in of_kind]
        title = say_of_documents(TITLES_OF_KINDS[kind], code)
        kinds.append(element("div", element("h4", title), element("ul", [element("li", link) for link in links])))
    return element(
        "section",
        element("h3", say("guide.documents")),
        element("p", say("guide.documents_hint"), class_="hint"),
        element("div", kinds, class_="documents"),
    )


def _link_to(page: str, title: str, code: str) -> Markup:
    return element("a", title, href=f"help/{code}/{page}", target="_blank")


def examples(language: Language) -> Markup:
    """The questions to begin with; each opens its settings and the page that answers it."""
    made = [
        element("li", element("button", language.say(f"guide.examples.{name}"), type="button", class_="button",
                              data_send=send(example=name), data_example=name))
        for name in EXAMPLES
    ]  # fmt: skip
    return element("ul", made, class_="examples")


def frame(language: Language) -> Markup:
    """The places on the page: the panel of a first visit, and the dialog that Help opens; both without content yet."""
    say = language.say
    close = element(
        "button", "\u00d7", type="button", class_="close", data_guide="close", aria_label=say("guide.close")
    )
    foot = element(
        "p",
        element("button", say("guide.tour"), type="button", class_="button first", data_guide="tour"),
        element("span", say("guide.tour_hint"), class_="hint"),
    )
    documents_link = _link_to("index.html", say("guide.documents"), language.code)
    closing = element("button", say("guide.close"), type="button", class_="button", data_guide="close")
    first = element(
        "section",
        element("h2", say("guide.what"), id="guide-title"), close,
        element("div", data_fragment="guide"),
        element("div", foot, closing, element("span", say("guide.closed"), class_="hint"), class_="foot"),
        id="guide", class_="guide", hidden=True, aria_labelledby="guide-title",
    )  # fmt: skip
    helping = element(
        "dialog",
        element("h2", say("guide.help"), id="help-title", tabindex="-1"), close,
        element("div", foot, element("p", documents_link), class_="foot"),
        element("div", data_fragment="help"),
        id="help", class_="guide help", aria_labelledby="help-title",
    )  # fmt: skip
    return first + helping
