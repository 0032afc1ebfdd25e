"""The page of a practice. Each card of it is a module of its own that adds its part to `cards.CARDS`."""
