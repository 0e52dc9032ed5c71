"""The page of outcomes, a module a part: gallery, routes with their map, factors of the stock, recorded, diagram."""
