"""The model, one chapter per sector; `pushpull.catalogue.SECTORS` is the order in which to read it."""
