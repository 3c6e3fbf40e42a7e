"""Who may do what: roles, and the passwords and tokens that give them. Hashes only."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

TOKEN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
RESERVED_NAMES = frozenset({"operator", "viewer", "web", "token"})
"""What the record calls people; a token of that name could be taken for one."""


class AccessError(Exception):
    """Passwords or tokens that cannot be used; ``str()`` says why and what to do, no secret."""


class Role(StrEnum):
    VIEWER = "viewer"
    """Sees everything but secrets, may change nothing."""
    OPERATOR = "operator"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        return self is Role.OPERATOR or other is Role.VIEWER


@dataclass(frozen=True, slots=True)
class Token:
    name: str
    """What its bearer's commands are recorded under."""
    role: Role
    digest: str = field(repr=False)
    """SHA-256, in hex: enough for 256 random bits, which nobody can guess."""


@dataclass(frozen=True, slots=True)
class Access:
    """Everybody who may in. Without any password everybody may do everything.

    Raises AccessError for what protects nothing or means two things.
    """

    operator_hash: str | None = field(default=None, repr=False)
    """Argon2 hash of the password; None = nobody logs in as that."""
    viewer_hash: str | None = field(default=None, repr=False)
    tokens: tuple[Token, ...] = ()

    def __post_init__(self) -> None:
        if self.tokens and not self.login_required:
            raise AccessError(
                "tokens protect nothing as long as no password is set, for then no token is "
                "needed: set a password too (perpcarry new-password makes one)"
            )
        names = [token.name for token in self.tokens]
        for name in names:
            if not TOKEN_NAME.fullmatch(name) or name in RESERVED_NAMES:
                raise AccessError(f"a token cannot be called {name[:40]!r}: {NAMES_IN_WORDS}")
            if names.count(name) > 1:
                raise AccessError(f"two tokens are called {name}; give each its own name")

    @property
    def login_required(self) -> bool:
        return bool(self.hashes)

    @property
    def hashes(self) -> dict[Role, str]:
        """The Argon2 hash of each password there is."""
        both = {Role.OPERATOR: self.operator_hash, Role.VIEWER: self.viewer_hash}
        return {role: known for role, known in both.items() if known is not None}

    def token(self, digest: str) -> Token | None:
        """The token with this digest."""
        return next((token for token in self.tokens if token.digest == digest), None)


NAMES_IN_WORDS = "1 to 40 of a-z, 0-9, dot, dash and underscore, but not " + ", ".join(
    sorted(RESERVED_NAMES)
)
