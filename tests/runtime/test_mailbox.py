"""The mailbox by itself: lanes, conflation, lease, capacity."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.runtime.letter import Letter
from actors.runtime.mailbox import REVOKED, STOP, Closed, Mailbox, MailboxFull


class Reader:
    rings = 0

    def ring(self) -> None:
        self.rings += 1


def made(capacity: int = 100) -> tuple[Mailbox, Reader]:
    mailbox, reader = Mailbox("m", lambda: 0.0, capacity), Reader()
    mailbox.grant(reader)
    return mailbox, reader


def drained(mailbox: Mailbox, reader: Reader) -> list[Any]:
    messages = []
    while isinstance(letter := mailbox.take(reader), Letter):
        messages.append(letter.message)
    return messages


def test_system_letters_come_first() -> None:
    mailbox, reader = made()
    for name, system in (("a", False), ("b", True), ("c", False), ("d", True)):
        mailbox.put(Letter(name, system=system))
    assert drained(mailbox, reader) == ["b", "d", "a", "c"]


def test_conflation_keeps_the_place_and_the_newest() -> None:
    mailbox, reader = made()
    mailbox.put(Letter("tick 1"), "BTC")
    mailbox.put(Letter("other"))
    mailbox.put(Letter("tick 2"), "BTC")
    mailbox.put(Letter("tick 3"), "ETH")
    assert drained(mailbox, reader) == ["tick 2", "other", "tick 3"]
    assert mailbox.conflated == 1
    mailbox.put(Letter("tick 4"), "BTC")
    assert drained(mailbox, reader) == ["tick 4"]


def test_a_reader_is_rung_once_for_a_burst() -> None:
    mailbox, reader = made()
    mailbox.put(Letter(1))
    assert reader.rings == 0, "a new reader takes before it waits"
    assert drained(mailbox, reader) == [1]
    mailbox.put(Letter(2))
    mailbox.put(Letter(3))
    assert reader.rings == 1
    assert drained(mailbox, reader) == [2, 3]


def test_a_revoked_lease_takes_nothing_and_the_letter_at_hand_comes_back() -> None:
    mailbox, old = made()
    mailbox.put(Letter("at hand"))
    mailbox.put(Letter("waiting"))
    mailbox.take(old)
    returned = mailbox.revoke(old)
    assert returned is not None
    assert returned.message == "at hand"
    assert mailbox.take(old) is REVOKED
    assert not mailbox.finish(old)
    assert mailbox.revoke(old) is None

    new = Reader()
    mailbox.grant(new)
    mailbox.put_back(returned)
    assert mailbox.take(old) is REVOKED, "the old reader must not get the new one's letters"
    assert drained(mailbox, new) == ["at hand", "waiting"]


def test_a_zombie_does_not_finish_the_letter_of_its_successor() -> None:
    mailbox, old = made()
    mailbox.put(Letter(1))
    mailbox.take(old)
    mailbox.revoke(old)
    new = Reader()
    mailbox.grant(new)
    mailbox.put(Letter(2))
    mailbox.take(new)
    mailbox.finish(old)
    assert mailbox.in_flight is not None
    mailbox.stop(old)
    assert mailbox.finish(new) is False, "the stop was not meant for the new reader"


def test_a_waiting_reader_is_rung_when_its_lease_ends() -> None:
    mailbox, reader = made()
    assert mailbox.take(reader) is None
    mailbox.revoke(reader)
    assert reader.rings == 1
    mailbox.put(Letter(1))
    assert reader.rings == 1, "nobody reads: nobody is rung"


def test_stop_overtakes_letters_and_leaves_them() -> None:
    mailbox, reader = made()
    mailbox.put(Letter(1))
    mailbox.stop(reader)
    assert mailbox.take(reader) is STOP
    assert mailbox.depth == 1


def test_stop_rings_a_waiting_reader() -> None:
    mailbox, reader = made()
    assert mailbox.take(reader) is None
    mailbox.stop(reader)
    assert reader.rings == 1
    assert mailbox.take(reader) is STOP


def test_capacity() -> None:
    mailbox, reader = made(capacity=2)
    mailbox.put(Letter(1), "key")
    mailbox.put(Letter(2))
    with pytest.raises(MailboxFull):
        mailbox.put(Letter(3))
    mailbox.put(Letter(4), "key")
    mailbox.put(Letter(5), force=True)
    mailbox.put(Letter(6, system=True))
    assert drained(mailbox, reader) == [6, 4, 2, 5]
    assert (mailbox.rejected, mailbox.high_water) == (1, 4)


def test_a_closed_mailbox_gives_out_what_waited_and_takes_nothing() -> None:
    mailbox, _ = made()
    mailbox.put(Letter(1))
    mailbox.put(Letter(2, system=True))
    assert [letter.message for letter in mailbox.close("over")] == [2, 1]
    with pytest.raises(Closed, match="over"):
        mailbox.put(Letter(3))
    mailbox.open(10)
    mailbox.put(Letter(4))
    assert mailbox.depth == 1


commands = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.booleans(), st.sampled_from([None, "a", "b"])),
        st.tuples(st.just("take")),
        st.tuples(st.just("replace")),
    ),
    max_size=60,
)


@given(commands)
def test_no_letter_is_lost_or_doubled(script: list[Any]) -> None:
    """Against a model: whatever is put is taken once, unless a newer one took its place."""
    mailbox, reader = made(capacity=10_000)
    number = 0
    model: dict[bool, list[tuple[int, str | None]]] = {True: [], False: []}
    for command in script:
        match command:
            case ("put", system, key):
                number += 1
                mailbox.put(Letter(number, system=system), key)
                for lane in model.values():
                    keys = [] if key is None else [k for _, k in lane]
                    if key in keys:
                        lane[keys.index(key)] = (number, key)
                        break
                else:
                    model[system].append((number, key))
            case ("take",):
                lane = model[True] or model[False]
                letter = mailbox.take(reader)
                assert (letter.message if isinstance(letter, Letter) else None) == (
                    lane.pop(0)[0] if lane else None
                )
            case _:  # the reader dies with a letter at hand, which comes first again
                at_hand = mailbox.revoke(reader)
                reader = Reader()
                mailbox.grant(reader)
                if at_hand is not None:
                    again = Letter(at_hand.message, system=at_hand.system)
                    mailbox.put_back(again)
                    model[at_hand.system].insert(0, (at_hand.message, None))  # type: ignore[arg-type]
    assert drained(mailbox, reader) == [n for n, _ in [*model[True], *model[False]]]
