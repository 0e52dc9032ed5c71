"""What axe-core finds on a page: the rules of WCAG 2.1, levels A and AA."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
THEMES = ("light", "dark")
# A room is looked at alone: what is beside it is taken out meanwhile, and so is what is many times alike.
_ALIKE = ["tbody tr:nth-child(n+9)", ".grid > figure:nth-child(n+4)", ".wall > button:nth-child(n+4)"]
_RUN = """async ([selector, rules, themes, alike]) => {
  const root = document.documentElement, first = root.dataset.theme, found = {}, out = [];
  const take = (each) => {
    const mark = document.createComment("");
    each.replaceWith(mark);
    out.unshift([each, mark]);
  };
  // The page's own script goes on meanwhile, and finds what is out.
  const [by_id, first_of] = [document.getElementById.bind(document), document.querySelector.bind(document)];
  const outside = (selector) => out.map(([each]) =>
    each.matches(selector) ? each : each.querySelector(selector)).find(Boolean) ?? null;
  document.getElementById = (id) => by_id(id) ?? outside(`[id="${id}"]`);
  document.querySelector = (selector) => first_of(selector) ?? outside(selector);
  const room = selector && document.querySelector(selector);
  if (room) {
    const beside = [...document.querySelectorAll("header, aside, main, [role=tabpanel]")];
    beside.filter((each) => !each.contains(room) && !room.contains(each)).forEach(take);
    room.querySelectorAll(alike.join()).forEach(take);
  }
  const grave = ({impact}) => ["serious", "critical"].includes(impact);
  const told = ({id, impact, nodes}) => [id, impact, nodes[0].html.slice(0, 200)];
  const options = {resultTypes: ["violations"], runOnly: rules, preload: false};
  const ofColours = axe.getRules(rules).filter(({tags}) => tags.includes("cat.color")).map(({ruleId}) => ruleId);
  for (const [place, theme] of (themes ?? [first]).entries()) {
    if (place) options.runOnly = {type: "rule", values: ofColours};
    do {  // a message from the server puts the theme back
      root.dataset.theme = theme;
      found[theme] = (await axe.run(room ?? document, options)).violations.filter(grave).map(told);
    } while (root.dataset.theme !== theme);
  }
  root.dataset.theme = first;
  out.forEach(([each, mark]) => mark.replaceWith(each));
  delete document.getElementById;
  delete document.querySelector;
  return found;
}"""


def grave_faults(page):
    """The serious and critical violations of a whole page as it stands."""
    (found,) = _run(page, None, None).values()
    return found


def grave_faults_in(page, room, themes=THEMES):
    """The same for a room of the page in the colours of each theme, by theme: in those after the first by the rules of
    colours alone, as themes differ in nothing else."""
    return _run(page, room, themes)


def _run(page, room, themes):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_RUN, [room, RULES, themes, _ALIKE])
