"""The documents, served under Help."""
