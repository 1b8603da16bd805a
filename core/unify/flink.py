"""A consolidation as Flink SQL: source and sink tables, and one statement set that fills the sink.

For Flink 1.19 and newer with the Kafka, JSON and Confluent Avro connectors. What the bridge rejects
becomes null here; a message without a required field is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.schema.model import ITEMS, VALUES, Field, Kind, Logical, Schema
from core.unify.mapping import FieldMapping, Op, Step
from core.unify.mapping import Mapping as SourceMapping

_MOMENTS = frozenset({Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS, Logical.EPOCH_SECONDS})
_TYPES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.STRING: "STRING",
    Kind.BYTES: "BYTES",
}
_PATTERNS = (
    "yyyy-MM-dd''T''HH:mm:ssX", "yyyy-MM-dd''T''HH:mm:ss.SSSX", "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "dd.MM.yyyy HH:mm:ss",
    "dd.MM.yyyy HH:mm", "dd.MM.yyyy", "dd-MMM-yyyy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlinkSource:
    """`format` is the catalog's: avro is read through the registry, all else as JSON."""

    mapping: SourceMapping
    schema: Schema
    format: str


@dataclass(frozen=True, slots=True)
class FlinkSink:
    topic: str
    schema: Schema
    key: str | None


def flink_sql(
    sources: Sequence[FlinkSource], sink: FlinkSink, bootstrap_servers: str, schema_registry: str
) -> str:
    """The script; run it with `sql-client.sh -f`."""
    servers = bootstrap_servers, schema_registry
    parts = [
        "SET 'execution.checkpointing.mode' = 'EXACTLY_ONCE';",
        "SET 'execution.checkpointing.interval' = '10 s';",
        *(_source_table(source, *servers) for source in sources),
        _sink_table(sink, *servers),
        "EXECUTE STATEMENT SET\nBEGIN\n"
        + "\n".join(_insert(source, sink) for source in sources)
        + "\nEND;",
    ]
    return "\n\n".join(parts) + "\n"


def _source_table(source: FlinkSource, bootstrap_servers: str, schema_registry: str) -> str:
    used = {one.path.split(".")[0] for one in source.mapping.fields if one.path}
    columns = [
        f"  {_name(place.name)} {_source_type(place)}"
        for place in source.schema.root.children
        if place.name in used
    ]
    given = {
        "connector": "kafka",
        "topic": source.mapping.source,
        "properties.bootstrap.servers": bootstrap_servers,
        "properties.group.id": f"flink-{source.mapping.source}",
        "properties.isolation.level": "read_committed",
        "scan.startup.mode": "earliest-offset",
        **(
            {"format": "avro-confluent", "avro-confluent.url": schema_registry}
            if source.format == "avro"
            else {"format": "json", "json.ignore-parse-errors": "true"}
        ),
    }
    return _table(source.mapping.source, columns, given)


def _sink_table(sink: FlinkSink, bootstrap_servers: str, schema_registry: str) -> str:
    columns = [f"  {_name(place.name)} {_sink_type(place)}" for place in sink.schema.root.children]
    given = {
        "connector": "kafka",
        "topic": sink.topic,
        "properties.bootstrap.servers": bootstrap_servers,
        "sink.delivery-guarantee": "exactly-once",
        "sink.transactional-id-prefix": f"flink-{sink.topic}",
        "value.format": "avro-confluent",
        "value.avro-confluent.url": schema_registry,
        "value.avro-confluent.subject": f"{sink.topic}-value",
    }
    if sink.key is not None and "." not in sink.key:
        given |= {"key.format": "raw", "key.fields": sink.key}
    return _table(sink.topic, columns, given)


def _table(name: str, columns: Sequence[str], given: Mapping[str, str]) -> str:
    options = ",\n".join(f"  {_text(key)} = {_text(value)}" for key, value in given.items())
    body = ",\n".join(columns)
    return f"CREATE TABLE {_name(name)} (\n{body}\n) WITH (\n{options}\n);"


def _insert(source: FlinkSource, sink: FlinkSink) -> str:
    by_target = {one.to: one for one in source.mapping.fields}
    places = dict(source.schema.walk())
    chosen = [
        f"  {_selected(place, place.name, by_target, places)} AS {_name(place.name)}"
        for place in sink.schema.root.children
    ]
    wanted = dict(sink.schema.walk())
    needed = [
        f"{_expression(one, places)} IS NOT NULL"
        for one in source.mapping.fields
        if "." not in one.to and not wanted[one.to].optional
    ]
    where = f"\nWHERE {' AND '.join(needed)}" if needed else ""
    return (
        f"INSERT INTO {_name(sink.topic)}\nSELECT\n"
        + ",\n".join(chosen)
        + f"\nFROM {_name(source.mapping.source)}{where};"
    )


