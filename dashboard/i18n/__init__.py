"""The words of the page in each language."""
