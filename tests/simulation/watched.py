"""The paper exchange with a witness at its door, who sees every order that has an effect."""

from typing import Any

from actors.domain.orders import OrderReport, OrderRequest
from actors.store import Store
from actors.venues.paper import PaperVenue


class BrokenPromise(AssertionError):
    """Something happened that never may."""


class WatchedVenue:
    """Passes everything on; an order must be on disk, as an open intent, before it arrives."""

    def __init__(self, inner: PaperVenue, store: Store) -> None:
        self._inner = inner
        self._store = store
        self.name = inner.name
        self.sent: list[str] = []
        """Client ids in the order in which they were sent."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def place(self, order: OrderRequest) -> OrderReport:
        if order.client_id in self.sent:
            raise BrokenPromise(f"{order.client_id} was sent twice")
        self.sent.append(order.client_id)
        with self._store.reading() as tx:
            intents = {
                intent.client_id: intent
                for position in tx.positions.active()
                for intent in position.intents
            }
        intent = intents.get(order.client_id)
        if intent is None or intent.status.is_final:
            raise BrokenPromise(f"{order.client_id} was sent and is no open intent on disk")
        if (intent.side, intent.quantity) != (order.side, order.quantity):
            raise BrokenPromise(f"{order.client_id} is {order}, on disk {intent}")
        return await self._inner.place(order)
