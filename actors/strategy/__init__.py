"""One actor per pair: proposes, and holds the pair's position through its life."""
