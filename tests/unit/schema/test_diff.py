"""What changed, in words."""

from __future__ import annotations

from core.schema.diff import ChangeKind, diff
from core.schema.document import from_document, to_document
from core.schema.fingerprint import fingerprint
from core.schema.model import Bounds, Evidence, Field, Kind, Logical, Schema


def _text(name: str, **more: object) -> Field:
    return Field(name, frozenset({Kind.STRING}), **more)  # type: ignore[arg-type]


def _schema(*fields: Field) -> Schema:
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields), "orders")


def _lines(old: Schema, new: Schema) -> list[str]:
    return [change.line for change in diff(old, new)]


def test_equal_schemas_have_no_changes() -> None:
    assert diff(_schema(_text("a")), _schema(_text("a"))) == ()


def test_added_and_removed_fields_are_told_once_with_what_they_were() -> None:
    record = Field("buyer", frozenset({Kind.OBJECT}), children=(_text("name"), _text("vat")))

    assert _lines(_schema(record), _schema(_text("total", optional=True))) == [
        "buyer: removed (was object)",
        "total: added (optional string)",
    ]


def test_every_change_of_a_field_has_its_line() -> None:
    old = _schema(_text("a"), _text("b"), _text("c", enum=("x", "y")), _text("d"),
                  _text("e", optional=True), _text("f", logical=Logical.DATE))  # fmt: skip
    new = _schema(
        Field("a", frozenset({Kind.INTEGER, Kind.NULL})), _text("b", optional=True),
        _text("c", enum=("y", "z")), _text("d", enum=("p", "q")), _text("e"), _text("f"),
    )  # fmt: skip

    assert _lines(old, new) == [
        "a: string became integer or null",
        "b: became optional",
        "c: symbols changed: added z; removed x",
        "d: symbols changed: now only p, q",
        "e: became required",
        "f: meaning changed from date to none",
    ]


def test_a_likely_renaming_is_called_maybe() -> None:
    (change,) = diff(_schema(_text("supplier_id")), _schema(_text("supplierId")))

    assert change.kind is ChangeKind.RENAMED
    assert change.maybe
    assert change.line == "supplier_id: maybe renamed to supplierId"


def test_fields_of_other_kinds_or_names_are_not_called_renamed() -> None:
    kinds = {change.kind for change in diff(_schema(_text("colour")), _schema(_text("total")))}

    assert kinds == {ChangeKind.ADDED, ChangeKind.REMOVED}


def test_changes_below_arrays_and_maps_are_told_by_path() -> None:
    def nested(leaf: Field) -> Schema:
        items = Field("[]", frozenset({Kind.OBJECT}), children=(leaf,))
        return _schema(Field("lines", frozenset({Kind.ARRAY}), children=(items,)))

    assert _lines(nested(_text("sku")), nested(_text("sku", optional=True))) == [
        "lines[].sku: became optional"
    ]


def test_the_root_may_change_its_kind() -> None:
    array = Schema(Field("", frozenset({Kind.ARRAY})))

    assert "object became array" in " ".join(_lines(_schema(), array))


def test_fingerprints_ignore_order_bounds_docs_and_evidence() -> None:
    measured = _text("b", bounds=Bounds(min_length=3), doc="x", tags=frozenset({"t"}),
                     evidence=Evidence(9, 8))  # fmt: skip

    assert fingerprint(_schema(_text("a"), _text("b"))) == fingerprint(
        _schema(measured, _text("a"))
    )


def test_fingerprints_tell_structures_apart() -> None:
    schemas = [
        _schema(_text("a")),
        _schema(_text("a", optional=True)),
        _schema(_text("a", enum=("x",))),
        _schema(_text("a", logical=Logical.DATE)),
        _schema(Field("a", frozenset({Kind.INTEGER}))),
        _schema(_text("a"), _text("b")),
    ]

    assert len({fingerprint(schema) for schema in schemas}) == len(schemas)


def test_a_document_holds_the_whole_schema() -> None:
    field = Field(
        "a", frozenset({Kind.INTEGER, Kind.NULL}), optional=True, enum=(1, 2),
        logical=Logical.EPOCH_MILLIS, bounds=Bounds(minimum=0, maximum=9.5), doc="d",
        tags=frozenset({"x", "y"}), evidence=Evidence(9, 8, 1, 3.5, (("AA-9", 0.5),)),
        children=(_text("[]", enum=()),),
    )  # fmt: skip
    schema = Schema(field, "n", "s", "d", {"k": "v"})
    back = from_document(to_document(schema))

    assert back == schema
    assert back.extra == schema.extra


def test_schemas_with_thousands_of_changes_are_compared_in_bounded_time() -> None:
    old, new = (_schema(*(_text(f"{side}{n}") for n in range(3_000))) for side in ("old", "new"))

    assert len(diff(old, new)) == 6_000
