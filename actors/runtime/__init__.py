"""A supervised actor runtime on Pykka: live on threads and a pool, or simulated in virtual time."""

from .actor import Actor, Context
from .address import Address
from .clock import Clock, ScaledClock, SimulatedClock, SystemClock
from .commands import ChildStarted, ChildStopped, RestartChild, StartChild, StopChild
from .core import Runtime, StartFailed
from .dead_letters import DeadLetter, DeadLetterOffice
from .events import EventKind, RuntimeEvent
from .faults import FaultPlan, InjectedCrash
from .fence import Fence, Fenced
from .io import Failed, Ok, Outcome
from .letter import DeadLettered, Refused, Rejected, Reply, ReplyTo, Undeliverable
from .live import LiveRuntime
from .mailbox import MailboxFull
from .observer import ActorView
from .process import ProcessUse, process_watch
from .simulation import SimulatedRuntime, Stuck
from .specs import Backoff, ChildSpec, Spec, SupervisorSpec

__all__ = [
    "Actor",
    "ActorView",
    "Address",
    "Backoff",
    "ChildSpec",
    "ChildStarted",
    "ChildStopped",
    "Clock",
    "Context",
    "DeadLetter",
    "DeadLetterOffice",
    "DeadLettered",
    "EventKind",
    "Failed",
    "FaultPlan",
    "Fence",
    "Fenced",
    "InjectedCrash",
    "LiveRuntime",
    "MailboxFull",
    "Ok",
    "Outcome",
    "ProcessUse",
    "Refused",
    "Rejected",
    "Reply",
    "ReplyTo",
    "RestartChild",
    "Runtime",
    "RuntimeEvent",
    "ScaledClock",
    "SimulatedClock",
    "SimulatedRuntime",
    "Spec",
    "StartChild",
    "StartFailed",
    "StopChild",
    "Stuck",
    "SupervisorSpec",
    "SystemClock",
    "Undeliverable",
    "process_watch",
]
