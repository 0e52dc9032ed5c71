"""From a state to numbers, cached: runs, ensembles, comparisons, explanations."""
