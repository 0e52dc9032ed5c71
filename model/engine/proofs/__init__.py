"""What is proved of equations, or counted over their runs: conservation of people, feedback loops."""
