"""The evidence scoreboard: published effects as experiments, run on the model and held against what was found.

An experiment is a file of `scenarios/evidence` that needs no programming: `experiment_files` reads it,
`measure_language` works out its number for every member of an ensemble, and `verdicts` runs its arms and judges. What
that came to for the shipped ones is stored beside them (`stored_scores`).
"""
