"""A scenario written in the formats of other simulators, from the same equations."""
