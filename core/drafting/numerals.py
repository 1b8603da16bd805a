"""Numbers in words, and written short, as digits."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = dict(zip(_ONES.split(), range(20), strict=True))
_TENS = dict(zip(_DECADES.split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_WORD = "|".join((*_UNITS, *_TENS, "fourty", "dozen"))
_SCALE = "|".join(f"{scale}s?" for scale in _SCALES)

_SPELLED = re.compile(
    rf"\b(?:(?:a|an)\s+(?=(?:{_SCALE}|dozen)\b)|(?:several|a\s+few|a\s+couple\s+of|couple\s+of)\s+"
    rf"(?=(?:{_SCALE})\b))?"
    rf"(?:{_WORD}|{_SCALE})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}|{_SCALE}))*\b",
    re.IGNORECASE,
)
_MIXED = re.compile(rf"\b(\d+(?:\.\d+)?)\s*({_SCALE}|mn|mio|bn)\b\.?", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)")
_SPACED = re.compile(r"(?<![\w.,-])[1-9]\d{0,2}(?:[ \u202f]000)+(?![\w])")
_DOTTED = re.compile(r"(?<![\d.,-])\d{1,3}(?:\.\d{3}){2,}(?![\d.])")
_HALF = re.compile(r"\bhalf\s+an?\s+(?=[a-z])", re.IGNORECASE)
_QUARTERS = re.compile(
    r"\b(a|one|three)\s+quarters?\s+of\s+an?\s+(?=million|billion|year|hour)", re.IGNORECASE
)
_AND_HALF = re.compile(r"\b(\d+)\s+and\s+a\s+half\b", re.IGNORECASE)
_QUARTER_HOUR = re.compile(r"\b(?:a\s+)?quarter\s+of\s+an\s+hour\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![A-Za-z\d.-])(\d+(?:\.\d+)?)\s?[kK](?![A-Za-z\d])")
_MILLIONS = re.compile(
    r"(?<![A-Za-z\d.-])(\d+(?:\.\d+)?)\s?(?:M(?![A-Za-z\d])|m(?=\s+(?!high\b|wide\b|"
    r"long\b|deep\b|tall\b|above\b|below\b|per\b|and\b|"
    r"or\b|to\b)[a-z-]{3,}"
    r"(?:\s+[a-z-]+)?\b|\s*/\s*(?:day|d|hour|h|min|month|year|week)\b|\s+(?:per|a|an)\s+"
    r"(?:day|hour|month|week|year)\b))"
)
_PRONOUN = re.compile(
    r"\b(no|any|some|every|each|the|which|this|that|only|old|new|other|last|latest|first|"
    r"current|right|next|previous|same)\s+one\b|\bone\s+(?:of|another)\b",
    re.IGNORECASE,
)
_HELD = "\x00"


def in_digits(text: str) -> str:
    """`thirteen months` -> `13 months`, `2.5m meters` -> `2500000 meters`, `10k` -> `10000`.

    `one of` and pronouns stay words. `several hundred` is taken for 300, `a dozen` is 12.
    """
    text = _PRONOUN.sub(lambda found: found[0].replace("one", f"o{_HELD}ne"), text)
    text = _QUARTERS.sub(lambda found: "0.75 " if found[1].lower() == "three" else "0.25 ", text)
    text = _HALF.sub("0.5 ", _QUARTER_HOUR.sub("15 minutes", text))
    text = _SPELLED.sub(_spelled, text)
    text = _AND_HALF.sub(lambda found: f"{found[1]}.5", text)
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    text = _SPACED.sub(lambda found: re.sub(r"\s", "", found[0]), text)
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = _MIXED.sub(_scaled, text)
    text = _THOUSANDS.sub(lambda found: _plain(float(found[1]) * 1_000), text)
    text = _MILLIONS.sub(lambda found: _plain(float(found[1]) * 10**6), text)
    return text.replace(_HELD, "")


def _scaled(found: re.Match[str]) -> str:
    scale = {"mn": 10**6, "mio": 10**6, "bn": 10**9}.get(found[2].lower())
    return _plain(float(found[1]) * (scale or _SCALES[found[2].lower().rstrip("s")]))


def _spelled(found: re.Match[str]) -> str:
    words = re.split(r"[\s-]+", found[0].lower())
    many = 3 if words[0] in ("several",) or words[:2] == ["a", "few"] else None
    many = 2 if "couple" in words[:2] else many
    kept = [word for word in words if word not in ("a", "an", "several", "few", "couple", "of")]
    lone_scale = kept[0].rstrip("s") in _SCALES and len(kept) == 1
    if lone_scale and words == kept:
        return found[0]  # `hundreds`, or the `million` of `2.5 million`
    parts = _numbers(kept, many or 1)
    return (
        " and ".join(parts) if " and " in found[0].lower() and len(parts) > 1 else " ".join(parts)
    )


def _numbers(words: list[str], first: int) -> list[str]:
    """Each run of words that make one number; `one two` are two numbers."""
    done: list[int] = []
    total, current, last = 0, 0, ""
    started = False
    for word in words:
        bare = word.rstrip("s") if word.rstrip("s") in _SCALES else word
        value = _UNITS.get(word, _TENS.get("forty" if word == "fourty" else word))
        if word == "and":
            if last in _SCALES:
                continue
            done, total, current, started = [*done, total + current], 0, 0, False
        elif bare in _SCALES:
            scale = _SCALES[bare]
            current = (current or first) * scale
            if scale > 100:
                total, current = total + current, 0
            started = True
        elif word == "dozen":
            current, started = (current or 1) * 12, True
        elif value is not None:
            if started and not (last in _SCALES or (last in _TENS and value < 10)):
                done, total, current = [*done, total + current], 0, 0
            current, started = current + value, True
        last = bare if word != "fourty" else "forty"
    return [str(number) for number in ([*done, total + current] if started else done)]


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"
