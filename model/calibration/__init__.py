"""Fitting a corridor to its record.

plan (what is unknown, what was recorded) -> simulate -> likelihood -> sampling -> fitting -> posterior, which
ensembles draw from (`pushpull.posterior`); `fit_scores` holds it against the record, `forecast` against later
years, and `freshness` says whether a fit is that of today's files.
"""
