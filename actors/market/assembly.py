"""Putting a cycle's snapshot together from what the gateway fetched."""

from collections.abc import Iterable, Mapping

from actors.domain.funding import FundingRate
from actors.domain.instruments import Market, Pair
from actors.domain.market import MarketSnapshot, PairMarket, Ticker
from actors.gateway.messages import MarketFetched
from actors.market.history import FundingHistory

NOT_READ = FundingHistory()


def assembled(
    fetched: MarketFetched, pairs: Iterable[Pair], histories: Mapping[str, FundingHistory]
) -> MarketSnapshot:
    """One picture of all pairs. What the venue did not say stays absent, with the reason."""
    tickers = {(one.symbol, one.market): one for one in fetched.tickers}
    rates = {one.symbol: one for one in fetched.rates}
    seen = tuple(
        _pair_market(
            pair,
            tickers.get((pair.long.symbol, Market.SPOT)),
            tickers.get((pair.short.symbol, Market.PERP)),
            rates.get(pair.short.symbol),
            histories.get(pair.short.symbol, NOT_READ),
        )
        for pair in pairs
    )
    return MarketSnapshot(fetched.cycle, fetched.at, seen, fetched.account, fetched.problems)


def _pair_market(
    pair: Pair,
    spot: Ticker | None,
    perp: Ticker | None,
    funding: FundingRate | None,
    history: FundingHistory,
) -> PairMarket:
    missing = []
    for ticker, symbol in ((spot, pair.long.symbol), (perp, pair.short.symbol)):
        if ticker is None:
            missing.append(f"no ticker for {symbol}")
        elif ticker.bid is None or ticker.ask is None:
            missing.append(f"no bid or ask for {symbol}")
    if funding is None:
        missing.append(f"no funding rate for {pair.short.symbol}")
    elif funding.rate_8h is None:
        missing.append(f"funding rate of {pair.short.symbol} without rate or interval")
    if history.signal is None:
        read = history.read_until is not None
        missing.append("no settled funding yet" if read else "funding history not read yet")
    return PairMarket(
        pair,
        spot,
        perp,
        funding,
        history.signal,
        history.recent,
        tuple(missing),
        history.settled,
    )
