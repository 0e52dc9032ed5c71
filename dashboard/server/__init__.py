"""How the page is served: handlers, connections, signing in, and what a browser may ask for."""
