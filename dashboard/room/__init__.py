"""A room: phones that answer what a presenter asks, by a code and without an account."""
