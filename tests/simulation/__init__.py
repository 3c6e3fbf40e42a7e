"""Seeded runs of the whole house in virtual time, with everything going wrong that can."""
