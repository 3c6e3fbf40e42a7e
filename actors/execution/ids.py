"""Client order ids: derived from what an order is for, never drawn by lot.

The same (position, leg, action, attempt) has the same id for ever, so an order that is sent again
by mistake is refused by the venue as a repeat, and an order can be asked about after any crash.
"""

import hashlib

from actors.domain.orders import Leg, OrderAction

MAX_LENGTH = 36
"""The shortest limit among the venues in view (Bybit's orderLinkId)."""

EXTERNAL = "ext-"
"""Starts the id of an intent that only records what happened at the venue without our order."""

_LEG = {Leg.SPOT: "s", Leg.PERP: "p"}
_ACTION = {
    OrderAction.OPEN: "o",
    OrderAction.TOP_UP: "t",
    OrderAction.UNWIND: "u",
    OrderAction.CLOSE: "c",
}


def client_id(
    installation_id: str, position_id: str, leg: Leg, action: OrderAction, attempt: int
) -> str:
    """``pcab12-BTCUSDT-3-so1``: unique in the account for ever, at most 36 characters.

    A pair's name that is too long, or holds characters a venue may refuse, is cut and given a
    digest of the whole. Raises ValueError where the rest alone is too long.
    """
    pair_key, _, number = position_id.rpartition("#")
    head = f"{prefix(installation_id)}"
    tail = f"-{number}-{_LEG[leg]}{_ACTION[action]}{attempt}"
    name = pair_key.replace("-", "")
    room = MAX_LENGTH - len(head) - len(tail)
    if len(name) > room or not (name.isascii() and name.isalnum()):
        name = _shortened(name, pair_key, room)
    return f"{head}{name}{tail}"


def prefix(installation_id: str) -> str:
    """How every id of this installation begins; others on the account begin otherwise."""
    return f"pc{installation_id}-"


def is_external(client_id: str) -> bool:
    return client_id.startswith(EXTERNAL)


def _shortened(name: str, pair_key: str, room: int) -> str:
    digest = hashlib.sha256(pair_key.encode()).hexdigest()[:6]
    if room < len(digest):
        raise ValueError(f"no room for a client id of {pair_key}: {room} characters are left")
    plain = "".join(letter for letter in name if letter.isascii() and letter.isalnum())
    return plain[: room - len(digest)] + digest
