"""What is measured of a page as it stands: whether all of it can be read, reached and hit, at any width."""

SMALLEST = 24  # pixels of what a finger or a pointer aims at: WCAG 2.5.8

# Elements of the document and of the shadow roots in it, as they are seen.
_SEEN = """
  const all = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
  const above = (each) => each.assignedSlot ?? each.parentElement ?? each.getRootNode().host ?? null;
  const chain = (each) => { const found = []; for (let at = each; at; at = above(at)) found.push(at); return found; };
  const UNSEEN = ".unseen, .skip:not(:focus), table.numbers caption, .bk-Figure, option, script, style";
  const dialog = document.querySelector("dialog[open]");
  const is_seen = (each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !chain(each).some((at) => at.matches(UNSEEN))
    && (!dialog || chain(each).includes(dialog));
  const told = (each) => {
    const name = each.id || each.dataset?.do || each.dataset?.choice || each.getAttribute("class") || "";
    const text = (each.getAttribute("aria-label") ?? each.textContent ?? "").trim().replace(/\\s+/g, " ").slice(0, 60);
    return `${each.tagName.toLowerCase()}.${name} "${text}"`;
  };
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'].node";
  const controls = () => all(document).filter((each) => each.matches(CONTROLS) && !each.disabled && is_seen(each));
  const scrolls_or_cuts = (at) => at !== document.body && at !== document.documentElement
    && /auto|scroll|hidden|clip/.test(getComputedStyle(at).overflow);
  const around = (each) => chain(above(each) ?? document.documentElement).filter(scrolls_or_cuts);
  const in_sight = (each, box) => around(each).map((at) => at.getBoundingClientRect()).reduce((seen, edge) => ({
    left: Math.max(seen.left, edge.left), right: Math.min(seen.right, edge.right),
    top: Math.max(seen.top, edge.top), bottom: Math.min(seen.bottom, edge.bottom)}), box);
  // Two that are scrolled together are measured as they lie, two that are not as they are seen.
  const as_met = (one, a, other, b) =>
    around(one)[0] === around(other)[0] ? [a, b] : [in_sight(one, a), in_sight(other, b)];
  const layer = (each) => chain(each).find((at) => /fixed|sticky/.test(getComputedStyle(at).position));
  // A label widens what it belongs to.
  const target = (each) => {
    if (each.matches("button.plain") && each.closest(".card")) return each.closest(".card").getBoundingClientRect();
    const boxes = [each, ...(each.labels ?? [])].map((part) => part.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top));
    const right = Math.max(...boxes.map((box) => box.right)), bottom = Math.max(...boxes.map((box) => box.bottom));
    return each.matches("[type=checkbox], [type=radio]") ? {left, top, right, bottom, width: right - left,
      height: bottom - top} : boxes[0];
  };
"""

# What stands beyond the right edge and cannot be scrolled to.
_BEYOND = """
  const root = document.documentElement, beyond = [];
  if (root.scrollWidth > root.clientWidth) beyond.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  const scrolls = (each) => /auto|scroll|hidden|clip/.test(getComputedStyle(each).overflowX);
  for (const each of all(document)) {
    if (!is_seen(each) || each === document.body || each.closest("svg")) continue;
    const box = each.getBoundingClientRect();
    if (box.width < 2 || box.right <= root.clientWidth + 1) continue;
    if (chain(above(each) ?? root).some((at) => at !== root && at !== document.body && scrolls(at))) continue;
    if (getComputedStyle(each).pointerEvents === "none" && !each.textContent.trim()) continue;
    beyond.push(told(each));
  }
"""

