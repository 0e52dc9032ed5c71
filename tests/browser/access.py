"""What axe-core finds on a page: the rules of WCAG 2.1, levels A and AA."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
_RUN = """async ([room, rules]) => {
  const options = {resultTypes: ["violations"], runOnly: rules, preload: false};
  const found = await axe.run(room ?? document, options);
  return found.violations.map(({id, impact, nodes}) => [id, impact, nodes[0].html.slice(0, 200)]);
}"""


def grave_faults(page, room=None):
    """The serious and critical violations of a page, or of the element that a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [found for found in page.evaluate(_RUN, [room, RULES]) if found[1] in ("serious", "critical")]
