"""The pocket page as a server hands it out: built once, to phones of a room and as a file."""
