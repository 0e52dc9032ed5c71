"""How equations are declared and what they mean: words, cards, graph, units, conservation, feedback loops."""
