"""The same mappings as Flink SQL."""

from core.unify.flink import FlinkSink, FlinkSource, flink_sql
from tests.unit.unify.test_unified import ORDERS, ROWS, made


def script() -> str:
    one = made(promised=True)
    sources = [
        FlinkSource(one.mappings[0], ORDERS, "avro"),
        FlinkSource(one.mappings[1], ROWS, "json"),
    ]
    sink = FlinkSink("shop.order-unified.v1", one.schema, "order_id")
    return flink_sql(sources, sink, "kafka:9092", "http://registry")


def test_there_is_a_table_for_each_topic_and_one_statement_set() -> None:
    told = script()

    for name in ("orders", "rows", "shop.order-unified.v1"):
        assert f"CREATE TABLE `{name}` (" in told
    assert told.count("EXECUTE STATEMENT SET") == 1
    assert told.count("INSERT INTO `shop.order-unified.v1`") == 2
    assert "'sink.delivery-guarantee' = 'exactly-once'" in told
    assert told.count("format' = 'avro-confluent'") == 2
    assert "'key.fields' = 'order_id'" in told


def test_each_step_has_its_expression() -> None:
    told = script()

    assert "CASE `state` WHEN 'OPEN' THEN 'open' ELSE `state` END AS `status`" in told
    assert "CAST(TO_TIMESTAMP_LTZ(`ts`, 0) AS TIMESTAMP(3)) AS `placed_at`" in told
    assert "TO_TIMESTAMP(`placedAt`, 'yyyy-MM-dd''T''HH:mm:ssX')" in told
    assert "AS DOUBLE) AS `total`" in told
    assert "CAST(ROW(`address`.`city`, `address`.`zip`) AS ROW<`city` STRING NOT NULL" in told
    assert "`order_id` STRING NOT NULL" in told


def test_names_cannot_break_out() -> None:
    one = made()
    mapping = one.mappings[1].model_copy(update={"source": "a`; DROP TABLE x; --'"})

    told = flink_sql(
        [FlinkSource(mapping, ROWS, "json")], FlinkSink("t", one.schema, None), "k", "r"
    )

    assert "CREATE TABLE `a``; DROP TABLE x; --'` (" in told
    assert "'topic' = 'a`; DROP TABLE x; --'''" in told
