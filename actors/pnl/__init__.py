"""The ledger, and what is computed from it."""
