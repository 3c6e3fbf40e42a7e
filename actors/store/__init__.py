"""Tables, journal and migrations."""
