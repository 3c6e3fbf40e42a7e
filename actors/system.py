"""The supervision tree: which actors there are, under whom, in which order they start."""
