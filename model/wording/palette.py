"""The palette: one colour per meaning, in light and dark, for the page, its charts, the report and the reference.

The colours are distinct to people who see few of them: blue, grey, teal and burnt orange differ in lightness, and
no meaning rests on colour alone (lines are solid, dashed or dotted; words stand beside arrows).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours by meaning, as the page's style sheets and the charts name them."""

    ground: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    baseline: str
    yours: str
    yours_soft: str
    history: str
    better: str
    worse: str
    partly: str
    warning_ground: str
    focus: str
    reinforcing: str
    balancing: str
    routes: tuple[str, ...]
    scenarios: tuple[str, ...]


LIGHT = Palette(
    ground="#f4f6f8",
    surface="#ffffff",
    raised="#f8fafb",
    line="#d9dfe5",
    text="#17222d",
    muted="#55626f",
    baseline="#87919c",
    yours="#0b5cad",
    yours_soft="#dbe9f7",
    history="#17222d",
    better="#00705a",
    worse="#b0420c",
    partly="#806000",
    warning_ground="#fdf3e7",
    focus="#0b5cad",
    reinforcing="#b0420c",
    balancing="#2b6cb0",
    routes=("#c47f00", "#6a3d9a", "#12808c", "#c2317b", "#6b7a1f", "#8c564b"),
    scenarios=("#b35900", "#6a3d9a", "#0f7c6e", "#b8256f", "#6b7a1f", "#7a4b3a", "#4a5fc1", "#a3411f"),
)
DARK = Palette(
    ground="#0f141a",
    surface="#182029",
    raised="#1d2630",
    line="#303c48",
    text="#e8edf2",
    muted="#a3b0bd",
    baseline="#8d98a4",
    yours="#62b0ff",
    yours_soft="#1c3954",
    history="#e8edf2",
    better="#4fc9a4",
    worse="#f59a62",
    partly="#d9c25a",
    warning_ground="#35271a",
    focus="#8cc6ff",
    reinforcing="#f59a62",
    balancing="#7cb4f2",
    routes=("#f2b53c", "#b79ae6", "#4cc5d2", "#f178b4", "#b6c45a", "#d39a8c"),
    scenarios=("#f2a65a", "#b79ae6", "#4fc9a4", "#f178b4", "#b6c45a", "#d39a8c", "#93a5ff", "#f2b53c"),
)


def palette_of(dark: bool) -> Palette:
    """The colours of the dark theme, or of the light one."""
    return DARK if dark else LIGHT


def named(colours: Palette) -> dict[str, str]:
    """The colours by the names of their CSS custom properties."""
    pairs = {name.replace("_", "-"): value for name, value in asdict(colours).items() if isinstance(value, str)}
    pairs |= {f"route-{number}": value for number, value in enumerate(colours.routes)}
    pairs |= {f"scenario-{number}": value for number, value in enumerate(colours.scenarios)}
    return pairs


def variables(colours: Palette) -> str:
    """The colours as CSS custom properties."""
    return "; ".join(f"--{name}: {value}" for name, value in named(colours).items())


def style_sheet() -> str:
    """The custom properties of both themes; `data-theme` on the page's root chooses."""
    return (
        f":root {{ {variables(LIGHT)}; --font: {FONT}; color-scheme: light; }}\n"
        f":root[data-theme=dark] {{ {variables(DARK)}; color-scheme: dark; }}\n"
    )
