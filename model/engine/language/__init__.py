"""How equations are declared and what they mean: words, cards, graph, units, the rows of their names."""
