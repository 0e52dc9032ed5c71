"""What a session holds, as values that never change: the state, what is looked at, links, undo."""
