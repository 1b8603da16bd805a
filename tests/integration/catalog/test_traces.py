"""One trace from the request through graph and tool to Postgres and Kafka, without a word of it."""

from __future__ import annotations

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.collector import otlp_collector
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.openai_server import MODEL, openai_server
from tests.integration.catalog.test_hosted_model import answering
from tools import tracing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SECRET = "swordfish"


async def test_a_chat_is_one_trace_down_to_postgres_and_a_look_at_kafka_is_another(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    behave = answering("Start with `supplier-master`.", "supplier-master")
    async with otlp_collector() as collected, openai_server(behave) as model:
        settings = settings_of(
            stack, fleet_url, otlp_endpoint=collected.url, llm_base_url=model, llm_model=MODEL
        )
        async with client_of(catalog_app(settings)) as client:
            answer = await client.post(
                "/chat",
                json={"message": f"I need supplier data for {SECRET}"},
                headers={"traceparent": f"00-{TRACE}-{CALLER}-01"},
            )
            await client.get("/readyz")
            await client.get("/healthz")

    assert answer.status_code == 200, answer.text
    (chat,) = collected.named("POST /chat")
    assert (chat.trace_id.hex(), chat.parent_span_id.hex()) == (TRACE, CALLER)
    (tool,) = collected.named("tool search_sources")
    assert collected.above(tool) == ["model work", "agent discovery", "POST /chat"]
    below_tool = [
        span for span in collected.named("postgres search") if tool.name in collected.above(span)
    ]
    assert below_tool
    assert {span.trace_id.hex() for span in below_tool} == {TRACE}
    (looked,) = {tuple(collected.above(span)) for span in collected.named("kafka ")}
    assert looked == ("GET /readyz",)
    assert not collected.named("GET /healthz")
    told = b"".join(span.SerializeToString() for span in collected.spans)
    assert SECRET.encode() not in told
    assert b"supplier" not in told


async def test_workers_that_find_nothing_to_do_make_no_spans_and_off_means_off(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    async with otlp_collector() as collected:
        settings = settings_of(stack, fleet_url, otlp_endpoint=collected.url)
        app = catalog_app(settings)
        async with client_of(app):
            assert tracing.on()
            await app.state.services.outbox.deliver_due()

    assert collected.spans == []
    assert not tracing.on()
    assert tracing.headers() == {}
