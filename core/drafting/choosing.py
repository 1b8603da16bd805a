"""Which runs of words of a segment are fields: all that a list names, else what is plainly one."""

from __future__ import annotations

from collections.abc import Sequence

from core.drafting.chunks import Chunk, is_known, is_title
from core.drafting.marks import Bound, Choice, Form, Measured, Members, Said, Trait
from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, phrase_of
from core.drafting.segments import Segment

_LONGEST = 4
"""Words of a name that the lexicon does not know."""


def chosen(runs: Sequence[Chunk], segment: Segment, told: bool, title: bool) -> list[Chunk]:
    """One run of a list's part, any number of what is no list. `title` opens a description."""
    usable = [run for run in runs if not run.counted]
    if segment.listed and not title:
        return _of_list(usable, segment.sure)
    opens = title and segment.listed and bool(usable) and not any(map(_has_values, usable[1:]))
    if opens and _is_listable(usable[0], True) and not is_title(usable[0]):
        return usable[:1]
    plain = [run for run in usable if is_strong(run) and not told and not (title and is_title(run))]
    return [run for run in usable if _is_remarked(run) or run in plain]


def _has_values(run: Chunk) -> bool:
    return any(isinstance(mark, Choice | Members) for mark in run.marks)


def is_strong(run: Chunk) -> bool:
    """Whether a phrase is a field wherever it stands."""
    phrase = phrase_of(run.words)
    if phrase is None or phrase.attribute is None:
        return False
    kind, several = phrase.attribute.kind, len(phrase.words) > 1
    if kind == "flag" and phrase.words[-1] in ("flag", "indicator"):
        return several
    if kind not in listed("choosing.weak_kinds") or len(phrase.head.split()) > 1:
        return True
    telling = phrase.head in listed("choosing.strong_heads")
    return several and (telling or kind in listed("choosing.telling_kinds"))


def _of_list(usable: Sequence[Chunk], sure: bool) -> list[Chunk]:
    """The first run, unless it only leads to a plain one: `where it happened as latitude`."""
    first = next((run for run in usable if _is_listable(run, sure)), None)
    strong = next((run for run in usable if is_strong(run)), None)
    if first is not None and strong is not None and not is_known(first) and not first.marks:
        first = strong if first.after in ("as", "is", "are", "by") else first
    found = first or strong
    return [found] if found is not None else []


def _is_listable(run: Chunk, sure: bool) -> bool:
    """Whether a run that a list names can be a field's name."""
    phrase = phrase_of(run.words)
    if phrase is None:
        return False
    last, talk = phrase.words[-1], ontology().talk
    if phrase.attribute is not None and (len(phrase.words) > 1 or last not in talk):
        return True
    if last in talk or " ".join(phrase.words) in talk:
        return _is_told_apart(run, phrase, sure)
    return len(run.words) <= _LONGEST and len(last) > 1


def _is_told_apart(run: Chunk, phrase: Phrase, sure: bool) -> bool:
    """A word of talk names a field where values or a form are given, or a thing is meant."""
    if len(phrase.words) > 1:
        return any(isinstance(mark, Choice | Form | Members | Said) for mark in run.marks)
    telling = any(isinstance(mark, Choice | Form | Members) for mark in run.marks)
    if phrase.words == ("event",):
        return any(isinstance(mark, Choice) for mark in run.marks)
    return (sure or telling) and phrase.words[-1] in ontology().entities


def _is_remarked(run: Chunk) -> bool:
    """Whether something is said of a phrase that is said of fields alone."""
    phrase = phrase_of(run.words)
    if phrase is None or (phrase.words[-1] in ontology().talk and len(phrase.words) < 2):
        return False
    required = (isinstance(m, Said) and m.trait is Trait.REQUIRED for m in run.marks)
    if all(required):
        return bool(run.marks) and phrase.attribute is not None
    if any(isinstance(mark, Bound | Choice | Form | Measured | Members) for mark in run.marks):
        return len(phrase.words) <= _LONGEST
    whole = ontology().entities.get(" ".join(phrase.words))
    return phrase.attribute is not None or whole is not None
