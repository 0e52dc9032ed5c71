"""From a state and its numbers to what each component shows, as plain values."""
