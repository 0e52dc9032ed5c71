"""The report put together: one HTML page that fetches nothing, for screens of any width, light or dark, and paper."""

from __future__ import annotations

from html import escape

from pushpull.preparation import versions
from pushpull.reporting.findings import Findings
from pushpull.reporting.sections import sections

LIGHT = (
    "--page: #fff; --ink: #1b1f24; --soft: #59626d; --line: #d5dae0; --faint: #f3f5f7; --blue: #1f5fa8; "
    "--whole: #cfe0f2; --half: #94bbe2; --good: #1a7f4b; --fair: #9a6700; --bad: #b42318; --box: "
    "#dfe4ea; --warn: #fdf3d8;"
)
DARK = (
    "--page: #14181d; --ink: #e6e9ed; --soft: #a3adb8; --line: #39424d; --faint: #1d232a; --blue: #8ab8ef; "
    "--whole: #1f3650; --half: #345f8f; --good: #56c288; --fair: #e0b04a; --bad: #ff8577; --box: "
    "#343d48; --warn: #3a3115;"
)
STYLE = f"""
:root {{ color-scheme: light dark; {LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}
* {{ box-sizing: border-box; }}
body {{ font: 16px/1.5 system-ui, sans-serif; background: var(--page); color: var(--ink); max-width: 72rem;
  margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.7rem; line-height: 1.2; }} h2 {{ font-size: 1.3rem; }} h3 {{ font-size: 1.05rem; }}
p, li {{ max-width: 48rem; overflow-wrap: anywhere; }} a {{ color: var(--blue); }}
section {{ border-top: 1px solid var(--line); margin-top: 2rem; }}
nav ul {{ columns: 17rem; padding-left: 1.2rem; }}
code {{ font-size: .85em; overflow-wrap: anywhere; }}
.small, figcaption, .legend {{ font-size: .85rem; color: var(--soft); }}
.warning {{ background: var(--warn); padding: .5rem .8rem; border-left: 4px solid var(--fair); }}
.plots {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }}
.plots {{ align-items: start; }}
figure {{ margin: 0; padding: .6rem; background: var(--faint); border-radius: 6px; max-width: 34rem; }}
figcaption b {{ color: var(--ink); }} figcaption span {{ display: block; overflow-wrap: anywhere; }}
svg {{ display: block; width: 100%; height: auto; }}
svg text {{ font: 10.5px system-ui, sans-serif; fill: var(--soft); }}
.grid, .axis {{ stroke: var(--line); stroke-width: 1; }} .zero {{ stroke: var(--soft); stroke-width: 1; }}
.whole {{ fill: var(--whole); }} .half {{ fill: var(--half); }} .bar {{ fill: var(--half); }}
polyline.median {{ fill: none; stroke: var(--blue); stroke-width: 2; }}
circle.record {{ fill: var(--ink); }} line.record {{ stroke: var(--ink); stroke-width: 1.5; }}
.accepted {{ fill: var(--box); }} .reach {{ stroke: var(--ink); stroke-width: 2; }}
.reach.good {{ stroke: var(--good); }} .reach.fair {{ stroke: var(--fair); }} .reach.bad {{ stroke: var(--bad); }}
.dot.good {{ fill: var(--good); }} .dot.fair {{ fill: var(--fair); }} .dot.bad {{ fill: var(--bad); }}
.legend span {{ margin-right: 1rem; white-space: nowrap; }}
.legend i {{ display: inline-block; width: 1.1em; height: .7em; margin-right: .35em; }}
.k-point {{ background: var(--ink); border-radius: 50%; width: .6em !important; height: .6em !important; }}
.k-median {{ background: var(--blue); height: 2px !important; vertical-align: middle; }}
.k-half {{ background: var(--half); }} .k-whole {{ background: var(--whole); }}
.k-good {{ background: var(--good); }} .k-fair {{ background: var(--fair); }} .k-bad {{ background: var(--bad); }}
.wide {{ overflow-x: auto; margin: 1rem 0; }}
table {{ border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: left; vertical-align: top; }}
th, td {{ padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); }}
th.n, td.n {{ text-align: right; }} td.n {{ white-space: nowrap; }} .plain td {{ overflow-wrap: anywhere; }}
.wide:not(.plain):not(.cards) td:first-child, .wide:not(.plain):not(.cards) th:first-child {{ position: sticky; left: 0;
  background: var(--page); }}
@media (max-width: 40rem) {{
  body {{ padding: .8rem; }}
  .cards thead {{ display: none; }}
  .cards tr {{ display: block; padding: .6rem 0; border-bottom: 2px solid var(--line); }}
  .cards td {{ display: grid; grid-template-columns: 5.5rem 1fr; gap: .5rem; border: 0; padding: .1rem 0;
    overflow-wrap: anywhere; }}
  .cards td::before {{ content: attr(data-label); color: var(--soft); }}
  .cards td.n {{ text-align: left; white-space: normal; }}
  .wide:not(.cards) td:first-child {{ min-width: 8.5rem; max-width: 9.5rem; overflow-wrap: anywhere; }}
}}
@media print {{
  :root {{ color-scheme: light; {LIGHT} }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  body {{ font-size: 10pt; max-width: none; padding: 0; }} nav {{ display: none; }}
  table {{ font-size: 7pt; }} td, th {{ padding-right: .3rem; }} .wide {{ overflow: visible; }}
  figure, tr, .surprises li {{ break-inside: avoid; }} h2, h3 {{ break-after: avoid; }}
}}
"""


def page(findings: Findings) -> str:
    """The report as the text of one HTML file."""
    parts = sections(findings)
    title = f"Pushpull, {findings.plan.scenario.corridor.title}: how far to trust it"
    contents = "".join(f'<li><a href="#{part.id}">{escape(part.title)}</a></li>' for part in parts)
    body = "\n".join(
        f'<section id="{part.id}">\n<h2>{escape(part.title)}</h2>\n{part.body}\n</section>' for part in parts
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        "<p>Written for a reader who doubts it: what was fitted, how well, where it fails, and what it "
        "cannot say. Every "
        "number was worked out when the page was made.</p>\n"
        f"<nav><ul>{contents}</ul></nav>\n{body}\n"
        f'<footer><p class="small">Made with {escape(versions())}. This page fetches nothing.</p></footer>\n'
        "</body>\n</html>\n"
    )
