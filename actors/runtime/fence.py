"""The fence: how a replaced incarnation is kept from acting."""

from __future__ import annotations


class Fenced(Exception):
    """An incarnation that was replaced tried to act."""


class Fence:
    """The right of one incarnation to act on the world, checked before every durable act.

    A Python thread cannot be killed. So an actor that hangs is replaced, and what the old
    incarnation still tries when it wakes up is refused here.
    """

    __slots__ = ("_valid", "address", "epoch")

    def __init__(self, address: str, epoch: int) -> None:
        self.address = address
        self.epoch = epoch
        self._valid = True

    def is_valid(self) -> bool:
        return self._valid

    def check(self) -> None:
        """Pass if this incarnation is the current one; raise Fenced if it was replaced."""
        if not self._valid:
            raise Fenced(f"{self.address}: epoch {self.epoch} was replaced")

    def revoke(self) -> None:
        """Void the right for ever. Only the runtime calls this."""
        self._valid = False

    def __repr__(self) -> str:
        return f"Fence({self.address!r}, epoch={self.epoch}, valid={self._valid})"