# Text that a box cuts, without the whole of it in a `title`, what a list shows of its choice where that is wider, and
# words of a table that are broken into pieces, as there is no room for them.
_CUT = """
  const cut = [];
  const pen = document.createElement("canvas").getContext("2d");
  for (const each of all(document)) {
    if (!is_seen(each)) continue;
    if (each.matches("select:not([multiple])")) {
      const style = getComputedStyle(each);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 18;
      const text = each.selectedOptions[0]?.textContent ?? "";
      if (pen.measureText(text).width > room + 1 && !each.title) cut.push(`${told(each)}: ${text}`);
      continue;
    }
    if (each.matches("th, td")) {
      const style = getComputedStyle(each);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const longest = Math.max(...each.innerText.split(/\\s/).map((word) => pen.measureText(word).width));
      if (longest > 1.5 * room && room > 1) cut.push(`${told(each)} broken`);
    }
    if (each.closest("svg")) continue;
    const texts = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts.length) continue;
    const range = document.createRange();
    range.setStartBefore(texts[0]);
    range.setEndAfter(texts.at(-1));
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    let across = true, down = true;
    for (const at of chain(each)) {
      if (at === document.body || at === document.documentElement) break;
      const style = getComputedStyle(at), edge = at.getBoundingClientRect();
      if (style.display === "inline" || style.display === "contents") continue;
      if (/auto|scroll/.test(style.overflowX)) across = false;
      if (/auto|scroll/.test(style.overflowY)) down = false;
      const wide = across && /hidden|clip/.test(style.overflowX)
        && boxes.some((box) => box.right > edge.right + 1.5 || box.left < edge.left - 1.5);
      const high = down && /hidden|clip/.test(style.overflowY)
        && boxes.some((box) => box.bottom > edge.bottom + box.height / 3 || box.top < edge.top - box.height / 3);
      if (wide || high) {
        const is_told = chain(each).some((up) => up.title?.length > 3);
        if (!is_told) cut.push(`${told(each)}${wide ? " across" : ""}${high ? " down" : ""}`);
        break;
      }
      if (style.position === "fixed") break;
    }
  }
"""

# What lies over a control, as one finds by looking at its middle, and controls that lie over each other in part.
_COVERED = """
  const covered = [], places = all(document).filter((each) => each.scrollTop || each.scrollLeft)
    .map((each) => [each, each.scrollTop, each.scrollLeft]);
  const at_point = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot?.elementFromPoint(x, y) && found.shadowRoot.elementFromPoint(x, y) !== found)
      found = found.shadowRoot.elementFromPoint(x, y);
    return found;
  };
  const found = controls(), own = (each) => each.getBoundingClientRect();
  for (const each of found) {
    let box = own(each);
    const beyond = box.top < 120 || box.bottom > innerHeight - 60 || box.left < 0 || box.right > innerWidth
      || chain(each).some((at) => at.scrollHeight > at.clientHeight
        && /auto|scroll/.test(getComputedStyle(at).overflowY));
    if (beyond) { each.scrollIntoView({block: "center", inline: "nearest"}); box = own(each); }
    if (box.width < 2 || box.height < 2) continue;
    const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
    const is_off = x < 0 || x > innerWidth || y < 0 || y > innerHeight, over = at_point(x, y);
    if (is_off) covered.push(`${told(each)} is off the screen`);
    if (is_off || !over) continue;
    const line = chain(over), labels = [...(each.labels ?? [])];
    if (line.includes(each) || chain(each).includes(over) || labels.some((label) => line.includes(label))) continue;
    covered.push(`${told(each)} lies under ${told(over)}`);
  }
  places.forEach(([each, top, left]) => { each.scrollTop = top; each.scrollLeft = left; });
  const boxes = found.filter((each) => !each.matches("[type=range], .node, .card button")).map((each) =>
    [each, each.getBoundingClientRect(), layer(each)]);
  const shared = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
  const overlap = (a, b) => shared(a, b).every((length) => length > 2);
  for (const [place, [one, a, below]] of boxes.entries())
    for (const [other, b, under] of boxes.slice(place + 1)) {
      if (below !== under || !overlap(a, b) || chain(one).includes(other) || chain(other).includes(one)) continue;
      const met = as_met(one, a, other, b);
      if (overlap(...met))
        covered.push(`${told(one)} and ${told(other)} overlap by ${shared(...met).map(Math.round).join("x")}`);
    }
"""

