"""Links: what they hold, and what opens of one that is old, foreign or damaged."""
