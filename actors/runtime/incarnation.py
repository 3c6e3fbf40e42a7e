"""Incarnations: the Pykka actors that run a behaviour from its start to its end."""

from __future__ import annotations

import contextlib
import threading
import traceback
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, Final

import pykka
from pykka._envelope import Envelope

from .actor import Actor, Context
from .fence import Fence
from .here import here
from .io import Broken
from .letter import Letter, Rejected, ReplyTo
from .mailbox import REVOKED, STOP, Sentinel
from .signals import Down, EndReason, GaveUp

if TYPE_CHECKING:
    from collections.abc import Callable

    from .cell import Cell
    from .core import Runtime
    from .specs import Spec

LOST: Final = Rejected("lost", "the actor ended before it answered; what became of it is unknown")


class Incarnation(pykka.Actor):
    """One life of the actor at an address, from its start to its end.

    It ends exactly once: in order, by a crash, or because it is void (it hung, or its supervisor
    died). Whoever ends it first revokes its lease, fence, timers and reply rights in one go. Pykka
    never sees an exception: it would drop the mailbox, or stop every actor of the process.
    """

    def __init__(
        self, runtime: Runtime, cell: Cell, spec: Spec, make: Callable[[], Actor], epoch: int
    ) -> None:
        self.runtime = runtime
        self.cell = cell
        self.spec = spec
        self.fence = self._make_fence(cell.address.name, epoch)
        self.kept: dict[int, ReplyTo] = {}
        self.stop_wanted = False
        self.starting = True
        self._at_work = False
        self._make = make
        self._end_claim = threading.Lock()
        self._behaviour: Actor | None = None
        self._context: Context | None = None
        super().__init__()
        cell.incarnation = self
        cell.mailbox.grant(self)

    def is_busy(self) -> bool:
        """Whether somebody's thread is in its code right now."""
        return self._at_work

    def ring(self) -> None:
        """There is something to take from the mailbox."""
        raise NotImplementedError

    # --- life, as Pykka calls it ------------------------------------------------------------------

    def on_start(self) -> None:
        self._at_work = True
        try:
            behaviour = self._make()
            self._behaviour = behaviour
            self._context = behaviour.context = Context(self)
            behaviour.started()
        except BaseException as error:
            self._end("start_failed", error)
        else:
            self.starting = False
            if not behaviour.announces_itself:
                self.runtime.up(self)
        finally:
            self._at_work = False

    def on_receive(self, message: Letter | Sentinel) -> None:
        if isinstance(message, Letter):
            self.handle(message)
        elif message is STOP:
            self._stop_in_order()
        else:
            assert message is REVOKED

    def handle(self, letter: Letter) -> None:
        """Deal with one letter; whatever is raised ends here."""
        context, behaviour = self._context, self._behaviour
        assert context is not None
        assert behaviour is not None
        context.begin(letter)
        self._at_work = True
        message = letter.message
        try:
            if type(message) is Broken:
                raise message.error
            behaviour.receive(message)
        except Rejected as refusal:
            context.take_reply_back(letter)
            if letter.asker is not None and self.fence.is_valid():
                asker, letter.asker = letter.asker, None
                asker.refuse(refusal)
            self.runtime.rejected(self, letter, refusal)
        except BaseException as error:
            if type(error) is KeyboardInterrupt and current_thread() is main_thread():
                raise  # a person wants to end a simulation
            context.take_reply_back(letter)
            self._end("crashed", error)
            return
        finally:
            self._at_work = False
        if letter.asker is not None and self.fence.is_valid():
            asker, letter.asker = letter.asker, None
            name = type(message).__name__
            asker.refuse(Rejected("unanswered", f"{self.cell.address.name} did not answer {name}"))
        if self.stop_wanted:
            self.cell.mailbox.finish(self)
            self._stop_in_order()

    # --- the end ----------------------------------------------------------------------------------

    def void(self, *, blame: bool) -> bool:
        """End it from outside: take all its rights and put the letter at hand back.

        With `blame`, the letter counts as one that killed its actor. False if it had ended already.
        """
        return self._claim_end(blame=blame, error="hung" if blame else "", trace="")

    def crash(self, error: BaseException) -> None:
        """End it as if its handler had raised. For fault injection."""
        self._end("crashed", error)

    def _stop_in_order(self) -> None:
        error, trace = "", ""
        try:
            if self._behaviour is not None and self.fence.is_valid():
                self._behaviour.stopped()
        except BaseException as caught:
            error, trace = describe(caught), traceback.format_exc()
        if self._claim_end(blame=False, error=error, trace=trace):
            name = self.cell.address.name
            down = Down(name, self.fence.epoch, "stopped", name, error, trace)
            self.runtime.down(self, down)

    def _end(self, reason: EndReason, error: BaseException) -> None:
        text = describe(error)
        trace = getattr(error, "trace", "") or "".join(traceback.format_exception(error))
        if not self._claim_end(blame=True, error=text, trace=trace):
            return  # it was replaced meanwhile: a zombie's last words interest nobody
        name = self.cell.address.name
        origin = getattr(error, "origin", name)
        self.runtime.down(self, Down(name, self.fence.epoch, reason, origin, text, trace))

    def _claim_end(self, *, blame: bool, error: str, trace: str) -> bool:
        if not self._end_claim.acquire(blocking=False):
            return False
        self.fence.revoke()
        if self._context is not None:
            self._context.drop_timers()
        letter = self.cell.mailbox.revoke(self)
        self.actor_stopped.set()
        pykka.ActorRegistry.unregister(self.actor_ref)
        if letter is not None:
            self.runtime.return_letter(self, letter, blame=blame, error=error, trace=trace)
        kept, self.kept = self.kept, {}
        for reply in kept.values():
            reply.close(LOST)
        return True

    def _make_fence(self, address: str, epoch: int) -> Fence:
        return Fence(address, epoch)

    # --- for Pykka --------------------------------------------------------------------------------

    def _create_actor_inbox(self) -> Any:  # type: ignore[override]  # Pykka calls it on the object
        return _NoInbox()

    @staticmethod
    def _create_future() -> pykka.Future[Any]:
        return pykka.ThreadingFuture()

    def _start_actor_loop(self) -> None:
        raise NotImplementedError


