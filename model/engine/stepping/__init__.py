"""How time is stepped: methods of integration, and moves that are too long."""
