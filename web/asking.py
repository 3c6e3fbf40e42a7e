"""One question to one actor, and every way in which it can remain unanswered."""

import asyncio
from typing import Any

from actors.config.messages import SettingsRefused
from actors.runtime import Address, DeadLettered, MailboxFull, Rejected, Undeliverable
from web.errors import ApiError

_NO_ANSWER = {"unanswered", "lost", "superseded"}
"""The runtime's own codes: nobody refused, but nobody will answer either."""
_STATUS_OF_REFUSAL = {"invalid_query": 400, "invalid_settings": 422}


async def ask(address: Address, message: object, within: float) -> Any:
    """The answer, within so many seconds; raises ApiError where there is none."""
    try:
        async with asyncio.timeout(within):
            return await address.ask(message)
    except Rejected as refusal:
        raise _refused(address, refusal) from None
    except MailboxFull:
        raise ApiError(
            429,
            "too_many_requests",
            f"{address.name} has too many requests waiting; try again in a second.",
            headers={"Retry-After": "1"},
        ) from None
    except TimeoutError:
        raise unavailable(f"{address.name} did not answer within {within:g} s.") from None
    except (DeadLettered, Undeliverable) as error:
        raise unavailable(f"{address.name} could not answer: {error}") from None


def unavailable(message: str) -> ApiError:
    return ApiError(503, "not_answering", message, headers={"Retry-After": "1"})


def _refused(address: Address, refusal: Rejected) -> ApiError:
    if refusal.code in _NO_ANSWER:
        return unavailable(f"{address.name} gave no answer: {refusal.reason}")
    if refusal.code.startswith("no_such_"):
        return ApiError(404, refusal.code, refusal.reason)
    status = _STATUS_OF_REFUSAL.get(refusal.code, 409)
    fields = dict(refusal.fields) if isinstance(refusal, SettingsRefused) else {}
    return ApiError(status, refusal.code, refusal.reason, fields=fields)
