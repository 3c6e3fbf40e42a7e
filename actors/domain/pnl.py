"""What a position earned: price, funding and fees by leg, to the last digit.

The sum is what the account really gained: for a closed position, net equals every quote coin that
came in less every one that went out, plus the coins left over valued at the exit price.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actors.domain.exact import ZERO, product, share, total, total_of
from actors.domain.payments import FundingPayment
from actors.domain.position_book import PositionBook, Tally, book_of
from actors.domain.positions import Position
from actors.domain.results import ClosedTrade, OpenPositionPnl, PnlSplit

CoinPrices = tuple[tuple[str, Decimal], ...]
"""USDT per coin, for fees and funding that are neither in base nor in quote."""


class UnknownPrice(ValueError):
    """A fee or payment came in a coin whose price is not known; what it cost cannot be said yet."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Prices to value an open position at, quote per base coin; None = not known now."""

    spot: Decimal | None
    perp: Decimal | None
    coins: CoinPrices = ()


def position_pnl(
    position: Position, payments: Sequence[FundingPayment], marks: Marks
) -> OpenPositionPnl:
    """An open position at ``marks``; ``total`` is None, with the reason, while a price misses."""
    prices = dict(marks.coins)
    book = book_of(position, prices)
    funding, unpriced = funding_usdt(payments, book.pair.short.quote, prices)
    return open_pnl(position, book, funding, marks, unpriced)


def open_pnl(
    position: Position,
    book: PositionBook,
    funding: Decimal,
    marks: Marks,
    unpriced_funding: tuple[str, ...] = (),
) -> OpenPositionPnl:
    """As :func:`position_pnl`, for who keeps the folded book and the funding received so far."""
    missing = [f"no price for {coin}" for coin in (*book.unpriced_coins, *unpriced_funding)]
    if book.spot.quantity and marks.spot is None:
        missing.append(f"no price for {position.pair.long.symbol}")
    if book.perp.quantity and marks.perp is None:
        missing.append(f"no price for {position.pair.short.symbol}")
    realised = _split(book, funding)
    return OpenPositionPnl(
        position_id=position.id,
        pair_key=position.pair.key,
        spot_quantity=book.spot.quantity,
        perp_quantity=book.perp.quantity,
        delta=total(book.spot.quantity, book.perp.quantity),
        entry_spot_price=book.spot.entry_price,
        entry_perp_price=book.perp.entry_price,
        mark_spot_price=marks.spot,
        mark_perp_price=marks.perp,
        notional_usdt=book.spot.cost if book.spot.quantity else None,
        opened_at=position.opened_at,
        realised=realised,
        total=None if missing else _marked(book, funding, marks),
        missing=tuple(missing),
    )


def closed_trade(
    position: Position, payments: Sequence[FundingPayment], coins: CoinPrices = ()
) -> ClosedTrade | None:
    """The finished round trip; None where nothing was ever filled.

    Coins left over are valued at the average exit price (the average entry price where nothing was
    sold). Raises ValueError for a position that is not closed or still holds perpetuals, and
    :class:`UnknownPrice` for a fee or payment in a coin without a price.
    """
    if position.closed_at is None:
        raise ValueError(f"{position.id} is not closed")
    prices = dict(coins)
    book = book_of(position, prices)
    if book.perp.quantity:
        raise ValueError(f"{position.id} is closed but holds {book.perp.quantity} perpetuals")
    funding, unpriced = funding_usdt(payments, book.pair.short.quote, prices)
    if book.unpriced_coins or unpriced:
        raise UnknownPrice(
            f"{position.id}: no price for {', '.join((*book.unpriced_coins, *unpriced))}"
        )
    opened = book.spot_bought if book.spot_bought.quantity else book.perp_sold
    if not opened.quantity:
        return None
    quantity = book.largest_hedge or opened.quantity
    exit_spot_price = book.spot_sold.average_price
    dust_price = exit_spot_price or book.spot_bought.average_price
    return ClosedTrade(
        position_id=position.id,
        pair_key=position.pair.key,
        spot_symbol=position.pair.long.symbol,
        perp_symbol=position.pair.short.symbol,
        entry_at=position.opened_at or position.created_at,
        exit_at=position.closed_at,
        quantity=quantity,
        notional_usdt=_notional(opened, quantity),
        entry_spot_price=book.spot_bought.average_price,
        entry_perp_price=book.perp_sold.average_price,
        exit_spot_price=exit_spot_price,
        exit_perp_price=book.perp_bought.average_price,
        pnl=_marked(book, funding, Marks(dust_price, None)),
        dust_quantity=book.spot.quantity,
        failed_open=position.opened_at is None,
        exit_reasons=() if position.exit is None else position.exit.reasons,
    )


def funding_usdt(
    payments: Iterable[FundingPayment], quote: str, prices: Mapping[str, Decimal]
) -> tuple[Decimal, tuple[str, ...]]:
    """Payments summed in quote coins (+ = received), and the coins that have no price."""
    unpriced = set()
    amounts = []
    for payment in payments:
        price = Decimal(1) if payment.coin == quote else prices.get(payment.coin)
        if price is None:
            unpriced.add(payment.coin)
        else:
            amounts.append(product(payment.amount, price))
    return total_of(amounts), tuple(sorted(unpriced))


def _split(book: PositionBook, funding: Decimal) -> PnlSplit:
    return PnlSplit(
        spot_price=book.spot_realised,
        perp_price=book.perp_realised,
        funding=funding,
        fees_spot=book.spot_fees,
        fees_perp=book.perp_fees,
        slippage=book.slippage,
    )


def _marked(book: PositionBook, funding: Decimal, marks: Marks) -> PnlSplit:
    spot = book.spot.unrealised(marks.spot) if marks.spot is not None else ZERO
    perp = book.perp.unrealised(marks.perp) if marks.perp is not None else ZERO
    return PnlSplit(
        spot_price=total(book.spot_realised, spot),
        perp_price=total(book.perp_realised, perp),
        funding=funding,
        fees_spot=book.spot_fees,
        fees_perp=book.perp_fees,
        slippage=book.slippage,
    )


def _notional(opened: Tally, quantity: Decimal) -> Decimal:
    return share(opened.value, min(quantity, opened.quantity), opened.quantity)
