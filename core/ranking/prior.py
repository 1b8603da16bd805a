"""What is known of a source before any question is asked; it breaks near ties and no more."""

from __future__ import annotations

import math
from functools import lru_cache

from core.names import words

USED = 0.3
"""What consuming teams add at most, in spreads of the similarity."""
SET_ASIDE = 0.3
"""What is taken off an empty topic, and off one of dead letters, retries or tests.

Both together are less than what one source gains by having all the question's words (`WORDS`, 0.63)
over another that says the same in synonyms.
"""
_MANY = 16
"""Teams from which on more of them make no difference."""
_ASIDE = frozenset(words("dlq dlt deadletter deadletters retry retries test tests"))


def prior(name: str, teams: int, messages: int) -> float:
    """USED log(1 + teams) / log(1 + 16), at most USED; SET_ASIDE off where little is to be had."""
    used = USED * min(1.0, math.log1p(teams) / math.log1p(_MANY))
    return used - SET_ASIDE if messages == 0 or set_aside(name) else used


@lru_cache(maxsize=50_000)
def set_aside(name: str) -> bool:
    """Whether the name says dead letters, retries or tests."""
    spoken = words(name)
    return not _ASIDE.isdisjoint(spoken) or "dead letter" in " ".join(spoken)
