"""The processes that serve the simulator: ports, memory, logs, how many visitors they can take, and the
supervisor of several."""
