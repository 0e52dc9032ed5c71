"""The report on a fitted corridor: one page that stands by itself, written for a reader who doubts it."""
