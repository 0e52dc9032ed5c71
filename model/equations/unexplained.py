"""What the structure leaves over of the last years of the record, of who set out and of what courts decided; and chance
in the years to come."""

from pushpull.engine.language.declare import origin, rival


@rival("departures_left_over", "1", over=origin, setting="left_over", formula="fades")
def departures_left_over_fading(unexplained_departures, departure_shocks):
    """How many times as many set out as the structure says, in the last years of the record and a while after it; and
    by chance, in a simulation of the years to come. Assumption: it fades evenly in logarithms."""
    return unexplained_departures * departure_shocks


@rival("departures_left_over", "1", over=origin, setting="left_over", formula="left_out")
def departures_left_over_nowhere(departure_shocks):
    """Nothing is added to what the structure says of who sets out, but for chance in a simulation of the years to come.
    Assumption: what it leaves over was chance."""
    return departure_shocks


@rival("decisions_left_over", "1", setting="left_over", formula="fades")
def decisions_left_over_fading(unexplained_court_decisions):
    """How many times as many decisions courts make as the structure says, in the last years of the record and a while
    after it.
    Assumption: it fades evenly in logarithms."""
    return unexplained_court_decisions


@rival("decisions_left_over", "1", setting="left_over", formula="left_out")
def decisions_left_over_nowhere():
    """Nothing is added to what the structure says of courts.
    Assumption: what it leaves over was chance."""
    return 1
