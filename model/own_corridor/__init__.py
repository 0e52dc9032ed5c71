"""A corridor of one's own: the folder to begin with, series brought in, and what a doctor says of it.

new corridor      new_folder.py       templates/ → corridor.yaml, series.csv, SOURCES.md, calibration.yaml
data check        files/table_files.py → observations.py → series_intake.py: rows; every fault with its line
data import       the same → series.csv and SOURCES.md, whole or not at all
doctor            importance.py, balance.py → examination.py; corridor_edits.py writes what it proposes
"""
