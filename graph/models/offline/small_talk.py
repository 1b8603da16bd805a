"""Thanks, greetings and assent: what needs no look into the catalog."""

from __future__ import annotations

import re

THANKS = re.compile(
    r"^\W*(?:(?:ok|great|cool|perfect|many)\W+)*"
    r"(?:thank(?:s| you)|thx|cheers|danke|merci|gracias|grazie)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|hallo|moin|guten tag|bonjour|salut"
    r"|hola)\b",
    re.IGNORECASE,
)
ASSENT = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|lol|haha|nice|great|cool|good|fine|yes|no|yep|nope|ja|nein|oui|non|perfect"
    r"|bye|ciao)\b\W*)+$",
    re.IGNORECASE,
)


def small_talk(text: str) -> bool:
    return any(cue.search(text) for cue in (THANKS, GREETING, ASSENT))
