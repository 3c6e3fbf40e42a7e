"""Positions, orders, fills and cooldowns come back as they were written."""

from dataclasses import replace

import pytest

from actors.domain.orders import Leg, OrderStatus
from actors.domain.positions import Goal, PositionState
from actors.store import Store, StoreError
from tests.store.samples import D, at, exit_decision, fill, intent, pair, position


def test_a_position_comes_back_with_its_orders_and_fills(store: Store) -> None:
    header = position()
    spot, perp = intent(header), intent(header, Leg.PERP)
    spot = replace(spot, status=OrderStatus.FILLED, fills=(fill(spot, 1), fill(spot, 2)))
    spot = replace(spot, reason="dünn\0 \ud800", resolved_at=at(3))
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([intent(header), perp])
    with store.transaction() as tx:
        tx.positions.resolve_intent(spot)
    with store.reading() as tx:
        assert tx.positions.load(header.id) == replace(
            header, intents=(replace(spot, reason="dünn\ufffd ?"), perp)
        )
        assert tx.positions.load("BTC-USDT#2") is None


def test_saving_again_changes_the_header_alone(store: Store) -> None:
    header = position()
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([intent(header)])
        closed = replace(
            header,
            goal=Goal.FLAT,
            state=PositionState.CLOSING,
            exit=exit_decision(),
            opened_at=at(5),
            closed_at=at(95),
        )
        tx.positions.save(closed)
        assert tx.positions.load(header.id) == replace(closed, intents=(intent(header),))


def test_numbers_count_up_for_each_pair(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.positions.next_number("BTC-USDT") == 1
        tx.positions.save(position(9))
        tx.positions.save(position(10))
        tx.positions.save(position(1, "ETH"))
        assert tx.positions.next_number("BTC-USDT") == 11
        assert tx.positions.next_number("ETH-USDT") == 2


def test_an_id_that_is_not_the_pairs_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no id of a position"), store.transaction() as tx:
        tx.positions.save(replace(position(), pair=pair("ETH")))


def test_active_closed_and_all(store: Store) -> None:
    held = position(2, created=10)
    early = replace(position(1), closed_at=at(50))
    late = replace(position(1, "ETH", created=5), closed_at=at(60))
    order = intent(late)
    with store.transaction() as tx:
        for one in (held, late, early):
            tx.positions.save(one)
        tx.positions.add_intents([order, intent(held)])
        late = replace(late, intents=(order,))
        held = replace(held, intents=(intent(held),))
        assert tx.positions.active() == [held]
        assert tx.positions.all() == [early, late, held]
        assert tx.positions.closed() == [late, early]
        assert tx.positions.closed(limit=1) == [late]
        assert tx.positions.closed(limit=5, offset=1) == [early]
        assert tx.positions.closed(limit=5, offset=2) == []


def test_a_client_id_is_used_once(store: Store) -> None:
    header = position()
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([intent(header)])
    with pytest.raises(StoreError, match="contradicts"), store.transaction() as tx:
        tx.positions.add_intents([intent(header)])


def test_an_outcome_needs_its_intent(store: Store) -> None:
    with pytest.raises(StoreError, match="never intended"), store.transaction() as tx:
        tx.positions.resolve_intent(intent(position()))
    with pytest.raises(StoreError, match="contradicts"), store.transaction() as tx:
        tx.positions.add_intents([intent(position())])


def test_fills_are_recorded_once_and_in_order(store: Store) -> None:
    header = position()
    spot, perp = intent(header), intent(header, Leg.PERP)
    first, second, other = fill(spot, 1), fill(spot, 2), fill(perp, 1)
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([spot, perp])
        tx.positions.resolve_intent(replace(spot, fills=(first,)))
        tx.positions.resolve_intent(replace(perp, fills=(other, other)))
        # What was heard first stays, also when the fee is told otherwise later.
        tx.positions.resolve_intent(replace(spot, fills=(replace(first, fee=D(9)), second)))
    with store.transaction() as tx:
        recorded = tx.positions.fills_after(0)
        assert [seq for seq, _, _ in recorded] == [1, 2, 3]
        assert [one for _, _, one in recorded] == [first, other, second]
        assert {of for _, of, _ in recorded} == {header.id}
        assert tx.positions.fills_after(2) == [(3, header.id, second)]
        assert tx.positions.fills_after(3) == []


def test_a_fill_may_not_change(store: Store) -> None:
    header = position()
    order = intent(header)
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([replace(order, fills=(fill(order),))])
    for changed in (replace(fill(order), quantity=D(1)), replace(fill(order), price=D(2))):
        with pytest.raises(StoreError, match="otherwise"), store.transaction() as tx:
            tx.positions.resolve_intent(replace(order, fills=(changed,)))
    with pytest.raises(ValueError, match="not of order"), store.transaction() as tx:
        tx.positions.resolve_intent(replace(order, fills=(fill(intent(header, Leg.PERP)),)))


def test_the_newest_cooldown_holds(store: Store) -> None:
    with store.transaction() as tx:
        tx.positions.set_cooldown("ETH-USDT", at(5), "too thin")
        tx.positions.set_cooldown("BTC-USDT", at(1), "failed open")
        tx.positions.set_cooldown("BTC-USDT", at(9), "failed again")
    with store.transaction() as tx:
        assert tx.positions.cooldowns() == [
            ("BTC-USDT", at(9), "failed again"),
            ("ETH-USDT", at(5), "too thin"),
        ]
