"""Proof that a request comes from a page of ours: derived from a cookie that no script can read."""

import base64
import hashlib
import hmac

HEADER = "X-CSRF-Token"
FIELD = "csrf_token"


def csrf_token(secret: str) -> str:
    """The token that goes with a session's id, or with the login form's cookie."""
    digest = hmac.digest(secret.encode(errors="replace"), b"perpcarry csrf", hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_token_of(secret: str, given: str) -> bool:
    expected = csrf_token(secret).encode()
    return hmac.compare_digest(expected, given.encode(errors="replace"))
