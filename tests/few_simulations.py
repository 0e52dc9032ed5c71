"""`pushpull` as users have it, but for fewer simulations behind a page: `python -m tests.few_simulations dashboard`.

For tests that look at pages, where most of a server's time goes into simulations that nobody looks at.
"""

import sys

FEW = (16, 32)  # what a page comes to, stage by stage

if __name__ == "__main__":
    from pushpull.dashboard.compute import ensembles

    ensembles.STAGES = FEW
    from pushpull.__main__ import main

    sys.exit(main())
