"""The command line: a room for each command; every room fetches what is heavy only when it runs."""
