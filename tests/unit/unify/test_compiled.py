"""The compiled mapping answers as the plain one does, byte for byte, or leaves the answer to it."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import avro_writer
from core.schema.model import Bounds, Field, Kind, Logical, Schema
from core.unify.carrying import Carrier
from core.unify.compiled import compiled
from core.unify.encoding import Encoder
from core.unify.mapping import FieldMapping, Mapping, Op, Step

OBJECT = frozenset({Kind.OBJECT})
TEXT, WHOLE, NUMBER, FLAG = (
    frozenset({kind}) for kind in (Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)
)
ADDRESS = (
    Field("city", TEXT, optional=True),
    Field("geo", OBJECT, optional=True, children=(Field("lat", NUMBER, optional=True),)),
)
UNIFIED = Schema(
    Field(
        "",
        OBJECT,
        children=(
            Field("id", TEXT, logical=Logical.UUID),
            Field("spend", NUMBER),
            Field("rating", NUMBER, optional=True),
            Field("count", WHOLE, optional=True),
            Field("changed_at", WHOLE, logical=Logical.EPOCH_MILLIS),
            Field("born", TEXT, logical=Logical.DATE, optional=True),
            Field("due", WHOLE, logical=Logical.DATE, optional=True),
            Field("active", FLAG, optional=True),
            Field("state", TEXT, enum=("open", "paid")),
            Field("kind", TEXT, enum=("a b", "c")),
            Field("address", OBJECT, optional=True, children=ADDRESS),
            Field("owner", OBJECT, children=(Field("name", TEXT),)),
            Field("tags", frozenset({Kind.ARRAY}), optional=True, children=(Field("[]", TEXT),)),
            Field("either", TEXT | NUMBER, optional=True),
            Field(
                "price",
                frozenset({Kind.BYTES}),
                optional=True,
                logical=Logical.DECIMAL,
                bounds=Bounds(precision=9, scale=2),
            ),
            Field("nothing", TEXT, optional=True),
        ),
    ),
    name="All",
)
AVRO = avro_writer.write(UNIFIED)


def op(name: Op, **more: Any) -> tuple[Step, ...]:
    return (Step(op=name, **more),)


MAPPING = Mapping(
    source="all",
    fields=(
        FieldMapping(to="id", path="the id"),
        FieldMapping(to="spend", path="spend", steps=op(Op.NUMBER)),
        FieldMapping(to="rating", path="rating"),
        FieldMapping(to="count", path="count", steps=op(Op.WHOLE)),
        FieldMapping(to="changed_at", path="at.when", steps=op(Op.MOMENT)),
        FieldMapping(to="born", path="born", steps=op(Op.DAY)),
        FieldMapping(to="due", path="due"),
        FieldMapping(to="active", path="active", steps=op(Op.FLAG)),
        FieldMapping(
            to="state",
            path="state",
            steps=(*op(Op.SYMBOLS, symbols={"OPEN": "open"}), *op(Op.DEFAULT, value="paid")),
        ),
        FieldMapping(to="kind", path=None, steps=op(Op.CONSTANT, value="a b")),
        FieldMapping(to="address.city", path="town", steps=op(Op.TEXT)),
        FieldMapping(to="address.geo.lat", path="at.lat"),
        FieldMapping(to="owner.name", path="name"),
        FieldMapping(to="tags", path="tags"),
        FieldMapping(to="either", path="either"),
        FieldMapping(to="price", path="price"),
    ),
)
PLAIN = {
    "the id": "6f1c",
    "spend": 12.5,
    "rating": 3,
    "count": 7,
    "at": {"when": "2024-01-31T10:00:00Z", "lat": 1.5},
    "born": "2000-02-29",
    "due": "2024-03-01",
    "active": True,
    "state": "OPEN",
    "town": 17,
    "name": "Zoë",
    "tags": ["x", "y"],
    "either": 2.5,
    "price": 12.34,
}


def the_long_way(value: object, key: str | None = None) -> tuple[bytes | None, bytes] | None:
    message = Carrier(MAPPING, UNIFIED).carry(value).message
    if message is None:
        return None
    try:
        made = Encoder(AVRO, 7).encode(message)
    except Exception:
        return None
    return (str(message[key]).encode() if key else None), made


def test_a_plain_message_comes_through_as_the_long_way_writes_it() -> None:
    run = compiled(MAPPING, UNIFIED, AVRO, 7, "spend")

    assert run is not None
    made = run.of_value(PLAIN)
    assert run.of_json(orjson.dumps(PLAIN)) == made == the_long_way(PLAIN, "spend")
    assert made is not None
    assert made[0] == b"12.5"


WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["", " 12 ", "1,234", "1_000", "20240131", "2024-01-31", "١٢", "nan", "\ud800"]
    ),
    st.sampled_from([0, 1_700_000_000, 1_700_000_000_000, "1700000000", "x" * 3_000]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)


@settings(max_examples=900)
@given(
    st.dictionaries(st.sampled_from([*PLAIN, "when", "lat"]), WILD, max_size=3),
    st.sampled_from(["Zoe", "Zoë", "Zo\N{HIRAGANA LETTER E}", 'Z"e', "Z" * 9_000]),
    st.booleans(),
)
def test_whatever_comes_it_is_never_carried_otherwise(
    odd: dict[str, object], name: str, escaped: bool
) -> None:
    run = compiled(MAPPING, UNIFIED, AVRO, 7)
    inner = {name: odd.pop(name) for name in ("when", "lat") if name in odd}
    at = {**PLAIN["at"], **inner}  # type: ignore[dict-item]
    message = {**PLAIN, "name": name, "at": at, **odd}

    assert run is not None
    made = run.of_value(message)
    if made is not None:
        assert made == the_long_way(message)
    text = json.dumps(message, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    made = run.of_json(text)
    if made is not None:
        assert made == the_long_way(orjson.loads(text))


@pytest.mark.parametrize("name", ["Zoe", "Zoë", "Zo\N{HIRAGANA LETTER E}", "Z" * 9_000])
@pytest.mark.parametrize("escaped", [True, False])
def test_a_text_of_any_letters_and_length_takes_the_compiled_way(name: str, escaped: bool) -> None:
    run = compiled(MAPPING, UNIFIED, AVRO, 7, "owner.name")
    message = {**PLAIN, "name": name}

    assert run is not None
    made = run.of_json(json.dumps(message, ensure_ascii=escaped).encode())
    plain = the_long_way(message)
    assert plain is not None
    assert made == (name.encode(), plain[1])


def test_a_constant_beyond_ascii_is_written_whole_into_a_message_of_ascii() -> None:
    unified = Schema(Field("", OBJECT, children=(Field("a", TEXT), Field("b", TEXT))), name="Odd")
    avro = avro_writer.write(unified)
    mapping = Mapping(
        source="odd",
        fields=(
            FieldMapping(to="a", path="a", steps=op(Op.SYMBOLS, symbols={"x": "é"})),
            FieldMapping(to="b", path="b", steps=op(Op.DEFAULT, value="ß")),
        ),
    )
    run = compiled(mapping, unified, avro, 7)

    assert run is not None
    assert run.of_json(b'{"a": "x"}') == (None, Encoder(avro, 7).encode({"a": "é", "b": "ß"}))


def test_two_fields_of_one_path_are_each_read_in_their_way() -> None:
    fields = (Field("a", TEXT), Field("b", WHOLE))
    unified = Schema(Field("", OBJECT, children=fields), name="Both")
    avro = avro_writer.write(unified)
    mapping = Mapping(
        source="both",
        fields=(
            FieldMapping(to="a", path="n"),
            FieldMapping(to="b", path="n", steps=op(Op.WHOLE)),
        ),
    )
    run = compiled(mapping, unified, avro, 7)

    assert run is not None
    assert run.of_json(b'{"n": "12"}') == (None, Encoder(avro, 7).encode({"a": "12", "b": 12}))
    assert run.of_json(b'{"n": 12}') is None
    assert run.of_json(b'{"n": [12]}') is None


@pytest.mark.parametrize(
    "dropped", [("town",), ("town", "at.lat"), ("at.lat",), ("rating", "tags")]
)
def test_what_is_null_is_written_as_null_and_so_is_a_record_of_nothing_else(
    dropped: tuple[str, ...],
) -> None:
    run = compiled(MAPPING, UNIFIED, AVRO, 7)
    at = {k: v for k, v in PLAIN["at"].items() if f"at.{k}" not in dropped}  # type: ignore[attr-defined]
    message = {**{k: v for k, v in PLAIN.items() if k not in dropped}, "at": at}

    assert run is not None
    made = run.of_value(message)
    assert made is not None
    assert made == the_long_way(message)


@pytest.mark.parametrize(
    "message",
    [
        {**PLAIN, "spend": "much"},
        {**PLAIN, "spend": math.inf},
        {**PLAIN, "state": "lost"},
        {**PLAIN, "name": None},
        {**PLAIN, "at": "2024-01-31"},
        [PLAIN],
        None,
    ],
)
def test_what_must_be_refused_is_left_to_the_long_way(message: object) -> None:
    run = compiled(MAPPING, UNIFIED, AVRO, 7)

    assert run is not None
    assert run.of_value(message) is None


def test_names_and_values_of_a_mapping_are_never_code() -> None:
    evil = "'); raise SystemExit  # {v}"
    unified = Schema(Field("", OBJECT, children=(Field(evil, TEXT),)), name="Evil")
    mapping = Mapping(
        source=evil,
        fields=(FieldMapping(to=evil, path=evil, steps=op(Op.SYMBOLS, symbols={evil: evil})),),
    )
    run = compiled(mapping, unified, avro_writer.write(unified), 7)

    assert run is not None
    assert run.of_value({evil: evil}) is not None


def test_a_name_that_json_has_to_escape_goes_the_long_way() -> None:
    unified = Schema(Field("", OBJECT, children=(Field("a", TEXT),)), name="Odd")
    mapping = Mapping(source="odd", fields=(FieldMapping(to="a", path='a "b"\n'),))

    assert compiled(mapping, unified, avro_writer.write(unified), 7) is None


def test_a_source_that_never_fills_a_required_field_is_not_compiled() -> None:
    lacking = Mapping(source="all", fields=MAPPING.fields[1:])

    assert compiled(lacking, UNIFIED, AVRO, 7) is None
