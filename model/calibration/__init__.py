"""Fitting a corridor to its record.

plan (what is unknown, what was recorded) -> simulate -> likelihood -> sampling -> fitting -> posterior, which
ensembles draw from; scoring holds a posterior against the record. The modules are imported one by one, since
ensembles need the posterior alone.
"""
