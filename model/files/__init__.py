"""Files: read as trees with lines, written whole or not at all; nothing here knows what a scenario is."""
