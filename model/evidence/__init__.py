"""The evidence scoreboard: published effects as experiments, run on the model and held against what was found.

An experiment is a file of `scenarios/evidence` that needs no programming: `experiment_files` reads it,
`measure_language` works out its number for every member of an ensemble, and `verdicts` runs its arms and judges.
"""
