"""What people say around a request: please, could you, I would like you to, and then."""

from __future__ import annotations

import re

_YOU = r"(?:you|somebody|someone|headwater|it)"
_SOFTLY = r"(?:please|pls|plz|kindly|just|simply|quickly|now|also|maybe|perhaps|possibly|directly)"
_LEADS = (
    _SOFTLY,
    r"(?:hi|hello|hey|dear \w+|ok(?:ay)?|right|well|great|sure|yes|no|nope|thanks|also|and|so|but"
    r"|or|then|next|finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|afterwards|plus|too"
    r"|additionally|furthermore|meanwhile|otherwise|else|instead|if (?:so|not|yes|no)"
    r"|bitte|dann|und)",
    r"(?:after|before|once|when|as soon as) (?:that|this|it)(?:['’]s| is| has been)?"
    r"(?: done| finished| through| ready| over)?",
    r"(?:out of|from|with|based on|on top of|for|using)"
    r" (?:it|that|this|them|these|those|the (?:result|outcome)s?)",
    r"in (?:addition|case not|that case|the end|a second step)|at the same time|as well"
    r"|failing that",
    rf"(?:can|could|would|will|might|won['’]t) {_YOU}(?: be so kind as to| mind| be able to)?",
    rf"(?:i|we)(?:['’]d| would| do)? (?:want|need|like|love|prefer|ask|order|expect) {_YOU} to",
    rf"(?:i|we)(?:['’]d| would) (?:be (?:\w+ )?(?:grateful|glad|happy|thankful)|appreciate it)"
    rf" if {_YOU}(?: could| would)?",
    rf"(?:i|we) (?:think|believe|suggest|propose|guess|insist|demand)(?: that)? (?:{_YOU}|we|i)"
    r"(?: should| must| could| can| have to)?",
    rf"it would be (?:\w+ )?\w+ if {_YOU}(?: could| would)?",
    r"(?:i|we)(?:['’]d| would)? (?:want|need|like|love|wish|have) to",
    rf"(?:would|do) {_YOU} mind",
    rf"{_YOU} (?:must|should|shall|may|can|could|need to|have to|ought to|are to|will)(?: now)?",
    r"(?:let['’]?s|let us|help (?:me|us)(?: to)?|be so (?:kind|nice|good)(?: as to| and| to)?"
    r"|feel free to|go ahead and|go and|make sure (?:to|that you|you)|do me a favou?r and|try to"
    r"|start by|begin by|proceed to|your (?:task|job) is to|it(?:['’]s| is) time to)",
)
_LEAD = re.compile(
    rf"^\W*(?:(?:\d+|[a-c]|step \d+)[.):]\s+|(?:{'|'.join(_LEADS)})(?=[\s,:;.!-]|$)[\s,:;.!-]*)",
    re.IGNORECASE,
)
_EDGE = " \t\n\r,;:.!-–—*•"


def bare(text: str) -> str:
    """A request without what leads up to it: "and could you please find ..." is "find ..."."""
    rest = text.strip(_EDGE)
    while (found := _LEAD.match(rest)) is not None and found.end() < len(rest):
        rest = rest[found.end() :].strip(_EDGE)
    return rest
