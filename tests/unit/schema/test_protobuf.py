from __future__ import annotations

import pytest
from google.protobuf.message_factory import GetMessageClass

from core.decoding.descriptors import UnreadableDescriptorsError, message_type
from core.decoding.protobuf import BrokenMessageError, reader_of
from core.schema.model import Kind, Logical
from core.schema.protobuf import read
from tools.registry.proto_compiler import ProtoCompiler, ProtoNotCompiledError

EVENT = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";

// An order as the shop saw it.
message Event {
  string id = 1;                             // the order's number
  google.protobuf.Timestamp at = 2;
  map<string, int32> stock = 3;
  message Line { int64 quantity = 1; float price = 2; }
  repeated Line lines = 4;
  oneof payment { string card = 5; int32 cash = 6; }
  enum State { UNKNOWN = 0; PAID = 1; }
  State state = 7;
  optional bool gift = 8;
  google.protobuf.StringValue note = 9;
  google.protobuf.Struct extra = 10;
  Event parent = 11;
  bytes raw = 12;
}
"""


@pytest.fixture(scope="module")
async def event() -> bytes:
    return await ProtoCompiler().compile(EVENT, {})


async def test_types_become_kinds_with_their_meaning(event):
    fields = dict(read(event).walk())

    assert fields["at"].logical is Logical.DATE_TIME
    assert fields["stock"].kinds == {Kind.MAP}
    assert fields["stock.*"].kinds == {Kind.INTEGER}
    assert fields["lines[].price"].kinds == {Kind.NUMBER}
    assert fields["state"].enum == ("UNKNOWN", "PAID")
    assert fields["note"].kinds == {Kind.STRING}
    assert fields["extra"].kinds == {Kind.MAP}
    assert fields["raw"].kinds == {Kind.BYTES}


async def test_only_fields_with_presence_are_optional(event):
    fields = {field.name: field.optional for field in read(event).root.children}

    optional = {name for name, is_optional in fields.items() if is_optional}
    assert optional == {"at", "card", "cash", "gift", "note", "extra", "parent"}


async def test_comments_become_docs(event):
    schema = read(event)

    assert (schema.name, schema.namespace) == ("Event", "shop")
    assert schema.doc == "An order as the shop saw it."
    assert schema.root.children[0].doc == "the order's number"


async def test_a_type_that_contains_itself_ends(event):
    assert dict(read(event).walk())["parent"].children == ()


async def test_a_nested_type_is_read_by_its_name(event):
    assert [f.name for f in read(event, "shop.Event.Line").root.children] == ["quantity", "price"]
    with pytest.raises(UnreadableDescriptorsError):
        read(event, "shop.Nothing")


async def test_messages_are_read_as_the_tree_describes_them(event):
    decode = reader_of(event, "shop.Event")
    message = GetMessageClass(message_type(event, "shop.Event"))()
    message.at.FromMilliseconds(1_500)
    message.stock["a"] = 2
    message.lines.add(quantity=2**60, price=0.1)
    message.state = 1
    message.note.value = "x"
    message.extra["k"] = 1.0
    data = message.SerializeToString()

    assert decode(data) == {
        "id": "",
        "at": "1970-01-01T00:00:01.500000Z",
        "stock": {"a": 2},
        "lines": [{"quantity": 2**60, "price": 0.1}],
        "state": "PAID",
        "note": "x",
        "extra": {"k": 1.0},
        "raw": b"",
    }
    with pytest.raises(BrokenMessageError):
        decode(data[:-3])


async def test_imports_are_compiled_along():
    base = 'syntax = "proto3"; package b; message Base { string x = 1; }'
    text = 'syntax = "proto3"; import "b/base.proto"; message Top { b.Base base = 1; }'

    compiled = await ProtoCompiler().compile(text, {"b/base.proto": base})

    assert [path for path, _ in read(compiled).walk()] == ["base", "base.x"]


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("message {", {}),
        ('syntax = "proto3"; import "missing.proto";', {}),
        ('syntax = "proto3";', {"../../outside.proto": ""}),
        ('syntax = "proto3";', {"/etc/outside.proto": ""}),
    ],
)
async def test_text_that_does_not_compile_says_so(text, imports):
    with pytest.raises(ProtoNotCompiledError):
        await ProtoCompiler().compile(text, imports)
