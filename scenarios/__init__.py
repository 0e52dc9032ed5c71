"""Corridors, policies and stories, with their schemas."""