# What is too small to hit: less than 24 pixels, with another within that distance; links within a text may be.
_SMALL = """
  const small = [], targets = controls().filter((each) => !each.matches("[type=range]")).map((each) =>
    [each, target(each), layer(each)]);
  const is_in_text = (each) => getComputedStyle(each).display.startsWith("inline")
    && [...(each.parentNode?.childNodes ?? [])].some((node) =>
      node.nodeType === Node.TEXT_NODE && /\\w{3}/.test(node.data));
  const is_near = (box, its) => {
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const across = Math.max(its.left - x, 0, x - its.right), along = Math.max(its.top - y, 0, y - its.bottom);
    return Math.hypot(across, along) < SMALLEST / 2;
  };
  const has_area = (box) => box.right > box.left && box.bottom > box.top;
  for (const [each, box, under] of targets) {
    if (box.width < 2 || Math.min(box.width, box.height) >= SMALLEST - 0.5 || is_in_text(each)) continue;
    const near = targets.find(([other, its, its_layer]) => other !== each && its_layer === under && is_near(box, its)
      && !chain(other).includes(each) && !chain(each).includes(other)
      && as_met(each, box, other, its).every(has_area) && is_near(...as_met(each, box, other, its)));
    if (near) small.push(`${told(each)} ${Math.round(box.width)}x${Math.round(box.height)} beside ${told(near[0])}`);
  }
"""

# What one must scroll in two directions to read: anything but tables, drawings and lists of tabs.
_TWO_WAYS = """
  const ways = all(document).filter((each) => is_seen(each) && each.scrollWidth > each.clientWidth + 1
    && /auto|scroll/.test(getComputedStyle(each).overflowX) && !each.querySelector("table, svg, canvas")
    && !each.matches("table, svg, [role=tablist], select, input, textarea")).map(told);
"""

MEASURES = f"""(SMALLEST) => {{
  {_SEEN} {_BEYOND} {_CUT} {_SMALL} {_COVERED} {_TWO_WAYS}
  return {{beyond, cut, small, covered, ways}};
}}"""


def faults(page):
    """What cannot be read, reached or hit on the page as it stands, by kind."""
    return {kind: found for kind, found in page.evaluate(MEASURES, SMALLEST).items() if found}


_FOCUS = f"""() => {{
  {_SEEN}
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), style = getComputedStyle(at), labels = [...(at.labels ?? [])];
  const top = Math.max(box.top, parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0);
  const x = box.left + Math.min(box.width / 2, 30), y = top + Math.max(Math.min((box.bottom - top) / 2, 60), 0);
  let over = document.elementFromPoint(x, y);
  for (let inner; (inner = over?.shadowRoot?.elementFromPoint(x, y)) && inner !== over;) over = inner;
  const line = over ? chain(over) : [];
  const is_hit = line.includes(at) || chain(at).includes(over) || labels.some((each) => line.includes(each));
  // The ring of a slider is that of its thumb, which no script can ask for.
  const has_ring = at.matches("[type=range]") || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1);
  return {{name: told(at), is_seen: is_hit, has_ring}};
}}"""

_MOVING = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
  const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
  return all(document).filter((each) => {
    const style = getComputedStyle(each);
    return each.checkVisibility() && (style.scrollBehavior === "smooth" || seconds(style.transitionDuration) > 0
      || (style.animationName !== "none" && seconds(style.animationDuration) > 0));
  }).map((each) => `${each.tagName}.${each.getAttribute("class")}`);
}"""


def focus(page):
    """What has the focus: its name, whether it is seen, and whether a ring is drawn around it; None where nothing."""
    return page.evaluate(_FOCUS)


def moving(page):
    """What moves or fades by itself."""
    return page.evaluate(_MOVING)
