"""The page's own components: plain HTML controls, named and reachable by keyboard.

One component that holds forty sliders opens in a fraction of the time that forty slider models take. What a
component shows comes as one value (`shown`); what a user does goes back as a message. Their scripts are the modules
in `dashboard/javascript`.
"""

from pushpull.dashboard.components.base import Component
from pushpull.dashboard.components.parts import Headlines, LeverPanel, PageShell, Toolbar

__all__ = ["PageShell", "Component", "Headlines", "LeverPanel", "Toolbar"]
