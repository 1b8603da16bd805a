"""Runs of words of a sentence that may name a field, with the marks that stand after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.drafting.marks import Choice, Mark, Marked, Members, is_place
from core.drafting.ontology import listed, ontology
from core.drafting.phrases import entities_of, phrase_of, singular, tokens

_SUBJECTS = frozenset({"it", "they", "this", "that", "these", "those", "which"})
"""After these a mark is of what was spoken of before."""
_SUBJECTS_OF = frozenset({"changes", "updates", "readings", "scores", "levels", "movements"})
"""Plurals that a description calls its messages by."""
_PREDICATES = (
    "is ",
    "are ",
    "must ",
    "has ",
    "can ",
    "cannot ",
    "may ",
    "should ",
    "never ",
    "lies ",
    "stays ",
    "have ",
)


def _predicate(mark: Mark) -> bool:
    """Whether the words of a mark say it of the subject of their sentence."""
    return str(getattr(mark, "says", "")).lower().startswith(_PREDICATES)


@dataclass(slots=True)
class Chunk:
    """`after` is the word that ended it; `counted` says that a number stood before it."""

    words: list[str]
    marks: list[Mark] = field(default_factory=list)
    far: list[Mark] = field(default_factory=list)
    """Values and members further on, with other words between."""
    counted: bool = False
    after: str = ""


@dataclass(slots=True)
class Chunks:
    """Marks before the first run, the runs, and choices that follow a verb: what happens."""

    leading: list[Mark] = field(default_factory=list)
    runs: list[Chunk] = field(default_factory=list)
    acts: list[Mark] = field(default_factory=list)


def chunks_of(text: str, marked: Marked) -> Chunks:
    """The runs between small words and verbs."""
    found = Chunks()
    current: Chunk | None = None
    before, number = "", False
    parts = joined(tokens(text))
    for at, token in enumerate(parts):
        low = token.lower()
        if is_place(token):
            _attach(found, marked.at(token), before, near=current is not None or is_place(before))
            current = None
        elif not token[0].isalpha():
            number, current = token[0].isdigit(), None
        elif _ends(low, current, before, parts[at + 1 : at + 2]):
            if current is not None:
                current.after = low
            current, number = None, number and low in ("new", "different")
        else:
            if current is None:
                current, number = Chunk([], counted=number), False
                found.runs.append(current)
            current.words.append(token)
        before = low
    found.runs = _without_times(found.runs)
    return found


def _without_times(runs: list[Chunk]) -> list[Chunk]:
    """Of `temperature every 5 min (2 to 8)` the temperature, with what stands in the bracket."""
    kept: list[Chunk] = []
    for run in map(_of_joined, runs):
        if run.words and run.words[0].lower() not in ontology().times:
            kept.append(run)
        elif kept:
            kept[-1].marks += run.marks
    return kept


def _attach(found: Chunks, mark: Mark | None, before: str, near: bool) -> None:
    if mark is None:
        return
    if before in _SUBJECTS:
        found.leading.append(mark)
        return
    if (
        isinstance(mark, Choice)
        and before.endswith("ed")
        and before in ontology().verbs
        and before not in ontology().qualifiers
    ):
        found.acts.append(mark)
    elif found.runs and not near and isinstance(mark, Choice | Members):
        found.runs[-1].far.append(mark)
    elif found.runs and not near and (before in listed("chunks.links") or _predicate(mark)):
        found.runs[0].marks.append(mark)
    else:
        (found.runs[-1].marks if found.runs else found.leading).append(mark)


def joined(parts: list[str]) -> list[str]:
    """Phrases of the lexicon that have small words or verbs in them, as one token."""
    done: list[str] = []
    place = 0
    while place < len(parts):
        if _is_moment(parts, place) or _has_side(parts, place):
            done.append(f"{parts[place]}_{parts[place + 1]}".lower())
            place += 2
            continue
        size = next(
            (size for size in (5, 4, 3, 2) if _is_phrase(parts[place : place + size], size)), 1
        )
        done.append(
            "_".join(part.lower() for part in parts[place : place + size])
            if size > 1
            else parts[place]
        )
        place += size
    return done


def _ends_there(parts: Sequence[str], place: int) -> bool:
    """Whether a name may end before a place."""
    after = parts[place] if place < len(parts) else ","
    return not after[0].isalnum() or after.lower() in ("and", "or") or is_place(after)


def _is_moment(parts: Sequence[str], place: int) -> bool:
    """`raised at`, `acknowledged by`: when it was done, or by whom."""
    if place + 1 >= len(parts) or parts[place + 1].lower() not in ("at", "by", "on"):
        return False
    low = parts[place].lower()
    done = (low.endswith("ed") and len(low) > 4) or low in listed("chunks.done")
    return done and _ends_there(parts, place + 2)


def _has_side(parts: Sequence[str], place: int) -> bool:
    """`reserve up`, `pressure before`: one of two of a kind."""
    if place + 1 >= len(parts) or parts[place + 1].lower() not in listed("chunks.sides"):
        return False
    low, known = parts[place].lower(), ontology()
    noun = low.isalpha() and low not in known.small | known.verbs and not low.endswith("ed")
    return noun and _ends_there(parts, place + 2)


def _is_phrase(parts: Sequence[str], size: int) -> bool:
    known = ontology()
    words = [part.lower() for part in parts]
    if len(words) != size or not words[-1][0].isalpha():
        return False
    name = " ".join([*words[:-1], singular(words[-1])])
    if name not in known.attributes or not any(
        word in known.small or word in known.verbs for word in words
    ):
        return False
    return size > 2 or words[0] not in known.small - known.qualifiers - {"on"}


def _ends(low: str, chunk: Chunk | None, before: str, following: Sequence[str]) -> bool:
    """Whether a word ends a noun phrase."""
    known = ontology()
    if low in known.qualifiers and before not in ("is", "are", "be", "was", "were", "gets", "been"):
        return False
    if low in known.small:
        return low != "of" or chunk is None
    if low in known.verbs:
        return not _is_noun(low, chunk, before, following)
    return low.endswith("ly") and len(low) > 4 and low not in listed("chunks.no_adverbs")


def _is_noun(low: str, chunk: Chunk | None, before: str, following: Sequence[str]) -> bool:
    """Whether a word that may be a verb is a noun here, or a participle that belongs to one."""
    known = ontology()
    if low in listed("chunks.auxiliaries"):
        return False
    if before in listed("chunks.articles") and not low.endswith(("ing", "ed")):
        return True
    after = following[0].lower() if following else ""
    alone = is_place(after) and chunk is None and not before and not low.endswith("ing")
    stands = chunk is not None and low in listed("chunks.noun_verbs") and not after[:1].isalpha()
    if stands:
        return True
    headed = singular(after) in listed("chunks.heads") and not (chunk and low.endswith("s"))
    if before not in listed("chunks.pronouns") and (headed or alone):
        return True
    if not before and not after and (low in known.attributes or low in known.entities):
        return True
    if chunk is not None and all(word.lower() in known.qualifiers for word in chunk.words):
        return True
    if before == "of" and low in known.entities:
        return True
    opens = (chunk is None and not before) or before in listed("chunks.articles") or before == "of"
    if opens and low.endswith("ed"):
        return after[:1].isalpha() and after not in known.small and after not in known.verbs
    if chunk is not None and low.endswith("ed") and before not in ("we", "they", "it", "and"):
        phrase = phrase_of(chunk.words)
        return phrase is not None and phrase.attribute is not None
    return False


def _of_joined(chunk: Chunk) -> Chunk:
    """`kind of leave` as `leave kind`, `number of items` as `item count`."""
    low = [word.lower() for word in chunk.words]
    if low and low[-1] == "of":
        chunk.words = chunk.words[:-1]
        return chunk
    if "of" not in low:
        return chunk
    at = low.index("of")
    head, rest = chunk.words[:at], chunk.words[at + 1 :]
    rest = rest[: next((i for i, word in enumerate(rest) if word.lower() == "of"), len(rest))]
    counted = bool(head) and head[-1].lower() in ("number", "count")
    done = next(
        (at for at, word in enumerate(rest) if at and word.lower().endswith("ed")), len(rest)
    )
    rest = rest[:done] if counted else rest
    many = any(singular(word) != word.lower() for word in rest)
    if counted and rest and (many or head[-1].lower() == "count"):
        chunk.words = [*head[:-1], *map(singular, rest), "count"]
    elif head and rest and not {word.lower() for word in rest} <= ontology().talk:
        chunk.words = [*rest[:-1], singular(rest[-1]), *head]
    else:
        chunk.words = head or rest
    return chunk


def is_known(chunk: Chunk) -> bool:
    """Whether the lexicon knows what the run ends in."""
    phrase = phrase_of(chunk.words)
    return phrase is not None and phrase.attribute is not None


def is_title(chunk: Chunk) -> bool:
    """Whether a phrase at the start names the product rather than a field of it."""
    if chunk.marks:
        return False
    words = [word.lower() for word in chunk.words]
    last = singular(words[-1])
    plural = last != words[-1]
    phrase = phrase_of(chunk.words)
    known = phrase.attribute if phrase else None
    if known is not None and known.type in ("integer", "number") and words[-1] not in _SUBJECTS_OF:
        return False
    if plural and not chunk.after and (known is None or words[-1] in _SUBJECTS_OF):
        return True
    thing = bool(entities_of([*words[:-1], last])) or last in ontology().happenings
    return (plural and (chunk.after != "" or thing)) or (
        thing and chunk.after in ("for", "from", "of", "between", "per")
    )
