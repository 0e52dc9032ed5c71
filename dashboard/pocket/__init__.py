"""The pocket page: the simulator as one file that runs the model in the browser."""
