"""The market actor: one immutable snapshot a cycle, and each pair's funding history."""

from datetime import timedelta
from typing import Any

from actors.domain.instruments import Instrument, Pair
from actors.domain.market import MarketSnapshot
from actors.domain.terms import CarryTerms
from actors.gateway.messages import (
    FetchFundingHistory,
    FetchInstruments,
    FetchMarket,
    FundingHistoryFetched,
    InstrumentsFetched,
    MarketFetched,
)
from actors.market.assembly import NOT_READ, assembled
from actors.market.history import FundingHistory
from actors.market.messages import GetPairs, PairsKnown, SnapshotTaken, TakeSnapshot
from actors.market.pairing import pairs_of
from actors.runtime import Actor, Address, Refused, ReplyTo

RETRY = timedelta(seconds=15)
"""Pause before a question that the venue did not answer is asked again."""

RETRY_HISTORY = timedelta(minutes=5)


class MarketActor(Actor):
    """Owns no durable state: all it knows, the venue tells it again after a restart."""

    def __init__(self, gateway: Address, carry: CarryTerms, history: timedelta) -> None:
        """``history``: how far back the funding history is read, at least some slow half-lives."""
        self._gateway = gateway
        self._carry = carry
        self._history_span = history
        self._pairs: tuple[Pair, ...] | None = None
        self._histories: dict[str, FundingHistory] = {}
        self._asked: set[str] = set()
        self._snapshots: dict[int, ReplyTo] = {}
        self._want_pairs: list[ReplyTo] = []

    def started(self) -> None:
        self._ask(FetchInstruments())

    def receive(self, message: Any) -> None:
        match message:
            case TakeSnapshot(cycle):
                asker = self.context.keep_reply_if_asked()
                if asker is None:  # told again after a crash: nobody waits for it any more
                    return
                self._snapshots[cycle] = asker
                self._ask(FetchMarket(cycle))
            case MarketFetched():
                self._on_market(message)
            case FundingHistoryFetched():
                self._on_history(message)
            case InstrumentsFetched():
                self._on_instruments(message)
            case GetPairs() if self._pairs is not None:
                self.context.reply(PairsKnown(self._pairs))
            case GetPairs():
                if (asker := self.context.keep_reply_if_asked()) is not None:
                    self._want_pairs.append(asker)
            case FetchInstruments() | FetchFundingHistory():  # our own timers: ask again
                self._ask(message)
            case Refused(message=FetchMarket() as question):
                self._snapshots.pop(question.cycle, None)
            case Refused():
                self._ask_later(message.message)

    def _ask(self, question: object) -> None:
        self._gateway.tell(question, reply_to=self.context.address)

    def _ask_later(self, question: object) -> None:
        match question:
            case FetchInstruments():
                self.context.after("instruments", RETRY, question)
            case FetchFundingHistory(instrument):
                self.context.after(f"history {instrument.symbol}", RETRY_HISTORY, question)

    def _on_instruments(self, answer: InstrumentsFetched) -> None:
        if answer.problem is not None:
            self._ask_later(FetchInstruments())
            return
        self._pairs = pairs_of(answer.instruments)
        for pair in self._pairs:
            self._read_history(pair.short)
        for asker in self._want_pairs:
            asker.answer(PairsKnown(self._pairs))
        self._want_pairs.clear()

    def _read_history(self, perp: Instrument) -> None:
        """Ask for all prints since the newest one known; one question a symbol at a time."""
        if perp.symbol in self._asked:
            return
        self._asked.add(perp.symbol)
        now = self.context.now()
        known = self._histories.get(perp.symbol, NOT_READ)
        since = known.recent[-1].at if known.recent else now - self._history_span
        self._ask(FetchFundingHistory(perp, since, now))

    def _on_history(self, answer: FundingHistoryFetched) -> None:
        self._asked.discard(answer.symbol)
        if answer.problem is None:
            known = self._histories.get(answer.symbol, NOT_READ)
            self._histories[answer.symbol] = known.folded(answer.prints, answer.until, self._carry)
            return
        for pair in self._pairs or ():
            if pair.short.symbol == answer.symbol:
                question = FetchFundingHistory(pair.short, answer.since, answer.until)
                self._asked.add(answer.symbol)
                self._ask_later(question)

    def _on_market(self, fetched: MarketFetched) -> None:
        rates = {rate.symbol: rate for rate in fetched.rates}
        for pair in self._pairs or ():
            symbol = pair.short.symbol
            known, rate = self._histories.get(symbol, NOT_READ), rates.get(symbol)
            if rate is not None:
                known = self._histories[symbol] = known.continued(rate, self._carry)
            if known.is_behind(rate, fetched.at):
                self._read_history(pair.short)
        asker = self._snapshots.pop(fetched.cycle, None)
        if asker is not None:
            snapshot = assembled(fetched, self._pairs or (), self._histories)
            self._note_bases(snapshot)
            asker.answer(SnapshotTaken(snapshot))

    def _note_bases(self, snapshot: MarketSnapshot) -> None:
        """The basis soon after a settlement goes with its print; the next snapshot has it."""
        for seen in snapshot.pairs:
            symbol = seen.pair.short.symbol
            known = self._histories.get(symbol, NOT_READ)
            if known.wants_basis:
                self._histories[symbol] = known.seen_with(seen.basis_bp, snapshot.at)
