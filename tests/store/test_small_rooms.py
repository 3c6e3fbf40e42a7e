"""Commands, events, config changes, state and vaults."""

from dataclasses import dataclass, replace

import pytest

from actors.store import (
    CommandRecord,
    CommandStatus,
    ConfigChange,
    EventRecord,
    Store,
    StoreError,
)
from tests.store.samples import at

# --- commands ---


def test_a_command_is_accepted_once_per_key(store: Store) -> None:
    expected = CommandRecord(1, "k1", "stop", "", "anna", at(0))
    with store.transaction() as tx:
        assert tx.commands.accept("k1", "stop", "", "anna", at(0)) == (expected, True)
        assert tx.commands.accept("k2", "start", "", "anna", at(1))[0].id == 2
        assert tx.commands.accept("k1", "close-position", "x", "bert", at(2)) == (expected, False)
        assert tx.commands.get(1) == expected
        assert tx.commands.get(3) is None


def test_the_first_outcome_of_a_command_stays(store: Store) -> None:
    with store.transaction() as tx:
        for key in ("k1", "k2", "k3"):
            tx.commands.accept(key, "stop", "", "anna", at(0))
        assert tx.commands.finish(2, CommandStatus.DONE, "closing 3", at(1))
        assert not tx.commands.finish(2, CommandStatus.REFUSED, "again", at(2))
    with store.transaction() as tx:
        assert [one.id for one in tx.commands.pending()] == [1, 3]
        assert tx.commands.pending()[0].status is CommandStatus.ACCEPTED
        assert tx.commands.last_finished(["stop", "start"]) == 2
        assert tx.commands.last_finished(["start"]) == 0
        assert tx.commands.accept("k2", "stop", "", "anna", at(9)) == (
            CommandRecord(
                2, "k2", "stop", "", "anna", at(0), CommandStatus.DONE, "closing 3", at(1)
            ),
            False,
        )
    with pytest.raises(StoreError, match="never accepted"), store.transaction() as tx:
        tx.commands.finish(4, CommandStatus.DONE, "", at(1))


# --- events ---


@dataclass(frozen=True)
class Happened:
    at = at(0)
    kind = "actor.crashed"
    severity = "alarm"
    address = "root/market"
    text: str
    detail = "trace\0"


def test_events_are_numbered_and_read_newest_first(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.events.append([Happened("a"), Happened("b")]) == [1, 2]
        assert tx.events.append([]) == []
        assert tx.events.append([Happened("c")]) == [3]
        first = EventRecord(1, at(0), "actor.crashed", "alarm", "root/market", "a", "trace\ufffd")
        assert tx.events.read() == [
            replace(first, seq=3, text="c"),
            replace(first, seq=2, text="b"),
            first,
        ]
        assert [one.seq for one in tx.events.read(limit=1)] == [3]
        assert [one.seq for one in tx.events.read(before_seq=3, limit=1)] == [2]
        assert tx.events.read(before_seq=1) == []


# --- config ---


def change(key: str, before: str | None, after: str | None) -> ConfigChange:
    return ConfigChange(at(0), "anna", key, before, after)


def test_overrides_are_what_was_last_set(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.config.version() == 0
        assert tx.config.overrides() == {}
        tx.config.append([change("b", None, "1"), change("a", None, '"x"')], version=1)
        tx.config.append([change("b", "1", None)], version=2)
        tx.config.append([change("c", None, "3")], version=3)
        assert tx.config.version() == 3
        assert tx.config.overrides() == {"a": '"x"', "c": "3"}
        assert [(one.version, one.key) for one in tx.config.history(3)] == [
            (3, "c"),
            (2, "b"),
            (1, "a"),
        ]
        assert tx.config.history()[-1] == replace(change("b", None, "1"), version=1)
        assert [(one.version, one.key, one.after) for one in tx.config.last_changes()] == [
            (1, "a", '"x"'),
            (2, "b", None),
            (3, "c", "3"),
        ]


def test_versions_only_go_up(store: Store) -> None:
    with store.transaction() as tx:
        tx.config.append([change("a", None, "1")], version=2)
        with pytest.raises(ValueError, match="not after"):
            tx.config.append([change("a", "1", "2")], version=2)


# --- state ---


def test_state_is_what_was_last_set(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.state.get("x") is None
        tx.state.set("x", '{"a": 1}')
        tx.state.set("y", "null")
        tx.state.set("x", '{"a": 2}')
    with store.transaction() as tx:
        assert tx.state.get("x") == '{"a": 2}'
        assert tx.state.get("y") == "null"


# --- vault ---


def test_a_vault_gives_back_its_own_records_in_order(store: Store) -> None:
    mine, other = store.vault("paper"), store.vault("other")
    mine.append(["a", "b"])
    other.append(["x"])
    mine.append([])
    mine.append(["c"])
    assert list(store.vault("paper").read()) == ["a", "b", "c"]
    assert list(store.vault("other").read()) == ["x"]
    assert list(store.vault("nobody").read()) == []


def test_a_second_keeper_is_noticed(store: Store) -> None:
    replaced, present = store.vault("paper"), store.vault("paper")
    replaced.append(["a"])
    assert list(present.read()) == ["a"]
    replaced.append(["late"])
    with pytest.raises(StoreError, match="another keeper"):
        present.append(["b"])
    assert list(present.read()) == ["a", "late"]
    present.append(["b"])
    assert list(store.vault("paper").read()) == ["a", "late", "b"]
