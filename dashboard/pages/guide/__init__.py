"""For those who come for the first time: what this is, questions to begin with, how far to trust it, the words."""
