"""A claim on many small things as one test: a test for each would take longer to hand out than to hold."""


def failing(claim, cases, called=str):
    """What is said of each case that does not hold to a claim, all at once; a claim is a function that asserts."""
    found, cases = [], list(cases)
    assert cases, "there is nothing to hold to the claim"
    for case in cases:
        try:
            claim(case)
        except AssertionError as fault:
            found.append(f"{called(case)}: {fault}")
    return found
