"""Funding on paper: every settlement crossed is paid once, on what was held when it came."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from actors.domain.funding import FundingPrint, payment_usdt
from actors.domain.payments import FundingPayment
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.margin import Marks
from actors.venues.paper.matching import round_quote
from actors.venues.paper.records import Funded


def due(
    account: PaperAccount,
    prints: Mapping[str, Sequence[FundingPrint]],
    marks: Marks,
    venue: str,
    now: datetime,
) -> tuple[Funded, ...]:
    """The payments for prints (by symbol) that are settled by ``now`` and not paid yet.

    In the order of time. A perpetual held through a settlement without any known mark price waits,
    with all its later settlements, until there is one: it is not paid on a guess and not forgotten.
    """
    payments: list[FundingPayment] = []
    for symbol in sorted(prints):
        watch = account.watches.get(symbol)
        if watch is None:
            continue
        for one in sorted(prints[symbol], key=lambda one: one.at):
            if not watch.since < one.at <= now:
                continue
            held = watch.held_at(one.at)
            if held == 0:
                continue
            mark = marks.get(symbol) if one.mark_price is None else one.mark_price
            if mark is None:
                break
            payments.append(
                FundingPayment(
                    venue=venue,
                    payment_id=f"{symbol}@{one.at:%Y-%m-%dT%H:%M:%SZ}",
                    symbol=symbol,
                    at=one.at,
                    amount=round_quote(payment_usdt(-held, mark, one.rate)),
                    coin=symbol.partition(":")[2],
                    rate=one.rate,
                    quantity=held,
                    mark_price=mark,
                )
            )
    payments.sort(key=lambda one: (one.at, one.symbol))
    return tuple(Funded(at=now, payment=payment) for payment in payments)


def forget_closed(
    account: PaperAccount, prints: Mapping[str, Sequence[FundingPrint]], now: datetime
) -> None:
    """Stop watching perpetuals that were closed long enough ago, unless something is still due."""
    for symbol, watch in list(account.watches.items()):
        unpaid = (one for one in prints.get(symbol, ()) if watch.since < one.at <= now)
        if watch.is_over(now) and not any(watch.held_at(one.at) for one in unpaid):
            del account.watches[symbol]
