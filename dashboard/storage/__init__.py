"""Files on the server: a user's own folder and corridors of their own."""
