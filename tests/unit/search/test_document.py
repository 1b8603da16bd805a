"""What search reads of a source."""

from core.schema.model import Field, Kind, Schema
from tools.search.document import SearchDocument, document_of, rarest, views_of

STRING = frozenset({Kind.STRING})


def order() -> SearchDocument:
    fields = (
        ("id", "string", ""),
        ("customer.vat_number", "string", "Tax id"),
        ("id", "string", ""),
    )
    return SearchDocument("shop.order-placed.v1", "An order was placed.", fields)


def test_a_schema_becomes_fields_without_items_and_map_values():
    item = Field("[]", frozenset({Kind.OBJECT}), children=(Field("sku", STRING, doc="Article"),))
    lines = Field("lines", frozenset({Kind.ARRAY}), children=(item,))
    schema = Schema(Field("", frozenset({Kind.OBJECT}), children=(lines,)))

    document = document_of("orders", "", schema)

    assert document.fields == (("lines", "array", ""), ("lines[].sku", "string", "Article"))


def test_a_topic_without_schema_has_no_fields():
    assert document_of("orders", "All orders", None).fields == ()


def test_the_texts_carry_leaf_name_prose_and_field_descriptions():
    views = views_of(order(), ("vat number", "id"))

    assert views.names == "order placed: vat number, id"
    assert views.prose == "order placed. An order was placed. Tax id"
    assert views.described == "order placed: vat number (Tax id), id"


def test_the_fields_that_few_sources_have_come_first():
    assert rarest(order(), {"id": 90, "vat number": 2}) == ("vat number", "id")


def test_the_hash_tells_a_change_of_any_part():
    first = order()
    others = [
        SearchDocument("other", first.description, first.fields),
        SearchDocument(first.name, "Another one.", first.fields),
        SearchDocument(first.name, first.description, first.fields[:1]),
    ]
    assert len({first.hash, *(other.hash for other in others)}) == 4
    assert order().hash == first.hash


def test_characters_that_postgres_refuses_are_taken_out():
    document = SearchDocument("a\0b", "half \ud800 pair", (("x\0", "string", "\0"),))
    assert document.name == "a b"
    assert "\0" not in document.fields[0][0] + document.fields[0][2]
    assert document.description.isprintable()
