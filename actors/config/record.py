"""The overlay on record: changes, who made them, and the answers they were given."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import TypeAdapter

from actors.config.messages import ChangeSettings, SettingsChange, SettingsChanged
from actors.config.runtime_config import RuntimeConfig, restored
from actors.config.settings import Settings
from actors.store import ConfigChange, Guard, Store, Transaction

HISTORY = 100
"""Changes shown."""
ANSWERS_KEPT = 200
_ANSWERS = "config.answers"


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

    def history(self) -> tuple[SettingsChange, ...]:
        """Newest first."""
        with self._store.transaction(self._guard) as tx:
            return tuple(
                SettingsChange(one.version, one.at, one.who, one.key, one.before, one.after)
                for one in tx.config.history(HISTORY)
            )

    def answer_to(self, request: ChangeSettings) -> KnownAnswer | None:
        """The answer this idempotency key was given before, if any."""
        if not request.idempotency_key:
            return None
        with self._store.transaction(self._guard) as tx:
            return next((one for one in _answers(tx) if one.key == request.idempotency_key), None)

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
                kept = [*_answers(tx), known][-ANSWERS_KEPT:]
                tx.state.set(_ANSWERS, _CODEC.dump_json(kept).decode())


def digest(request: ChangeSettings) -> str:
    """The same for the same changes, whoever sends them."""
    text = "\n".join(f"{one.key}={one.value}" for one in request.changes)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_CODEC = TypeAdapter(list[KnownAnswer])


def _answers(tx: Transaction) -> list[KnownAnswer]:
    text = tx.state.get(_ANSWERS)
    return [] if text is None else _CODEC.validate_json(text)
