"""The two legs of a pair, opened and closed together."""
