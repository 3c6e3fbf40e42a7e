"""Pairs from instruments, and the snapshot's honesty about what is missing."""

from dataclasses import replace
from decimal import Decimal

from actors.domain.terms import CarryTerms
from actors.gateway.messages import MarketFetched
from actors.market.assembly import assembled
from actors.market.history import FundingHistory
from actors.market.pairing import pairs_of
from tests.builders import NOON, account, funding, pair, perp, settled, spot, ticker


def test_pairs_need_both_sides_of_one_venue() -> None:
    elsewhere = spot("ETH", venue="bybit")
    found = pairs_of([spot("BTC"), perp("BTC"), perp("ETH"), elsewhere, spot("SOL")])
    assert [one.key for one in found] == ["BTC-USDT"]


def test_a_thousand_coin_contract_pairs_with_its_coin() -> None:
    contract = perp("PEPE", symbol="1000PEPE/USDT:USDT", multiplier=Decimal(1000))
    (found,) = pairs_of([spot("PEPE"), contract])
    assert (found.key, found.long.symbol) == ("PEPE-USDT", "PEPE/USDT")


def fetched(**changes: object) -> MarketFetched:
    both = pair()
    plain = MarketFetched(
        7, "binance", NOON, (ticker(both.long), ticker(both.short)), (funding(),), account()
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_full_answer_leaves_nothing_missing() -> None:
    history = FundingHistory().folded([settled(NOON)], NOON, CarryTerms())
    seen = assembled(fetched(), [pair()], {"BTC/USDT:USDT": history})
    assert seen.cycle == 7
    assert seen.pairs[0].missing == ()
    assert seen.pairs[0].signal == history.signal
    assert seen.pairs[0].settled is history.settled  # handed on, not copied


def test_what_the_venue_did_not_say_is_absent_with_its_reason() -> None:
    half = replace(ticker(pair().short), ask=None)
    seen = assembled(fetched(tickers=(half,), rates=()), [pair()], {})
    (one,) = seen.pairs
    assert one.spot is None
    assert one.funding is None
    assert one.signal is None
    assert one.missing == (
        "no ticker for BTC/USDT",
        "no bid or ask for BTC/USDT:USDT",
        "no funding rate for BTC/USDT:USDT",
        "funding history not read yet",
    )


def test_one_bad_ticker_does_not_stop_the_others() -> None:
    eth = pair("ETH")
    tickers = (ticker(eth.long), ticker(eth.short))
    seen = assembled(fetched(tickers=tickers), [pair(), eth], {})
    assert [len(one.missing) for one in seen.pairs] == [3, 2]
    assert seen.pairs[1].spot is not None
