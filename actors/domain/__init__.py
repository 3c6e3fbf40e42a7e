"""Values and arithmetic of the carry trade, pure: no clock, no I/O, no actors."""
