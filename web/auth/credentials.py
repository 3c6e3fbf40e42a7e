"""From what the settings say to who may in."""

from collections.abc import Mapping
from pathlib import Path

from web.auth.access import Access, AccessError, Role
from web.auth.access_file import parse_token, read_access_file
from web.auth.passwords import checked_hash, fits, hash_password, is_hash
from web.auth.session_file import read_kept


def access_of(
    passwords: Mapping[Role, str],
    tokens: str = "",
    access_file: Path | None = None,
    session_file: Path | None = None,
) -> Access:
    """Everybody named in the settings and in the access file.

    ``passwords``: plain, or their Argon2 hashes. ``tokens``: ``name role digest``, with commas
    between them. Raises AccessError.
    """
    found = read_access_file(access_file) if access_file is not None else Access()
    hashes = dict(found.hashes)
    kept = read_kept(session_file).hashes if session_file is not None else {}
    for role, given in passwords.items():
        if role in hashes:
            raise AccessError(
                f"the {role.value}'s password is both in the settings and in {access_file}; "
                "take it out of one"
            )
        hashes[role] = _hash_of(given, kept.get(role), role)
    more = [parse_token(part.split()) for part in tokens.split(",") if part.strip()]
    return Access(hashes.get(Role.OPERATOR), hashes.get(Role.VIEWER), (*found.tokens, *more))


def _hash_of(given: str, kept: str | None, role: Role) -> str:
    if is_hash(given):
        return checked_hash(given)
    # With a new salt the password would look changed, and a restart would log everybody out.
    if kept is not None and fits(kept, given):
        return kept
    try:
        return hash_password(given)
    except AccessError as error:
        raise AccessError(f"the {role.value}'s password: {error}") from None