def _selected(
    place: Field,
    path: str,
    by_target: Mapping[str, FieldMapping],
    places: Mapping[str, Field],
) -> str:
    if path in by_target:
        return _expression(by_target[path], places)
    if place.kinds - {Kind.NULL} == {Kind.OBJECT} and place.children:
        inside = [
            _selected(child, f"{path}.{child.name}", by_target, places) for child in place.children
        ]
        return f"CAST(ROW({', '.join(inside)}) AS {_sink_type(place)})"
    return f"CAST(NULL AS {_sink_type(place)})"


def _expression(one: FieldMapping, places: Mapping[str, Field]) -> str:
    told = "NULL" if one.path is None else ".".join(map(_name, one.path.split(".")))
    place = None if one.path is None else places.get(one.path)
    for step in one.steps:
        told = _stepped(step, told, place)
    return told


def _stepped(step: Step, told: str, place: Field | None) -> str:
    kinds = place.kinds - {Kind.NULL} if place else frozenset()
    text = kinds == {Kind.STRING} or len(kinds) > 1
    match step.op:
        case Op.TEXT:
            return f"CAST({told} AS STRING)"
        case Op.NUMBER:
            return _number(told) if text else f"CAST({told} AS DOUBLE)"
        case Op.WHOLE:
            return f"CAST({_number(told)} AS BIGINT)" if text else f"CAST({told} AS BIGINT)"
        case Op.FLAG:
            return f"TRY_CAST({told} AS BOOLEAN)"
        case Op.MOMENT:
            return _moment(told, place)
        case Op.DAY:
            return f"CAST(TRY_CAST({told} AS DATE) AS STRING)"
        case Op.SYMBOLS:
            cases = " ".join(
                f"WHEN {_text(mine)} THEN {_text(theirs)}" for mine, theirs in step.symbols.items()
            )
            return f"CASE {told} {cases} ELSE {told} END"
        case Op.CONSTANT:
            return _literal(step.value)
        case Op.DEFAULT:
            return f"COALESCE({told}, {_literal(step.value)})"


def _number(told: str) -> str:
    """A point or a comma before the fraction; texts that are no numbers become null."""
    comma = f"REPLACE(REGEXP_REPLACE({told}, '[. ]', ''), ',', '.')"
    return (
        f"TRY_CAST(CASE WHEN REGEXP({told}, '^[+-]?[0-9]+([. ][0-9]{{3}})*,[0-9]+$') THEN {comma} "
        f"WHEN REGEXP({told}, '^[+-]?[0-9]{{1,3}}(,[0-9]{{3}})+[.][0-9]+$') "
        f"THEN REPLACE({told}, ',', '') ELSE {told} END AS DOUBLE)"
    )


def _moment(told: str, place: Field | None) -> str:
    logical = place.logical if place else None
    if logical is Logical.EPOCH_SECONDS:
        return f"CAST(TO_TIMESTAMP_LTZ({told}, 0) AS TIMESTAMP(3))"
    if logical is Logical.EPOCH_MICROS:
        return f"CAST(TO_TIMESTAMP_LTZ({told} / 1000, 3) AS TIMESTAMP(3))"
    if logical is Logical.EPOCH_MILLIS:
        return f"CAST(TO_TIMESTAMP_LTZ({told}, 3) AS TIMESTAMP(3))"
    tried = ", ".join(f"TO_TIMESTAMP({told}, '{pattern}')" for pattern in _PATTERNS)
    return f"CAST(COALESCE({tried}) AS TIMESTAMP(3))"


def _source_type(place: Field) -> str:
    kinds = place.kinds - {Kind.NULL}
    if place.logical in _MOMENTS and kinds == {Kind.INTEGER}:
        return "BIGINT"
    if len(kinds) > 1 and kinds <= _TYPES.keys():
        # JSON's numbers are read as texts as well.
        return "DOUBLE" if kinds == {Kind.INTEGER, Kind.NUMBER} else "STRING"
    return _type(place, _source_type)


def _sink_type(place: Field) -> str:
    told = "TIMESTAMP(3)" if place.logical in _MOMENTS else _type(place, _sink_type)
    return told if place.optional or place.nullable else f"{told} NOT NULL"


def _type(place: Field, inner: Callable[[Field], str]) -> str:
    kinds = place.kinds - {Kind.NULL}
    named = {child.name: child for child in place.children}
    if kinds == {Kind.ARRAY}:
        return f"ARRAY<{inner(named[ITEMS]) if ITEMS in named else 'STRING'}>"
    if kinds == {Kind.MAP}:
        return f"MAP<STRING, {inner(named[VALUES]) if VALUES in named else 'STRING'}>"
    if kinds == {Kind.OBJECT} and place.children:
        inside = ", ".join(f"{_name(child.name)} {inner(child)}" for child in place.children)
        return f"ROW<{inside}>"
    return _TYPES.get(next(iter(kinds)), "STRING") if len(kinds) == 1 else "STRING"


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int | float) else _text(str(value))
