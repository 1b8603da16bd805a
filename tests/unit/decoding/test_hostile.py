"""Messages made to harm: decoding must neither raise nor run away."""

from __future__ import annotations

import json
import time

import cbor2
import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decoding.avro import BrokenDatumError, UnreadableSchemaError, reader_of
from core.decoding.decoded import SchemaRef
from core.decoding.payload import decode, referenced_schemas
from core.decoding.registered import RegisteredSchema, SchemaKind
from tests.unit.decoding.samples import ORDER, avro, avro_schema, frame, proto_schema, sample

SCHEMAS = {
    SchemaRef(id=1): avro_schema(1),
    SchemaRef(id=2): proto_schema(2),
    SchemaRef(id=3): RegisteredSchema(SchemaRef(id=3), SchemaKind.JSON_SCHEMA, "{}"),
    SchemaRef(id=4): None,
}
VALID = [
    json.dumps({"a": [1, {"b": None}], "c": "ü"}).encode(),
    frame(1, avro(ORDER, {"id": 2**40, "note": "some text"})),
    frame(2, b"\x00\x0a\x03abc\x10\x05\x22\x04\x0a\x02ab"),
    frame(3, b'{"a": 1}'),
    msgpack.packb({"a": [1, 2], "b": {"c": b"x"}}),
    cbor2.dumps({"a": [1, 2], "b": {"c": b"x"}}),
    b"id,name\n1,a\n2,b\n",
]
LINKED = {"type": "record", "name": "N", "fields": [{"name": "n", "type": ["null", "N"]}]}


def accounted(batch):
    """Every message is in a group, a tombstone or a failure."""
    grouped = sum(group.messages for group in batch.values)
    return grouped + batch.tombstones + len(batch.failures) == batch.messages


@given(st.lists(st.one_of(st.none(), st.binary(max_size=60)), max_size=12))
@settings(max_examples=150)
def test_any_bytes_are_accounted_for(values):
    messages = sample(*values)
    referenced_schemas(messages)

    assert accounted(decode(messages, SCHEMAS))


@given(st.sampled_from(range(1, 5)), st.binary(max_size=80))
@settings(max_examples=150)
def test_any_payload_behind_a_frame_is_accounted_for(schema_id, payload):
    assert accounted(decode(sample(frame(schema_id, payload)), SCHEMAS))


@pytest.mark.parametrize("whole", VALID)
def test_valid_messages_cut_or_flipped_anywhere_are_accounted_for(whole):
    cut = [whole[:i] for i in range(len(whole))]
    flipped = [whole[:i] + bytes([whole[i] ^ 0xFF]) + whole[i + 1 :] for i in range(len(whole))]

    assert accounted(decode(sample(whole, *cut, *flipped), SCHEMAS))


@pytest.mark.parametrize(
    "value",
    [
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b"[" * 10_000 + b"NaN",
        b"\x81\xa1a" * 10_000,
        b"\xa1\x61a" * 10_000,
        b"\xdf\xff\xff\xff\xff",
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x61a\xd8\x1c\x81\xd8\x1d\x00",
        b"Obj\x01" + b"\xff" * 50,
        b"\x1f\x8b\x08" + b"\xff" * 50,
        b"," * 1_000_000,
        b'"' * 100_000,
    ],
)
def test_deep_and_huge_values_end_quickly(value):
    started = time.process_time()

    assert accounted(decode(sample(*[value] * 6), SCHEMAS))
    assert time.process_time() - started < 5


def test_shared_cbor_references_cannot_unfold_without_end():
    doubled: list[object] = []
    for _ in range(40):
        doubled = [doubled, doubled]
    value = cbor2.dumps({"a": doubled}, value_sharing=True)
    started = time.process_time()

    assert len(value) < 1_000
    assert accounted(decode(sample(*[value] * 6), {}))
    assert time.process_time() - started < 2


def test_a_deep_datum_of_a_recursive_schema_is_broken_and_not_a_crash():
    read = reader_of(json.dumps(LINKED))

    assert read(b"\x02\x02\x00") == {"n": {"n": {"n": None}}}
    with pytest.raises(BrokenDatumError):
        read(b"\x02" * 1_000_000 + b"\x00")


def test_a_number_without_end_in_a_recursive_schema_ends_quickly():
    numbered = {**LINKED, "fields": [{"name": "v", "type": "long"}, *LINKED["fields"]]}
    started = time.process_time()

    with pytest.raises(BrokenDatumError):
        reader_of(json.dumps(numbered))(b"\xff" * 1_000_000 + b"\x01\x00")
    assert time.process_time() - started < 1


def test_arrays_of_nothing_are_refused():
    with pytest.raises(UnreadableSchemaError):
        reader_of('{"type": "array", "items": "null"}')


@pytest.mark.parametrize("payload", [b"\xff" * 9 + b"\x01", b"\x02" + b"\xff" * 8 + b"\x7f"])
def test_lengths_beyond_the_bytes_are_broken(payload):
    with pytest.raises(BrokenDatumError):
        reader_of('{"type": "array", "items": "string"}')(payload)
