"""What is taken away: the evidence pack and the report."""
