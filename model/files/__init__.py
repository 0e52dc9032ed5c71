"""Files, whatever they say: nothing here knows what a scenario is.

tree.py           YAML as nodes that know their line, within strict limits; values from Python in the same form
yaml_faults.py    what the YAML parser complains of, in plain words
reader.py         plain values out of nodes (text, choice, number, year ...), and every fault on the way
faults.py         a fault: where, what, what is allowed, the nearest name
suggestions.py    what a text was probably meant to say where a number or a year is asked for
paths.py          names of files by the rules of every system
atomic.py         files written whole or not at all
csv_text.py       text in CSV files, never a formula
bounded_cache.py  values in memory, so many bytes of them
disk_cache.py     entries on disk between runs
"""
