"""What a run needs and gives: tasks, saved blocks, results."""
