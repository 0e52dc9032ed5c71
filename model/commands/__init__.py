"""The command line: a module for each command, which fetches what is heavy only when it runs.

Imports inside functions are of numpy, of the scenario reader, the engine and all above them, and of Rich. To load the
commands takes 0.1 s of the processor, the scenario reader and numpy 0.2 s more, SciPy's statistics another 0.7. All
else is imported at the top.
"""
