"""What holds of a field in the end: its bounds, pattern, values, and why it is confidential."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.drafting.forms import pattern_of
from core.drafting.marks import Trait
from core.drafting.ontology import CodeForm, ontology
from core.drafting.phrases import is_person
from core.drafting.sketch import Sketch
from core.drafting.subject import with_article
from core.drafting.typing_of import NUMBERS, TEXTS, type_of


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a number with where they come from; `given` where the text states one."""

    minimum: float | int | None
    maximum: float | int | None
    exclusive_minimum: bool
    exclusive_maximum: bool
    because: str
    given: bool
    certain: bool = True
    """False where only good sense says so."""


def quoted(says: str) -> str:
    short = says if len(says) <= 120 else says[:117] + "..."
    return f'the description says "{short}"'


def limits_of(sketch: Sketch) -> Limits | None:
    """The bounds that are said, completed by those that unit and meaning imply."""
    if type_of(sketch) not in NUMBERS:
        return None
    said = _said(sketch)
    implied = _implied(sketch)
    if said is None or implied is None:
        return said or implied
    if (
        not implied.certain
        and said.minimum is None
        and said.maximum is not None
        and said.maximum < 0
    ):
        return said
    low, high = said.minimum, said.maximum
    if low is None and implied.minimum is not None and (high is None or implied.minimum < high):
        low, exclusive = implied.minimum, implied.exclusive_minimum
    else:
        exclusive = said.exclusive_minimum
    if high is None and implied.maximum is not None and (low is None or implied.maximum > low):
        high = implied.maximum
    return replace(said, minimum=low, maximum=high, exclusive_minimum=exclusive)


def _said(sketch: Sketch) -> Limits | None:
    lows = [bound for bound in sketch.bounds if bound.minimum is not None]
    highs = [bound for bound in sketch.bounds if bound.maximum is not None]
    if not lows and not highs:
        return None
    telling = list(dict.fromkeys(bound.says for bound in (*lows[:1], *highs[:1])))
    low, high = (lows[0].minimum if lows else None), (highs[0].maximum if highs else None)
    exclusive = (
        bool(lows) and lows[0].exclusive_minimum,
        bool(highs) and highs[0].exclusive_maximum,
    )
    if low is not None and high is not None and not _room(sketch, low, high, exclusive):
        high = None
    return Limits(
        low,
        high,
        exclusive[0],
        high is not None and exclusive[1],
        quoted("; ".join(telling)),
        given=True,
    )


def _room(sketch: Sketch, low: float, high: float, exclusive: tuple[bool, bool]) -> bool:
    """Whether a value fits between two limits."""
    if type_of(sketch) == "integer":
        return high - low >= sum(exclusive)
    return low < high or (low == high and not any(exclusive))


def _implied(sketch: Sketch) -> Limits | None:
    unit, attribute = sketch.unit, sketch.attribute
    signed = Trait.SIGNED in sketch.traits
    if (
        unit is not None
        and unit.unit.name == "degrees"
        and sketch.phrase.words[-1] in _ROUND
        and not signed
    ):
        return Limits(
            0, 360, False, False, "a direction in degrees lies in these bounds by definition", False
        )
    if unit is not None and (unit.unit.minimum is not None or unit.unit.maximum is not None):
        if signed or (unit.unit.name == "percent" and _changes(sketch)):
            return None
        certain = unit.unit.limits == "definition"
        says = unit.unit.name or unit.says
        return Limits(
            unit.unit.minimum,
            unit.unit.maximum,
            False,
            False,
            f"it is given in {says}",
            False,
            certain,
        )
    if attribute is None or signed or (attribute.minimum is None and attribute.maximum is None):
        return None
    if (
        unit is not None
        and attribute.unit
        and unit.unit.name != attribute.unit
        and attribute.unit == "percent"
    ):
        return None
    certain = attribute.limits == "definition"
    named = with_article(sketch.phrase.head)
    why = (
        f"{named} lies in these bounds by definition"
        if certain
        else f"{named} outside of these bounds makes no sense"
    )
    return Limits(
        attribute.minimum, attribute.maximum, attribute.exclusive, False, why, False, certain
    )


_ROUND = frozenset({"direction", "heading", "bearing", "course", "azimuth", "orientation"})


def _changes(sketch: Sketch) -> bool:
    """A change in percent may be negative, or above a hundred."""
    return bool(
        set(sketch.phrase.words)
        & {
            "change",
            "growth",
            "delta",
            "difference",
            "deviation",
            "return",
            "increase",
            "margin",
            "trend",
            "variation",
            "inflation",
            "profit",
        }
    )


def pattern_for(sketch: Sketch) -> tuple[str, str, bool] | None:
    """Pattern, reason and whether it is given: by the described form, else by a standard's."""
    if type_of(sketch) not in (*TEXTS, "uuid") or sketch.choice is not None:
        return None
    if found := pattern_of(sketch.forms, sketch.phrase.words):
        lower = sketch.attribute is not None and sketch.attribute.kind == "language"
        pattern = found[0].replace("[A-Z]", "[a-z]") if lower else found[0]
        return pattern, quoted(found[1]), True
    if code := code_of(sketch):
        return code.pattern, code.says, False
    if sketch.attribute is not None and sketch.attribute.pattern:
        return sketch.attribute.pattern, f"{with_article(sketch.phrase.head)} is written so", False
    return None


def code_of(sketch: Sketch) -> CodeForm | None:
    """The standard code that a field's last words name."""
    words, known = sketch.phrase.words, ontology().formats
    bare = words[:-1] if words[-1] in ("code", "number", "id") and len(words) > 1 else words
    for name in (words, bare):
        for start in range(len(name)):
            form = known.get(" ".join(name[start:]))
            if form is not None and (not form.only_with or set(form.only_with) & set(words)):
                return form
    return None


def secret_of(sketch: Sketch) -> tuple[str, bool] | None:
    """Why a field is confidential, and whether the text says so."""
    if says := sketch.traits.get(Trait.SENSITIVE):
        return quoted(says), True
    if type_of(sketch) in ("number", "integer", "timestamp", "boolean") and (
        sketch.attribute is None or sketch.attribute.kind not in ("age", "salary")
    ):
        return None
    if sketch.attribute is not None and sketch.attribute.sensitive:
        return sketch.attribute.sensitive, False
    if is_person(sketch.phrase) and type_of(sketch) in (*TEXTS, "uuid"):
        return "it identifies a person", False
    return None
