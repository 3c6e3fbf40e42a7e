"""The overlay on record: changes, who made them, and the answers they were given."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from pydantic import TypeAdapter

from actors.config.messages import ChangeSettings, SettingsChange, SettingsChanged, VersionInForce
from actors.config.runtime_config import RuntimeConfig, restored
from actors.config.settings import Settings
from actors.store import ConfigChange, Guard, Store, Transaction

HISTORY = 100
"""Changes shown."""
ANSWERS_KEPT = 200
_ANSWERS = "config.answers"
_IN_FORCE = "config.in_force"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changes:
    newest_first: tuple[SettingsChange, ...]
    last_of_key: Mapping[str, SettingsChange]


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What a change was answered, by its idempotency key."""

    key: str
    digest: str
    """Of the changes that came with the key."""
    answer: SettingsChanged


class ConfigRecord:
    """Reads and writes of the config actor, each in a transaction of its own."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self._store = store
        self._guard = guard

    def restore(self, configured: Settings) -> RuntimeConfig:
        with self._store.transaction(self._guard) as tx:
            return restored(configured, tx.config.overrides(), tx.config.version())

    def changes(self) -> Changes:
        with self._store.transaction(self._guard) as tx:
            known = _read(tx, _IN_FORCE, _VERSIONS)
            return Changes(
                tuple(_change(one, known) for one in tx.config.history(HISTORY)),
                {one.key: _change(one, known) for one in tx.config.last_changes()},
            )

    def in_force(self) -> VersionInForce | None:
        """The version that was brought into force last."""
        with self._store.transaction(self._guard) as tx:
            known = _read(tx, _IN_FORCE, _VERSIONS)
            return known[-1] if known else None

    def bring_into_force(self, version: VersionInForce) -> None:
        with self._store.transaction(self._guard) as tx:
            kept = [*_read(tx, _IN_FORCE, _VERSIONS), version][-HISTORY:]
            tx.state.set(_IN_FORCE, _VERSIONS.dump_json(kept).decode())

    def answer_to(self, request: ChangeSettings) -> KnownAnswer | None:
        """The answer this idempotency key was given before, if any."""
        if not request.idempotency_key:
            return None
        with self._store.transaction(self._guard) as tx:
            known = _read(tx, _ANSWERS, _CODEC)
            return next((one for one in known if one.key == request.idempotency_key), None)

    def write(
        self,
        request: ChangeSettings,
        answer: SettingsChanged,
        before: RuntimeConfig,
        after: RuntimeConfig,
        at: datetime,
    ) -> None:
        """The changes and the answer, together or not at all."""
        with self._store.transaction(self._guard) as tx:
            # Compared with what is on record: overrides that were set aside are still there.
            old = tx.config.overrides()
            changes = [
                ConfigChange(at, request.who, key, old.get(key), after.overrides.get(key))
                for key in answer.changed
            ]
            if after.version > before.version:
                tx.config.append(changes, after.version)
            if request.idempotency_key:
                known = KnownAnswer(request.idempotency_key, digest(request), answer)
                kept = [*_read(tx, _ANSWERS, _CODEC), known][-ANSWERS_KEPT:]
                tx.state.set(_ANSWERS, _CODEC.dump_json(kept).decode())


def digest(request: ChangeSettings) -> str:
    """The same for the same changes, whoever sends them."""
    text = "\n".join(f"{one.key}={one.value}" for one in request.changes)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_CODEC = TypeAdapter(list[KnownAnswer])
_VERSIONS = TypeAdapter(list[VersionInForce])


def _read(tx: Transaction, key: str, codec: TypeAdapter[list[T]]) -> list[T]:
    text = tx.state.get(key)
    return [] if text is None else codec.validate_json(text)


def _change(change: ConfigChange, known: Sequence[VersionInForce]) -> SettingsChange:
    """``known``: the versions that came into force, oldest first. Not each did: two changes within
    a cycle came together. When one older than all of these did is not known.
    """
    at = bisect_left(known, change.version, key=lambda one: one.version)
    came = at < len(known) and (at > 0 or known[0].version == change.version)
    cycle = known[at].cycle if came else None
    return SettingsChange(
        change.version, change.at, change.who, change.key, change.before, change.after, cycle
    )
