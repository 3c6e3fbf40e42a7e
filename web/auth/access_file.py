"""The access file: a line for each password's hash and each token's digest.

    # who may use the dashboard
    operator $argon2id$v=19$m=65536,t=3,p=4$...
    viewer $argon2id$v=19$m=65536,t=3,p=4$...
    token grafana viewer 6c1f...

`perpcarry new-password` and `perpcarry new-token` write these lines.
"""

import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from web.auth.access import Access, AccessError, Role, Token
from web.auth.passwords import checked_hash

_DIGEST = re.compile(r"[0-9a-f]{64}")


def read_access_file(path: Path) -> Access:
    """Who may in. Raises AccessError, with the line, and for a file that others may read."""
    try:
        text = path.read_text(encoding="utf-8")
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise AccessError(
            f"{path} is not there; perpcarry new-password --to {path} makes it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise AccessError(f"{path} cannot be read: {reason}") from None
    if os.name == "posix" and mode & 0o077:
        raise AccessError(f"others may read {path} ({mode:04o}); chmod 600 {path}")
    found = parse_access(text.splitlines(), str(path))
    if not found.login_required:
        raise AccessError(f"{path} holds no password; perpcarry new-password --to {path} adds one")
    return found


def parse_access(lines: Iterable[str], place: str) -> Access:
    """Raises AccessError that names the place and the line."""
    hashes: dict[Role, str] = {}
    tokens: list[Token] = []
    for number, line in enumerate(lines, start=1):
        where = f"{place}, line {number}"
        words = line.split()
        try:
            match words:
                case []:
                    pass
                case [word, *_] if word.startswith("#"):
                    pass
                case ["operator" | "viewer" as role, known]:
                    if Role(role) in hashes:
                        raise AccessError(f"the {role} has a password already")
                    hashes[Role(role)] = checked_hash(known)
                case ["token", *rest]:
                    tokens.append(parse_token(rest))
                case _:
                    raise AccessError("begins with neither operator, viewer nor token")
        except AccessError as error:
            raise AccessError(f"{where}: {error}") from None
    try:
        return Access(hashes.get(Role.OPERATOR), hashes.get(Role.VIEWER), tuple(tokens))
    except AccessError as error:
        raise AccessError(f"{place}: {error}") from None


def parse_token(words: list[str]) -> Token:
    """Of ``name role digest``. Raises AccessError."""
    match words:
        case [name, "viewer" | "operator" as role, digest] if _DIGEST.fullmatch(digest):
            return Token(name, Role(role), digest)
        case _:
            raise AccessError("a token is written as: name, viewer or operator, and its digest")


def entry_of(what: Role | Token, known_hash: str = "") -> str:
    """The line of a password's hash or of a token."""
    if isinstance(what, Token):
        return f"token {what.name} {what.role.value} {what.digest}"
    return f"{what.value} {known_hash}"


def put_entry(path: Path, entry: str) -> bool:
    """Write the line into the file, instead of the one of the same name: whether there was one.

    A new file is its owner's alone, and so is one that is written again. Raises AccessError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        kept = [line for line in lines if _name(line) != _name(entry)]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, "".join(f"{line}\n" for line in (*kept, entry)))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise AccessError(f"{path} cannot be written: {reason}") from None
    return len(kept) < len(lines)


def write_private(path: Path, text: str) -> None:
    """Replace a file, as a whole, by one that only its owner can read. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _name(line: str) -> tuple[str, ...]:
    words = line.split()
    return tuple(words[:2] if words[:1] == ["token"] else words[:1])
