"""When a job that failed is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

_ATTEMPTS = 4


class RetryWhileAway(BaseRetryStrategy):
    """Again at once after a stop of the worker; with pauses that double, some four times, while
    something is away. The first pause has `seconds`; any other error is final."""

    def __init__(self, is_away: Callable[[BaseException], bool], seconds: int) -> None:
        self._is_away = is_away
        self._seconds = seconds

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if not self._is_away(exception) or job.attempts >= _ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": self._seconds * 2**job.attempts})
