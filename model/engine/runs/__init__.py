"""What a run needs and gives: tasks, methods of integration, results."""
