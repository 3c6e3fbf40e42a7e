"""Draws that depend on nothing but what is drawn for, so that a run repeats from its seed."""

from hashlib import blake2b

_SPAN = float(1 << 64)


def draw(*key: object) -> float:
    """A number from 0 up to but not 1, always the same for the same key."""
    text = "\x1f".join(map(str, key)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) / _SPAN
