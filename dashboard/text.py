"""Every word the page says. Numbers come from the run; nothing here is computed."""

from __future__ import annotations

from collections.abc import Iterable

NAME = "Pushpull"
TITLE = "Pushpull: what if migration policy changed?"
SKIP = "Skip to the levers"
CORRIDOR = "Corridor"
PACKAGE = "Policy package"
NO_PACKAGE = "None: policy as it is today"
OWN_LEVERS = "Your own levers"
CHANGED_PACKAGE = "{}, changed"
ILLUSTRATIVE = "Illustrative"
ILLUSTRATIVE_MEANING = "Round numbers for teaching: no real country, no recorded history"
LEVERS = "Policy levers"
LEVERS_HINT = "What policy moves, from {start} on. Move a slider, or type a value."
CONTEXT = "Context"
CONTEXT_HINT = (
    "What policy does not move. The baseline moves with the context, so that every difference on the page is "
    "policy's own; the dotted line shows how things stand without any change."
)
HORIZON = "Years"
END = "Run until"
POLICY_START = "Policy starts in"

GROUPS = {
    "preventive": ("Preventive", "Why people leave, and how they may come legally"),
    "punitive": ("Punitive", "Borders, smugglers, courts and employers"),
    "remedial": ("Remedial", "Return, asylum, protection and integration"),
    "enabling": ("Enabling", "Co-operation, data and leadership"),
}
CONTEXT_GROUPS = {
    "origin": ("At origin", "The countries people leave"),
    "destination": ("At the destination", "The country they go to"),
}

# Outcome groups (see the cards) under the headings of the page; a group not named goes under the last.
THEMES = (
    ("People", ("protection", "harm")),
    ("Smuggling and routes", ("smuggling", "routes", "justice")),
    ("Stay, work and return", ("residence", "legal", "labour", "return", "recorded")),
    ("Origin, public and budget", ("origin", "opinion", "cost")),
)
PEOPLE_ROW = "People"
CHOSEN_ROW = "Migration, work and public"
CHOOSE = "Choose outcomes"
IN_YEAR = "Outcomes in"
VIEWS = "Views"
TABS = {"outcomes": "All outcomes", "routes": "Routes and weak link", "recorded": "Recorded and true"}

ROUTE_CHARTS = {
    "route_share": "Share of traffic",
    "traffic": "Traffic",
    "smuggler_fee": "Smuggler fee",
    "interdiction_probability": "Chance of being stopped",
}
ROUTES_HINT = (
    "Each route has a gateway with its own control and penalties. The least strict one is the weak link: "
    "pressure elsewhere moves traffic there."
)
BASELINE = "Baseline"
YOURS = "Yours"
UNTOUCHED = "As things stand"
RECORDED = "On record"
AS_RECORDED = "As statistics would show it"
TRUE = "True"
POLICY_MARK = "Policy starts"
GATEWAY = "Gateway"
STRICTNESS = "strictness"
SHARE_OF_TRAFFIC = "of traffic"
WEAK = "weak link"
WEAK_LINK_STAYS = "Weak link: {name}, from {start} to the end, with and without your policy."
WEAK_LINK = "Weak link: {now} in {start}; in {year} {baseline} in the baseline and {yours} under yours."
IN_BASELINE = "{}, baseline"
IN_YOURS = "{}, yours"

RECORDED_HINT = (
    "Smuggling hides, so statistics show only a part of it: solid lines are what happens in the model, "
    "dashed lines what official figures would show of it. Better data can make the recorded figure rise while "
    "the true one falls."
)
PAIRS = {
    "smuggled_migrants": ("Smuggled migrants", "Official figures miss those who were never noticed."),
    "deaths_in_transit": ("Deaths in transit", "Only bodies found by officials are recorded."),
    "irregular_residents": (
        "Irregular residents",
        "Estimates miss some people, and count others who came by other ways than this corridor.",
    ),
    "interdictions": (
        "Stops at the border",
        "Apprehensions are events: one person may be stopped several times, and not every stop is recorded.",
    ),
}
DATA = "Table"
YEAR = "Year"

