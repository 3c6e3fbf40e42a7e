"""The read model the front end asks."""
