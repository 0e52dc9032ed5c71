"""What is said of outcomes and levers: verdicts, advisories, and why a lever moves nothing."""
