"""The groups of settings, each with everything there is to say about its fields."""
