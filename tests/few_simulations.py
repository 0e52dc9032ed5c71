"""The dashboard as `pushpull dashboard` starts it, but for fewer simulations behind a page: `-m tests.few_simulations`.

For tests that look at pages, where most of a server's time goes into simulations that nobody looks at.
"""

import runpy

FEW = (16, 32)  # what a page comes to, stage by stage

if __name__ == "__main__":
    from pushpull.dashboard.compute import ensembles

    ensembles.STAGES = FEW
    runpy.run_module("pushpull.dashboard", run_name="__main__", alter_sys=True)
