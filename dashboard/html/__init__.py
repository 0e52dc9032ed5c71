"""The page around the components."""