class ThreadIncarnation(Incarnation, pykka.ThreadingActor):
    """An incarnation with a thread of its own, for what owns I/O, and for supervisors."""

    use_daemon_thread = True  # a hung actor must not keep the process from ending

    def __init__(self, *args: Any) -> None:
        self._bell = threading.Lock()
        self._bell.acquire()
        super().__init__(*args)

    def ring(self) -> None:
        self._bell.release()

    def on_start(self) -> None:
        threading.current_thread().name = self.cell.address.name
        here.incarnation = self
        super().on_start()

    # The inbox that Pykka's loop reads: put and empty do nothing, letters come by the mailbox.

    def get(self) -> Envelope[Any]:
        mailbox = self.cell.mailbox
        while (taken := mailbox.take(self)) is None:
            self._bell.acquire()
        return Envelope(taken)

    def put(self, envelope: Envelope[Any], /) -> None:
        raise RuntimeError("letters go to the address, not to the Pykka actor")

    def empty(self) -> bool:
        return True  # so that Pykka finds nothing to throw away at the end

    def _create_actor_inbox(self) -> Any:  # type: ignore[override]
        return self

    def _start_actor_loop(self) -> None:
        pykka.ThreadingActor._start_actor_loop(self)

    def _actor_loop(self) -> None:
        why: BaseException = RuntimeError("the thread ended")
        try:
            super()._actor_loop()
        except BaseException as error:
            why = error
        self._end("crashed", why)  # unless it has ended as it should


class StepIncarnation(Incarnation):
    """An incarnation that somebody else's thread carries on step by step: a pool, a simulation."""

    def step(self, batch: int) -> bool:
        """Start, or deal with at most `batch` letters. Say whether there is more to do."""
        if self.starting:
            self.on_start()
            return self.fence.is_valid()
        mailbox = self.cell.mailbox
        for _ in range(batch):
            taken = mailbox.take(self)
            if taken is None:
                return False
            if type(taken) is not Letter:
                self.on_receive(taken)
                return False
            self.handle(taken)
        return mailbox.finish(self)


class _NoInbox:
    def put(self, envelope: Envelope[Any], /) -> None:
        raise RuntimeError("letters go to the address, not to the Pykka actor")

    def get(self) -> Envelope[Any]:
        raise RuntimeError("letters are taken from the mailbox")

    def empty(self) -> bool:
        return True


def describe(error: BaseException) -> str:
    """An error in one line."""
    with contextlib.suppress(Exception):
        text = str(error)
        if isinstance(error, GaveUp):
            return text
        return f"{type(error).__name__}: {text}" if text else type(error).__name__
    return type(error).__name__
