"""How topics are called here: the convention that most names of a fleet follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from core.names import words

MAX_NAME = 249
"""What Kafka allows."""

_ENOUGH = 4
"""Names of a fleet that make a convention."""
_MOST = 0.5
_PREFIX = 0.6
_VERSION = re.compile(r"[vV]\d{1,4}")
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[a-z0-9][A-Z]")


class TopicNaming(BaseModel):
    """`<prefix><level><domain><level><words><level>v1`; parts that are not used are left out.

    `level` stands between the parts and `word` between the words of a part; where `word` is empty
    the words are joined as camel case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: str = Field(default=".", pattern=r"^[._-]$")
    word: str = Field(default="-", pattern=r"^[._-]?$")
    prefix: tuple[str, ...] = ()
    domain: bool = True
    """Whether a name says its domain."""
    version: bool = True
    """Whether a name ends in its version."""
    capitals: bool = False
    """Whether joined words begin with a capital from the first on."""
    learned_from: int = 0
    """How many names it was read off; 0 where it is the built-in one."""

    def name(self, domain: str, subject: str, version: int = 1) -> str:
        """A legal topic name of at most 249 characters."""
        parts = [*self.prefix]
        subject_words, domain_words = words(subject) or ["topic"], words(domain)
        if self.domain and domain_words:
            parts.append(self._joined(domain_words))
            if len(subject_words) > 1 and subject_words[: len(domain_words)] == domain_words:
                subject_words = subject_words[len(domain_words) :] or subject_words
        parts.append(self._joined(subject_words))
        tail = f"{self.level}v{version}" if self.version else ""
        name = re.sub(r"[^A-Za-z0-9._-]", "", self.level.join(parts))
        return name[: MAX_NAME - len(tail)].rstrip("._-") + tail

    def _joined(self, parts: Sequence[str]) -> str:
        if self.word:
            return self.word.join(parts)
        camel = "".join(part.capitalize() for part in parts)
        return camel if self.capitals else camel[:1].lower() + camel[1:]

    @property
    def why(self) -> str:
        """Where the convention comes from, in words."""
        if self.learned_from:
            return f"read off {self.learned_from} topics of this cluster"
        return "the built-in convention, since too few topics tell one"


def learn(names: Iterable[str]) -> TopicNaming:
    """The convention of these topics; the built-in one where they are few or agree on nothing.

    Internal topics (`_schemas`, `__consumer_offsets`) do not count.
    """
    fleet = sorted({name for name in names if name and not name.startswith("_")})
    if len(fleet) < _ENOUGH:
        return TopicNaming()
    level = _level(fleet)
    split = [name.split(level) for name in fleet]
    version = _share(bool(_VERSION.fullmatch(parts[-1])) for parts in split if len(parts) > 1)
    prefix = _prefix(split)
    bare = [_bare(parts, len(prefix)) for parts in split]
    word, capitals = _word(bare, level)
    return TopicNaming(
        level=level,
        word=word,
        prefix=prefix,
        domain=_has_domain(bare),
        version=version > _MOST,
        capitals=capitals,
        learned_from=len(fleet),
    )


def _level(fleet: Sequence[str]) -> str:
    """Dots part levels wherever a good part of the names has them; else what is commonest."""
    having = {mark: _share(mark in name for name in fleet) for mark in "._-"}
    if having["."] >= 1 - _PREFIX:
        return "."
    return max("-_.", key=lambda mark: having[mark])


def _prefix(split: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The first levels that most names share, such as a company or an environment."""
    found: list[str] = []
    while len(found) < 3:
        here = [parts for parts in split if [*parts[: len(found)]] == found]
        longer = Counter(parts[len(found)] for parts in here if len(parts) > len(found) + 1)
        first, count = longer.most_common(1)[0] if longer else ("", 0)
        if count < max(_ENOUGH, _PREFIX * len(split)):
            break
        found.append(first)
    return tuple(found)


def _bare(parts: Sequence[str], skipped: int) -> list[str]:
    """A name's levels without prefix and version."""
    bare = [part for part in parts[skipped:] if part]
    return bare[:-1] if len(bare) > 1 and _VERSION.fullmatch(bare[-1]) else bare


def _has_domain(bare: Sequence[Sequence[str]]) -> bool:
    """Whether first levels come again and again, as domains do."""
    leveled = [parts[0] for parts in bare if len(parts) > 1]
    if len(leveled) < _MOST * len(bare):
        return False
    return len(set(leveled)) <= max(2, 0.7 * len(leveled))


def _word(bare: Sequence[Sequence[str]], level: str) -> tuple[str, bool]:
    """What stands between words, and whether camel case begins with a capital."""
    parts = [part for name in bare for part in name]
    marks = Counter(mark for part in parts for mark in "-_." if mark != level and mark in part)
    camels = [part for part in parts if _CAMEL.search(part)]
    if camels and len(camels) > sum(marks.values()):
        return "", sum(part[0].isupper() for part in camels) > len(camels) / 2
    if marks:
        return marks.most_common(1)[0][0], False
    return (level if level != "." else "-"), False


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / len(given) if given else 0.0
