"""Settings for every test. Fixtures live beside the tests that use them."""

from hypothesis import settings

# The same examples on every machine and run; a failure prints what repeats it.
# `pytest --hypothesis-profile=explore` looks for new ones.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True, max_examples=2_000)
settings.load_profile("ci")
