"""Exploring, robust choice and the search for a package in a session: their work, and what messages ask of them."""
