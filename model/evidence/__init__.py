"""The evidence scoreboard: published effects as experiments, run on the model and held against what was found.

An experiment is a file of `scenarios/evidence` that needs no programming: reading takes it in, measuring runs its
arms and works out its number for every member of an ensemble, scoring gives the verdicts.
"""
