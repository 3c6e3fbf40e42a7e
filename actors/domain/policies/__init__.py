"""Policies: when to enter a pair, when to leave it, and why. All answer the same question alike."""

from actors.domain.policies.choice import decide

__all__ = ["decide"]
