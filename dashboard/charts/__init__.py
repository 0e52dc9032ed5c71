"""The live charts and the design system they share with the page."""