NO_DIFFERENCE = "no difference"
HARDLY_A_DIFFERENCE = "hardly any difference"
UNCHANGED = "unchanged"
VERDICTS = {"better": "better", "worse": "worse", "neither": "not better: harm rises"}
BASELINE_IS = "baseline {}"
CAUTION = (
    "Fewer people are smuggled in {year} ({smuggled}), but {harms} {verb}. "
    "A smaller number is no success for those who are harmed."
)
RISE = ("rises", "rise")
NOTHING_MOVED = "No lever is moved: this is policy as it is today."
ONLY_CONTEXT = "No lever is moved: policy is as it is today, in a changed context."
SETTINGS_WITHOUT_EFFECT = "These settings change no outcome."
HEADLINE = "Against the baseline in {year}: {changes}."
SUMMARY = "{value} in {year}, {relative} against a baseline of {baseline}; {today} in {start}."
SUMMARY_SAME = "{value} in {year}, as in the baseline; {today} in {start}."

SHARES = "Under yours in {year}: {shares}."
RECORDED_SUMMARY = "Under yours in {year}, {shown} recorded for {true} true ({share})."

UNDO, REDO, RESET = "Undo", "Redo", "Reset"
RESET_HINT = "Back to policy and context as they stand today"
SAVE, LOAD, COPY_LINK = "Save file", "Load file", "Copy link"
SAVE_HINT = "Download the scenario as a YAML file that the command line and Python run"
LOAD_HINT = "Open a scenario file (YAML, at most 1 MB)"
LINK_HINT = "Copy a link that opens this page just as it is"
LINK_COPIED = "Link copied"
THEME = "Dark"
TOOLBAR = "Scenario"
LINK_FALLS_BACK = "The page opened with policy as it stands today."
DISMISS = "Dismiss"
TOO_LARGE = "{} was not loaded: it is larger than 1 MB."
LOADED = "{} is loaded."
SETS_MORE = "The loaded scenario also sets: {}."
NOT_TAKEN = "That change was not made."
RUN_BROKE = "With these settings the model gives no finite numbers, so the last good ones stay."
STAYS = "The page stays as it was."

TODAY = "today"
TODAY_DIFFERS = "today differs by gateway"
BACK_TO_TODAY = "Back to today's value"
EXACT = "exact value"
ALL_ROUTES = "All gateways"
ONE_ROUTE = "One gateway at a time"
OUT_OF_RANGE = "from {} to {}"
MORE = "Range, cost and rights"
RANGE, COST, RIGHTS = "Range", "Cost", "Rights"
MOVED = "{} moved"
RESET_GROUP = "Reset"
RAMP_NOTE = "Phased in from {} to {}"
STEP_NOTE = "From {} on"
PULSE_NOTE = "From {} to {} only"
TABLE_NOTE = "A table of years; moving the slider replaces it"
UNITS_OF = {
    "border_control": "times today",
    "political_climate": "standard deviations",
}


TOOLBAR_WORDS = {
    "name": TOOLBAR,
    "corridor": CORRIDOR,
    "package": PACKAGE,
    "undo": UNDO,
    "redo": REDO,
    "reset": RESET,
    "reset_hint": RESET_HINT,
    "save": SAVE,
    "save_hint": SAVE_HINT,
    "load": LOAD,
    "load_hint": LOAD_HINT,
    "link": COPY_LINK,
    "link_hint": LINK_HINT,
    "copied": LINK_COPIED,
    "theme": THEME,
}
PANEL_WORDS = {
    "reset": RESET_GROUP,
    "moved": MOVED,
    "today": TODAY,
    "differs": TODAY_DIFFERS,
    "back": BACK_TO_TODAY,
    "exact": EXACT,
    "all_routes": ALL_ROUTES,
    "one_route": ONE_ROUTE,
    "out_of_range": OUT_OF_RANGE,
    "more": MORE,
    "range": RANGE,
    "cost": COST,
    "rights": RIGHTS,
}
HEADLINE_WORDS = {"in_year": IN_YEAR, "choose": CHOOSE}
BRIDGE_WORDS = {
    "name": NAME,
    "dismiss": DISMISS,
    "baseline": BASELINE,
    "yours": YOURS,
    "as_recorded": AS_RECORDED.lower(),
    "year": YEAR,
    "gateway": GATEWAY,
    "strictness": STRICTNESS,
    "of_traffic": SHARE_OF_TRAFFIC,
    "weak": WEAK,
}


def join(parts: Iterable[str]) -> str:
    """A list in a sentence."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""


def lower_first(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]
