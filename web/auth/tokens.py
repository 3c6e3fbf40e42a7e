"""API tokens: made once, shown once, known by their digest from then on."""

import hashlib
import secrets

from web.auth.access import Role, Token

PREFIX = "pc_"


def new_token(name: str, role: Role) -> tuple[str, Token]:
    """The token's text, to be handed to its bearer, and what the server keeps of it."""
    text = PREFIX + secrets.token_urlsafe(32)
    return text, Token(name, role, digest_of(text))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
