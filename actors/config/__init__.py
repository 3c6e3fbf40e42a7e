"""Settings, the overlay that changes them while running, and the actor that keeps both."""
