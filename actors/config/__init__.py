"""The settings and the overlay a person may change while the bot runs."""
