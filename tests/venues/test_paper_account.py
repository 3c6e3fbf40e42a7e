"""The paper account adds up: to the last digit, after any history, and after any restart."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.holdings import PerpHolding
from actors.domain.instruments import Instrument, Market
from actors.domain.ledger_entries import (
    capital_transaction,
    fill_transaction,
    funding_transaction,
    wallet_balances,
)
from actors.domain.orders import Fill, OrderStatus, Side
from actors.runtime import SimulatedClock
from actors.store import Store, StoreError
from actors.venues.paper import MemoryVault, PaperRules, PaperVenue
from actors.venues.port import VenueRefused
from tests.venues.exchange import OTHER_PERP, OTHER_SPOT, PERP, SPOT, START, Exchange, settled

D = Decimal
RULES = PaperRules(starting_balance=D("50000"), latency=timedelta(0))

orders = st.tuples(
    st.sampled_from((SPOT, PERP, OTHER_SPOT, OTHER_PERP)),
    st.sampled_from(Side),
    st.integers(1, 600),  # lots
    st.booleans(),  # reduce only
)
steps = st.lists(
    st.one_of(
        orders,
        st.tuples(st.sampled_from(("AAA", "BBB")), st.integers(1_000, 30_000)),  # price in cents
        st.integers(1, 30),  # hours
    ),
    max_size=25,
)
Step = tuple[Instrument, Side, int, bool] | tuple[str, int] | int


def play(exchange: Exchange, script: Sequence[Step]) -> Iterator[None]:
    """Act the script out, yielding after each step; refusals are part of the game."""
    exchange.market.prints = [
        settled(perp.symbol, START + timedelta(hours=hour), f"0.00{hour % 3}7", f"{90 + hour}.37")
        for hour in range(7, 24 * 31, 8)
        for perp in (PERP, OTHER_PERP)
    ]
    for step in script:
        match step:
            case int(hours):
                exchange.pass_time(hours=hours)
            case (str(base), int(cents)):
                exchange.market.set_price(base, D(cents) / 100)
            case (instrument, side, lots, reduce_only):
                quantity = instrument.lot_step * lots
                with suppress(VenueRefused):
                    exchange.place(instrument, side, quantity, reduce_only=reduce_only)
        yield


def everything(exchange: Exchange) -> tuple[list[Fill], dict[str, Fraction]]:
    """All fills, and the balances of one who keeps plain cash books, without any rounding.

    A perpetual is booked as if it were bought and sold for cash; what it is then held at is for the
    reader to add.
    """
    account = exchange.venue
    fills = list(exchange.run(account.fills_since(START)))
    cash: dict[str, Fraction] = defaultdict(Fraction)
    cash["USDT"] += Fraction(RULES.starting_balance)
    for fill in fills:
        signed = Fraction(fill.quantity) * (1 if fill.side is Side.BUY else -1)
        cash["USDT"] -= signed * Fraction(fill.price)
        cash[fill.symbol.partition("/")[0] if fill.market is Market.SPOT else fill.symbol] += signed
        cash[fill.fee_coin] -= Fraction(fill.fee)
    for payment in exchange.run(account.funding_payments_since(START)):
        cash[payment.coin] += Fraction(payment.amount)
    return fills, cash


@given(steps)
def test_equity_is_what_plain_cash_books_say(script: list[Step]) -> None:
    exchange = Exchange(RULES)
    for _ in play(exchange, script):
        state = exchange.account()
        _, cash = everything(exchange)
        for coin in ("AAA", "BBB"):
            assert Fraction(state.total_of(coin)) == cash[coin]
            assert Fraction(state.perp_of(f"{coin}/USDT:USDT")) == cash[f"{coin}/USDT:USDT"]
        worth = cash["USDT"] + sum(
            amount * Fraction(exchange.market.prices[coin if ":" in coin else f"{coin}/USDT"])
            for coin, amount in cash.items()
            if coin != "USDT"
        )
        assert state.equity_usdt is not None
        assert Fraction(state.equity_usdt) == worth


@given(steps)
def test_the_wallet_is_what_the_ledger_books(script: list[Step]) -> None:
    exchange = Exchange(RULES)
    for _ in play(exchange, script):
        pass
    fills, _ = everything(exchange)
    transactions = [capital_transaction("start", "alpha", START, "USDT", RULES.starting_balance)]
    holdings: dict[str, PerpHolding] = defaultdict(PerpHolding)
    for fill in fills:
        realised = D(0)
        if fill.market is Market.PERP:
            holdings[fill.symbol], realised = holdings[fill.symbol].after(fill)
        transactions.append(fill_transaction(fill, None, realised))
    transactions += [
        funding_transaction(payment, None)
        for payment in exchange.run(exchange.venue.funding_payments_since(START))
    ]
    booked = {coin: amount for coin, amount in wallet_balances(transactions).items() if amount}
    state = exchange.account()
    assert booked == {one.coin: one.total for one in state.balances if one.total}


@given(steps)
def test_coins_are_never_sold_short_and_spot_never_spends_the_margin(script: list[Step]) -> None:
    exchange = Exchange(RULES)
    for _ in play(exchange, script):
        state = exchange.account()
        assert all(one.total >= 0 for one in state.balances if one.coin != "USDT")
        assert exchange.available() >= 0
        fills = exchange.run(exchange.venue.fills_since(exchange.clock.now()))
        if any(one.market is Market.SPOT and one.side is Side.BUY for one in fills):
            assert state.initial_margin_usdt is not None
            assert state.total_of("USDT") >= state.initial_margin_usdt


@given(steps, st.sets(st.integers(0, 25)))
def test_a_restart_goes_on_as_if_nothing_had_been(script: list[Step], lost: set[int]) -> None:
    calm, troubled = Exchange(RULES), Exchange(RULES)
    for number, _ in enumerate(
        zip(play(calm, script), play(troubled, script), strict=True), start=1
    ):
        if number in lost:
            troubled.restart()
            assert troubled.account() == calm.account()
    assert troubled.account() == calm.account()
    assert everything(troubled) == everything(calm)
    # A settlement nobody asked about may be booked later, but the same is booked.
    assert sorted(map(_without_time, troubled.records)) == sorted(map(_without_time, calm.records))


def _without_time(record: str) -> str:
    return record.partition('"payment"')[2] or record


@given(steps)
def test_fill_ids_are_unique_and_orders_can_be_looked_up(script: list[Step]) -> None:
    exchange = Exchange(RULES)
    for _ in play(exchange, script):
        pass
    fills, _ = everything(exchange)
    assert len({one.fill_id for one in fills}) == len(fills)
    for client_id in {one.client_id for one in fills}:
        report = exchange.run(exchange.venue.look_up(client_id))
        assert report is not None
        assert report.status in (OrderStatus.FILLED, OrderStatus.PARTIAL)
        assert list(report.fills) == [one for one in fills if one.client_id == client_id]


def test_opening_shorts_frees_no_money() -> None:
    exchange = Exchange(RULES)
    available = [exchange.available()]
    for _ in range(5):
        exchange.place(PERP, Side.SELL, "100")
        available.append(exchange.available())
    assert available == sorted(available, reverse=True)
    assert exchange.account().total_of("USDT") < RULES.starting_balance


def test_what_the_vault_refuses_has_not_happened() -> None:
    class FullVault(MemoryVault):
        full = False

        def append(self, records: Sequence[str]) -> None:
            if self.full:
                raise OSError("no space left")
            super().append(records)

    vault = FullVault()
    exchange = Exchange(RULES, vault=vault)
    before = exchange.account()
    vault.full = True
    with pytest.raises(OSError, match="no space"):
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert exchange.account() == before
    assert exchange.run(exchange.venue.look_up("a")) is None
    vault.full = False
    assert exchange.place(SPOT, Side.BUY, "1", "a").status is OrderStatus.FILLED


def test_the_account_lives_in_the_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'perpcarry.db'}"
    store = Store.open(url)
    exchange = Exchange(RULES, vault=store.vault("paper"))
    exchange.place(SPOT, Side.BUY, "1.5")
    exchange.place(PERP, Side.SELL, "1.5")
    before = exchange.account()
    store.close()
    again = Store.open(url)
    exchange.vault = again.vault("paper")
    exchange.restart()
    assert exchange.account() == before
    again.close()


def test_two_keepers_of_one_account_are_found_out(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'perpcarry.db'}")
    one = Exchange(RULES, vault=store.vault("paper"))
    other = Exchange(RULES, vault=store.vault("paper"))
    one.place(SPOT, Side.BUY, "1")
    with pytest.raises(StoreError):
        other.place(SPOT, Side.BUY, "1", "b")
    store.close()


@pytest.mark.parametrize("line", ["", "{}", '{"kind":"opened"}', '{"kind":"lost"}', "\x00"])
def test_a_vault_of_something_else_is_refused(line: str) -> None:
    vault = MemoryVault()
    vault.append([line])
    with pytest.raises(ValueError):
        Exchange(RULES, vault=vault)


def test_an_account_from_the_future_is_refused() -> None:
    exchange = Exchange(RULES)
    exchange.pass_time(days=1)
    exchange.place(SPOT, Side.BUY, "1")
    with pytest.raises(ValueError, match="last used at 2025-03-02 01:00 UTC"):
        PaperVenue(exchange.market, SimulatedClock(START), exchange.vault, RULES)


def test_sums_do_not_depend_on_the_precision_of_the_day() -> None:
    def balance() -> Decimal:
        exchange = Exchange(RULES)
        exchange.market.set_price("AAA", "100.12345678901")
        exchange.place(PERP, Side.SELL, "33.3")
        exchange.place(PERP, Side.BUY, "11.1", reduce_only=True)
        return exchange.account().total_of("USDT")

    usual = balance()
    with localcontext(getcontext(), prec=50):
        assert balance() == usual
