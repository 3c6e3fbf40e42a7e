"""The paper exchange behind the venue port."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO, product
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument
from actors.domain.market import Depth, Ticker
from actors.domain.orders import Fill, OrderReport, OrderRequest, OrderStatus
from actors.domain.payments import FundingPayment
from actors.domain.terms import FeeRates
from actors.runtime import Clock
from actors.venues.paper import funding, liquidation, matching, statement
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.chance import draw
from actors.venues.paper.faults import Fault, FaultPlan
from actors.venues.paper.records import Opened, Record, from_line, to_line, traded
from actors.venues.paper.rules import PaperRules
from actors.venues.paper.vault import Vault
from actors.venues.port import MarketData, VenueDown, VenueError, VenueRefused


class PaperVenue:
    """A whole Venue over any market data: real quotes, invented money, no keys.

    The vault holds the account: a venue made anew over the same vault goes on with it, and an empty
    one is opened with the starting balance. What is not in the vault has not happened. A settlement
    in the same instant as a fill comes first. Nothing suspends but ``clock.sleep_until`` and the
    market data. Raises ValueError where the vault holds no paper account, or one from the future.
    """

    def __init__(
        self,
        market: MarketData,
        clock: Clock,
        vault: Vault,
        rules: PaperRules | None = None,
        misbehaviour: FaultPlan | None = None,
    ) -> None:
        self.name = market.name
        self.rules = rules or PaperRules()
        self.faults = misbehaviour or FaultPlan()
        self._market = market
        self._clock = clock
        self._vault = vault
        self._instruments: dict[str, Instrument] = {}
        self._marks: dict[str, Decimal] = {}
        self._priced_by: Sequence[Ticker] | None = None
        self._frozen: tuple[datetime, Sequence[Ticker]] | None = None
        self._account = PaperAccount(from_line(line) for line in vault.read())
        now, used_at = clock.now(), self._account.last_at
        if used_at is None:
            self._book(Opened(now, self.rules.quote, self.rules.starting_balance))
        elif used_at > now + _SMALL_STEP_BACK:
            raise ValueError(
                f"the paper account was last used at {used_at:%Y-%m-%d %H:%M} UTC, later than now"
            )
        self._seen_until = used_at or now

    # --- the public side ---

    async def instruments(self) -> Sequence[Instrument]:
        self._check_up()
        return await self._market.instruments()

    async def tickers(self) -> Sequence[Ticker]:
        self._check_up()
        now = self._clock.now()
        tickers = await self._market.tickers()
        if stale := self.faults.lasting(Fault.STALE_TICKERS, now):
            if self._frozen is None or self._frozen[0] != stale.start:
                old = (replace(one, as_of=min(one.as_of, stale.start)) for one in tickers)
                self._frozen = stale.start, tuple(old)
            tickers = self._frozen[1]
        if missing := self.faults.missing_tickers([one.symbol for one in tickers], now):
            tickers = tuple(one for one in tickers if one.symbol not in missing)
        return tickers

    async def funding_rates(self) -> Sequence[FundingRate]:
        self._check_up()
        return await self._market.funding_rates()

    async def depth(self, instrument: Instrument) -> Depth:
        self._check_up()
        return await self._market.depth(instrument)

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        self._check_up()
        return await self._market.funding_history(instrument, since, until)

    # --- the account ---

    async def place(self, order: OrderRequest) -> OrderReport:
        """Fills against the book as it is when the order arrives; the rest is cancelled."""
        sent_at = self._clock.now()
        fault = self.faults.for_order(order.client_id, order.instrument.symbol, sent_at)
        await self._travel(order.client_id, "there")
        self._check_up()
        if fault is Fault.REJECT:
            self._note(fault, order.client_id)
            raise VenueRefused("other", "refused by a fault plan")
        if fault is Fault.TIME_OUT_BEFORE:
            self._note(fault, order.client_id)
            await self._time_out(sent_at, order.client_id)
        await self._catch_up()
        depth = await self._market.depth(order.instrument)
        # From here to the booking nothing suspends: what was checked still holds when it is booked.
        answer = self._execute(order, depth, fault)
        if fault in (Fault.TIME_OUT_AFTER, Fault.BLIND):
            await self._time_out(sent_at, order.client_id)
        await self._travel(order.client_id, "back")
        self._check_up()  # an outage that began since then swallows the answer
        return self._repeated(answer) if fault is Fault.REPEAT else answer

    async def look_up(self, client_id: str) -> OrderReport | None:
        fault = await self._ask("look_up")
        order = self._account.orders.get(client_id)
        report = None if order is None else statement.report(order, self._clock.now())
        return self._repeated(report) if report and fault is Fault.REPEAT else report

    async def account(self) -> AccountState:
        await self._ask("account")
        return statement.state(
            self._account,
            self._instruments,
            self._marks,
            self.rules,
            self.name,
            self._clock.now(),
        )

    async def fills_since(self, since: datetime) -> Sequence[Fill]:
        """Also what the exchange closed on its own. A fill at ``since`` is included."""
        fault = await self._ask("fills_since")
        fills = statement.visible_fills(self._account, since, self._clock.now())
        if fills and fault is Fault.REPEAT:
            self._note(fault, "fills_since")
            return fills * 2
        return fills

    async def funding_payments_since(self, since: datetime) -> Sequence[FundingPayment]:
        fault = await self._ask("funding_payments_since")
        payments = statement.payments_since(self._account, since)
        if payments and fault is Fault.REPEAT:
            self._note(fault, "funding_payments_since")
            return payments * 2
        return payments

    async def fee_rates(self) -> FeeRates | None:
        await self._ask("fee_rates")
        return self.rules.fees

    async def close(self) -> None:
        """Nothing is held open."""

    # --- what happens there ---

    def _execute(self, order: OrderRequest, depth: Depth, fault: Fault | None) -> OrderReport:
        now, account = self._clock.now(), self._account
        listed = self._instruments.get(order.instrument.symbol)
        most = None
        if fault is Fault.PARTIAL and listed is not None:
            part = self.faults.part(order.client_id)
            most = listed.floor_quantity(product(order.quantity, part))
        executions = matching.match(order, listed, depth, account, self._marks, self.rules, most)
        number = account.next_order
        fills = tuple(
            Fill(
                venue=self.name,
                fill_id=f"{number}-{n}",
                client_id=order.client_id,
                symbol=order.instrument.symbol,
                market=order.instrument.market,
                side=order.side,
                quantity=one.quantity,
                price=one.price,
                fee=one.fee,
                fee_coin=one.fee_coin,
                at=now,
            )
            for n, one in enumerate(executions, start=1)
        )
        record = traded(
            now, number, order.client_id, order.instrument, order.side, order.quantity, fills
        )
        if fault is Fault.ANSWER_LATE:
            record = replace(record, visible_at=now + self.faults.times.late)
        elif fault is Fault.BLIND:
            record = replace(record, visible_at=now + self.faults.times.blind, known_before=False)
        self._book(record)
        if fault is not None and fault is not Fault.REPEAT:
            self._note(fault, order.client_id)
        answer = statement.report(record, now)
        # The answer to a blind order is never delivered.
        return answer or OrderReport(order.client_id, None, OrderStatus.UNKNOWN, ())

    async def _catch_up(self) -> None:
        """Book what is due on the clock: funding, then ADL, then liquidation."""
        if not self._instruments:
            self._instruments = {one.symbol: one for one in await self._market.instruments()}
        watched = sorted((symbol, one.since) for symbol, one in self._account.watches.items())
        prints = {symbol: await self._settled(symbol, since) for symbol, since in watched}
        tickers = await self._market.tickers()
        if tickers is not self._priced_by:
            self._marks = {one.symbol: one.mark for one in tickers if one.mark is not None}
            self._priced_by = tickers
        # From here on nothing suspends.
        now = self._clock.now()
        self._book(*funding.due(self._account, prints, self._marks, self.name, now))
        funding.forget_closed(self._account, prints, now)
        self._adl(now)
        self._book(
            *liquidation.liquidate(
                self._account, self._instruments, self._marks, self.rules, self.name, now
            )
        )
        self._seen_until = now

    async def _settled(self, symbol: str, since: datetime) -> Sequence[FundingPrint]:
        """None of a perpetual that is not traded any more: the others' are due all the same."""
        listed = self._instruments.get(symbol)
        if listed is None:
            return ()
        try:
            return await self._market.funding_history(listed, since, self._clock.now())
        except VenueRefused as refusal:
            if refusal.code != "closed_symbol":
                raise
            return ()

    def _adl(self, now: datetime) -> None:
        for symbol in sorted(self._account.perps):
            mark = self._marks.get(symbol)
            if mark is None or not self.faults.adl(symbol, self._seen_until, now):
                continue
            number = self._account.next_order
            client_id = f"adl-{number}"
            instrument, held = self._instruments[symbol], abs(self._account.perp(symbol).quantity)
            part = self.faults.part(symbol, now)
            wanted = held if part > Decimal("0.5") else product(held, part)
            quantity = max(instrument.floor_quantity(wanted), min(held, instrument.lot_step))
            close = liquidation.ForcedClose(instrument, quantity, ZERO, client_id, "ADL")
            self._note(Fault.ADL, client_id)
            self._book(
                liquidation.close_at_mark(self._account, close, mark, number, self.name, now)
            )

    def _book(self, *records: Record) -> None:
        if records:
            self._vault.append([to_line(record) for record in records])
            for record in records:
                self._account.apply(record)

    # --- the way there and back ---

    async def _ask(self, call: str) -> Fault | None:
        sent_at = self._clock.now()
        fault = self.faults.for_query(call, sent_at)
        await self._travel(call, sent_at)
        self._check_up()
        await self._catch_up()
        if fault is Fault.LOSE_ANSWER:
            self._note(fault, call)
            await self._time_out(sent_at, call)
        return fault

    def _repeated(self, report: OrderReport) -> OrderReport:
        if report.fills:
            self._note(Fault.REPEAT, report.client_id)
        return replace(report, fills=report.fills * 2)

    def _note(self, fault: Fault, what: str) -> None:
        self.faults.note(fault, self._clock.now(), what)

    async def _travel(self, *what: object) -> None:
        rules = self.rules
        if rules.latency:
            longer = 1.0
            if rules.latency_jitter:
                longer += rules.latency_jitter * draw(self.faults.seed, "way", *what)
            await self._clock.sleep_until(self._clock.now() + rules.latency * longer)

    async def _time_out(self, sent_at: datetime, what: str) -> None:
        waited: timedelta = self.faults.times.time_out
        await self._clock.sleep_until(sent_at + waited)
        raise VenueError(f"{self.name}: no answer to {what} within {waited.total_seconds():g} s")

    def _check_up(self) -> None:
        if outage := self.faults.lasting(Fault.DOWN, self._clock.now()):
            raise VenueDown(f"{self.name} is down since {outage.start:%Y-%m-%d %H:%M} UTC")


_SMALL_STEP_BACK = timedelta(minutes=1)
"""Clocks are set right now and then."""
