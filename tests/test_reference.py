"""The reference: every name leads to its entry, what is put in cannot become markup, both forms say the same."""

import re

import pytest

from pushpull.catalogue import catalogue
from pushpull.reporting.reference import pages
from pushpull.reporting.reference_page import ReferenceChapter, ReferenceEntry, html_page, markdown_page

CHAPTERS = (
    ReferenceChapter(
        "first",
        "One & two",
        "Begins <here>.",
        (
            ReferenceEntry("fee", "fee", "stock", "Going price.", ("d(fee)/dt = push < fee",), (("unit", "fee/year"),)),
            ReferenceEntry("push", "push", "flow", "", (), (("source", "from key"),), (("effects", ("fee", "push")),)),
            ReferenceEntry("source_key", "key", "source", "A book.", (), (("url", "https://example.org/?a=1&b=2"),)),
        ),
    ),
)


def test_names_are_links_where_they_lead_somewhere_and_nothing_else_is_markup():
    page = html_page("The <reference>", "All of it.", CHAPTERS)
    assert "<title>The &lt;reference&gt;</title>" in page and "<h2>One &amp; two</h2>" in page
    assert '<pre>d(<a href="#fee">fee</a>)/dt = <a href="#push">push</a> &lt; <a href="#fee">fee</a></pre>' in page
    assert "<dd>fee/year</dd>" in page
    assert 'from <a href="#source_key">key</a>' in page
    assert '<dd><a href="#fee">fee</a>, <a href="#push">push</a></dd>' in page
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noreferrer">' in page


def test_markdown_says_the_same_in_its_own_form():
    page = markdown_page("The reference", "All of it.", CHAPTERS)
    assert page == (
        "# The reference\n\nAll of it.\n\n- [One & two](#first)\n\n"
        '<a id="first"></a>\n\n## One & two\n\nBegins <here>.\n\n'
        '<a id="fee"></a>\n\n### fee\n\n*stock*\n\nGoing price.\n\n```\nd(fee)/dt = push < fee\n```\n\n'
        "- unit: fee/year\n\n"
        '<a id="push"></a>\n\n### push\n\n*flow*\n\n- source: from key\n- effects: [fee](#fee), [push](#push)\n\n'
        '<a id="source_key"></a>\n\n### key\n\n*source*\n\nA book.\n\n- url: https://example.org/?a=1&b=2\n'
    )


@pytest.mark.parametrize("html", [True, False])
def test_every_link_of_the_whole_reference_leads_to_an_entry(html):
    page = pages(catalogue(), html)
    links = set(re.findall(r'href="#(\w+)"', page) if html else re.findall(r"\]\(#(\w+)\)", page))
    assert len(links) > 400 and links <= set(re.findall(r'id="(\w+)"', page))
