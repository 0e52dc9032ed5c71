"""The model, one chapter per sector; the list below is the order in which to read it."""
