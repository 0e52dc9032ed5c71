"""How the page is served: handlers, connections, limits, workers."""
