"""The processes that serve the simulator: their options, ports, memory and logs, and the supervisor of several."""
