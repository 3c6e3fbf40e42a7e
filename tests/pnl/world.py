"""A PnL actor in virtual time between a naive exchange and a desk that trades by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from actors.domain.account import AccountState, Balance
from actors.domain.account import PerpHolding as StatedPerp
from actors.domain.exact import product, total
from actors.domain.holdings import PerpHolding
from actors.domain.instruments import Instrument, Market, Pair
from actors.domain.market import MarketSnapshot, PairMarket, Ticker
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.payments import FundingPayment
from actors.domain.positions import (
    EntryDecision,
    ExitDecision,
    Goal,
    Intent,
    Position,
    PositionState,
)
from actors.gateway.messages import (
    AccountFetched,
    FetchAccount,
    FetchFundingPayments,
    FundingPaymentsFetched,
)
from actors.journal.messages import RecordEvent
from actors.pnl.actor import PnlActor
from actors.pnl.messages import Book, FillsRecorded, GetBook, Marked, MarkToMarket, PnlReport
from actors.pnl.verify import Discrepancy, verify
from actors.runtime import Actor, ChildSpec, ReplyTo, SimulatedRuntime, SupervisorSpec
from actors.store import Store

START = datetime(2025, 1, 1, tzinfo=UTC)
D = Decimal
HOUR = timedelta(hours=1)
NOTHING, TAKER = D(0), D("0.001")
Mood = Literal["answers", "problem", "silent", "slow"]
SLOW = timedelta(seconds=10)


def pair(base: str) -> Pair:
    spot = Instrument(
        "alpha",
        f"{base}/USDT",
        Market.SPOT,
        base,
        "USDT",
        multiplier=D(1),
        lot_step=D("0.001"),
        min_quantity=D("0.001"),
        min_notional=D(5),
        tick_size=D("0.01"),
    )
    return Pair(spot, replace(spot, symbol=f"{base}/USDT:USDT", market=Market.PERP))


PAIRS = (pair("AAA"), pair("BBB"))


class Exchange:
    """An account that moves coins as an exchange would, and knows nothing of a ledger."""

    def __init__(self, wallet: dict[str, Decimal]) -> None:
        self.now: Callable[[], datetime] = lambda: START
        self.wallet = {"USDT": D(100_000)} | wallet
        self.perps: dict[str, PerpHolding] = {}
        self.payments: list[FundingPayment] = []
        self.mood: Mood = "answers"
        self.account_mood: Mood = "answers"
        self.posted_late: timedelta = timedelta()
        """How long after a settlement its payment shows up."""
        self.asked: list[datetime] = []
        self._fills = 0

    def trade(
        self,
        client_id: str,
        instrument: Instrument,
        side: Side,
        quantity: Decimal,
        price: Decimal,
        fee: Decimal = NOTHING,
        fee_coin: str = "USDT",
    ) -> Fill:
        self._fills += 1
        fill = Fill(
            "alpha",
            f"f{self._fills:05}",
            client_id,
            instrument.symbol,
            instrument.market,
            side,
            quantity,
            price,
            fee,
            fee_coin,
            self.now(),
        )
        if instrument.market is Market.SPOT:
            signed = quantity if side is Side.BUY else quantity.copy_negate()
            self._move(instrument.base, signed)
            self._move("USDT", product(signed, price).copy_negate())
        else:
            held = self.perps.get(instrument.symbol, PerpHolding())
            self.perps[instrument.symbol], realised = held.after(fill)
            self._move("USDT", realised)
        self._move(fee_coin, fee.copy_negate())
        return fill

    def pay(self, symbol: str, rate: Decimal, mark: Decimal) -> FundingPayment | None:
        """Settle one symbol now, once in an instant; nothing where nothing is held."""
        held = self.perps.get(symbol, PerpHolding()).quantity
        settled = any(one.symbol == symbol and one.at == self.now() for one in self.payments)
        if settled or not held:
            return None
        amount = product(product(held.copy_negate(), mark), rate)
        at = self.now()
        payment = FundingPayment(
            "alpha", f"{symbol}@{at.isoformat()}", symbol, at, amount, "USDT", rate, held, mark
        )
        self.payments.append(payment)
        self._move("USDT", amount)
        return payment

    def account(self) -> AccountState:
        at = self.now()
        return AccountState(
            "alpha",
            at,
            balances=tuple(Balance(coin, amount) for coin, amount in self.wallet.items()),
            perps=tuple(
                StatedPerp(symbol, one.quantity, one.entry_price or D(0), None, None, None)
                for symbol, one in self.perps.items()
                if one.quantity
            ),
            equity_usdt=None,
            available_usdt=self.wallet["USDT"],
            initial_margin_usdt=D(0),
            maintenance_margin_usdt=D(0),
            margin_ratio=None,
        )

    def payments_since(self, since: datetime) -> tuple[FundingPayment, ...]:
        shown = self.now() - self.posted_late
        return tuple(one for one in self.payments if since < one.at <= shown)

    def _move(self, coin: str, amount: Decimal) -> None:
        self.wallet[coin] = total(self.wallet.get(coin, D(0)), amount)


@dataclass(frozen=True)
class Late:
    """What was true when it was asked for, and is said only now."""

    asker: ReplyTo
    answer: FundingPaymentsFetched


class ExchangeGateway(Actor):
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def receive(self, message: Any) -> None:
        exchange = self._exchange
        match message:
            case FetchAccount(request_id):
                if exchange.account_mood == "answers":
                    self.context.reply(AccountFetched(request_id, exchange.account()))
                elif exchange.account_mood == "problem":
                    self.context.reply(AccountFetched(request_id, None, "maintenance"))
                else:
                    self.context.keep_reply()
            case FetchFundingPayments(since):
                exchange.asked.append(since)
                if exchange.mood == "answers":
                    payments = exchange.payments_since(since)
                    self.context.reply(FundingPaymentsFetched(since, payments))
                elif exchange.mood == "problem":
                    self.context.reply(FundingPaymentsFetched(since, (), "maintenance"))
                elif exchange.mood == "slow":
                    answer = FundingPaymentsFetched(since, exchange.payments_since(since))
                    self.context.after(str(since), SLOW, Late(self.context.keep_reply(), answer))
                else:
                    self.context.keep_reply()
            case Late(asker, late_answer):
                asker.answer(late_answer)


class Listener(Actor):
    def __init__(self, heard: list[Any]) -> None:
        self._heard = heard

    def receive(self, message: Any) -> None:
        self._heard.append(message)


class World:
    """The desk trades at once and by its own word; the PnL actor has to follow."""

    def __init__(self, seed: int = 1, account_mood: Mood = "answers", **coins: str) -> None:
        """``coins``: what the account holds at first; 100,000 USDT if nothing is said."""
        self.store = Store.open("sqlite://", installation_id="test")
        self.exchange = Exchange({coin: D(amount) for coin, amount in coins.items()})
        self.exchange.account_mood = account_mood
        self.told: list[Any] = []
        self.prices: dict[str, Decimal | None] = {"AAA": D(100), "BBB": D(7)}
        self.cycle = 0
        self._seed = seed
        self.runtime = SimulatedRuntime(START, seed)
        self._positions: dict[str, Position] = {}
        self._orders = 0
        self._boot()

    def _boot(self) -> None:
        self.exchange.now = self.runtime.clock.now
        runtime, told = self.runtime, self.told
        self.runtime.start(
            SupervisorSpec(
                "root",
                children=(
                    ChildSpec("gateway", lambda: ExchangeGateway(self.exchange)),
                    ChildSpec("views", lambda: Listener(told)),
                    ChildSpec("journal", lambda: Listener(told)),
                    ChildSpec(
                        "pnl",
                        lambda: PnlActor(
                            self.store,
                            runtime.address("root/gateway"),
                            runtime.address("root/views"),
                            runtime.address("root/journal"),
                        ),
                    ),
                ),
                max_restarts=1000,
            )
        )
        self.runtime.run_until_idle()

    def lose_process(self) -> None:
        """The process dies without a word, and another one starts on the same store."""
        self.runtime.lose_process()
        self._seed += 1
        self.runtime = SimulatedRuntime(self.runtime.now, self._seed)
        self._boot()

    def crash(self) -> None:
        self.runtime.crash("root/pnl")
        self.runtime.run_until_idle()

    def pass_time(self, span: timedelta) -> None:
        self.runtime.run_for(span)

    # --- the desk ---

    def begin(self, which: Pair = PAIRS[0], quantity: str = "1") -> str:
        """A position is on record, nothing is sent yet."""
        with self.store.transaction() as tx:
            number = tx.positions.next_number(which.key)
            position = Position(
                id=f"{which.key}#{number}",
                pair=which,
                goal=Goal.HELD,
                state=PositionState.OPENING,
                target_quantity=D(quantity),
                created_at=self.runtime.now,
                entry=EntryDecision(self.runtime.now, "carry", D(100), D(100), D(3), D(1), ()),
            )
            tx.positions.save(position)
        self._positions[position.id] = position
        return position.id

    def send(self, position_id: str, leg: Leg, side: Side, quantity: Decimal) -> Intent:
        """An order on record whose outcome is not known yet."""
        self._orders += 1
        intent = Intent(
            client_id=f"c{self._orders:03}",
            position_id=position_id,
            leg=leg,
            action=OrderAction.OPEN,
            attempt=self._orders,
            side=side,
            quantity=quantity,
            reduce_only=False,
            intended_at=self.runtime.now,
        )
        with self.store.transaction() as tx:
            tx.positions.add_intents([intent])
        return intent

    def fill(
        self,
        intent: Intent,
        price: Decimal,
        fee_rate: Decimal = TAKER,
        fee_coin: str | None = None,
    ) -> Fill:
        """The exchange fills it; nobody has told us."""
        which = self._positions[intent.position_id].pair
        instrument = which.long if intent.leg is Leg.SPOT else which.short
        coin = fee_coin or "USDT"
        fee = product(intent.quantity, fee_rate)
        if coin == "USDT":
            fee = product(fee, price)
        return self.exchange.trade(
            intent.client_id, instrument, intent.side, intent.quantity, price, fee, coin
        )

    def resolve(self, intent: Intent, fills: Sequence[Fill], tell: bool = True) -> None:
        """The outcome becomes known."""
        status = OrderStatus.FILLED if fills else OrderStatus.REJECTED
        outcome = replace(intent, status=status, fills=tuple(fills), resolved_at=self.runtime.now)
        with self.store.transaction() as tx:
            tx.positions.resolve_intent(outcome)
        if tell:
            self.runtime.address("root/pnl").tell(FillsRecorded(intent.position_id))
            self.runtime.run_until_idle()

    def trade(
        self,
        position_id: str,
        leg: Leg,
        side: Side,
        quantity: str | Decimal,
        price: str | Decimal,
        fee_rate: str | Decimal = "0.001",
        fee_coin: str | None = None,
    ) -> None:
        intent = self.send(position_id, leg, side, D(quantity))
        self.resolve(intent, [self.fill(intent, D(price), D(fee_rate), fee_coin)])

    def stands(self, position_id: str) -> None:
        self._save(position_id, state=PositionState.OPEN, opened_at=self.runtime.now)

    def leave(self, position_id: str, price: str | Decimal = "100") -> None:
        decision = ExitDecision(self.runtime.now, D(price), D(price), ())
        self._save(position_id, goal=Goal.FLAT, state=PositionState.CLOSING, exit=decision)

    def close(self, position_id: str, tell: bool = True) -> None:
        self._save(position_id, state=PositionState.FLAT, closed_at=self.runtime.now)
        if tell:
            self.runtime.address("root/pnl").tell(FillsRecorded(position_id))
            self.runtime.run_until_idle()

    def hedge(self, which: Pair = PAIRS[0], quantity: str = "1", price: str = "100") -> str:
        """A whole position, opened in an instant; the spot fee is taken in base coins."""
        position_id = self.begin(which, quantity)
        base = which.long.base
        self.trade(position_id, Leg.SPOT, Side.BUY, quantity, price, "0.001", base)
        self.trade(position_id, Leg.PERP, Side.SELL, quantity, price)
        self.stands(position_id)
        return position_id

    def unhedge(self, position_id: str, price: str = "101") -> None:
        """Buy the short back and sell the spot that is left, down to a lot."""
        which = self._positions[position_id].pair
        self.leave(position_id, price)
        short = self.exchange.perps[which.short.symbol].quantity.copy_negate()
        held = which.long.floor_quantity(self.exchange.wallet[which.long.base])
        self.trade(position_id, Leg.PERP, Side.BUY, short, price)
        self.trade(position_id, Leg.SPOT, Side.SELL, held, price)
        self.close(position_id)

    def settle(self, which: Pair = PAIRS[0], rate: str = "0.0001") -> FundingPayment | None:
        return self.exchange.pay(which.short.symbol, D(rate), self.prices[which.long.base] or D(1))

    def _save(self, position_id: str, **changes: Any) -> None:
        position = self._positions[position_id] = replace(self._positions[position_id], **changes)
        with self.store.transaction() as tx:
            tx.positions.save(position)

    # --- what it is asked, and what it says ---

    def snapshot(self, account: bool = True) -> MarketSnapshot:
        self.cycle += 1
        now = self.runtime.now
        return MarketSnapshot(
            self.cycle,
            now,
            tuple(self._market(one, now) for one in PAIRS),
            self.exchange.account() if account else None,
        )

    def _market(self, which: Pair, now: datetime) -> PairMarket:
        price = self.prices[which.long.base]

        def ticker(instrument: Instrument) -> Ticker | None:
            if price is None:
                return None
            return Ticker(instrument.symbol, instrument.market, None, None, price, D(10**6), now)

        return PairMarket(which, ticker(which.long), ticker(which.short), None, None)

    def mark(self, snapshot: MarketSnapshot | None = None) -> Marked:
        """A cycle's marking, through to its answer."""
        message = MarkToMarket(snapshot or self.snapshot())
        answer = self.runtime.ask("root/pnl", message, timedelta(minutes=2))
        assert isinstance(answer, Marked)
        self.runtime.run_until_idle()
        return answer

    def book(self) -> Book:
        answer = self.runtime.ask("root/pnl", GetBook(), timedelta(seconds=1))
        assert isinstance(answer, Book)
        return answer

    @property
    def reports(self) -> list[PnlReport]:
        return [one for one in self.told if isinstance(one, PnlReport)]

    @property
    def events(self) -> list[str]:
        return [one.event.kind for one in self.told if isinstance(one, RecordEvent)]

    def discrepancies(self) -> list[Discrepancy]:
        with self.store.reading() as tx:
            return verify(tx, self.exchange.account())
