"""The scripts and styles that every visitor is sent."""
