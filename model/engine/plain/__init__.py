"""The same equations and the same march in plain Python: what compiled code is held against."""
