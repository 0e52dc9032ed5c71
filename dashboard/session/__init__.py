"""A visitor's session: messages in, a new state, effects, one repaint."""
