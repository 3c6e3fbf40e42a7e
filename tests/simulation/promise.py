"""What every world is about."""


class BrokenPromise(AssertionError):
    """Something happened that never may."""
