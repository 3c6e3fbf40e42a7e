"""One immutable snapshot of the market per cycle."""
