"""What is logged of a scan and of a chat holds nothing of what was in messages, or was said."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from core.scan import ScanProgress
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.log_lines import JsonLines, log_to
from server.workers.scanning import scan_now
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.openai_server import MODEL, openai_server
from tests.integration.catalog.test_hosted_model import answering
from tests.integration.discovery.conftest import Corner

SECRETS = ("Swordfish7", "jane.doe@example.com", "4929000011112222", "Lisbon Harbour")


@contextmanager
def log_written() -> Iterator[io.StringIO]:
    """All that the server's own log would hold; the tests' own logging is put back after."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    # `force` closes what was there: it is taken out of its sight.
    root.handlers[:] = []
    log_to(handler)
    try:
        yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def values() -> list[object]:
    """Sound and unsound, each with something that must not be told."""
    word, mail, card, place = SECRETS
    sound = [{"password": word, "mail": mail, "card": card, "to": place, "n": n} for n in range(40)]
    broken = f'{{"mail": "{mail}", "to": "{place}"'.encode()
    framed = b"\x00\x00\x0f\x42\x40" + word.encode()
    return [*sound, broken, framed, f"{mail};{card}\n{place}".encode(), b"Obj\x01" + mail.encode()]


async def untold(_: ScanProgress) -> None:
    """Nobody waits for it."""


async def test_no_value_of_a_message_and_no_word_of_a_chat_is_in_the_log(
    stack: EmbeddedStack, corner: Corner, database_url: str
) -> None:
    for name in ("clean", "mixed"):
        corner.put(await corner.create(f"{name}-orders"), values() * (2 if name == "mixed" else 1))
    behave = answering(f"There are 4711 for {SECRETS[0]}.")
    with log_written() as written:
        async with openai_server(behave) as url:
            settings = settings_of(
                stack,
                database_url,
                exclude_topics=(rf"^(?!.*\.{corner.prefix}$)",),
                llm_base_url=url,
                llm_model=MODEL,
            )
            run = await scan_now(settings, "test", untold)
            async with client_of(catalog_app(settings)) as client:
                said = {"message": f"Which orders go to {SECRETS[3]} for {SECRETS[1]}?"}
                headers = {"X-Headwater-Principal": "user:default/jane", "X-Request-Id": "chat-1"}
                answer = await client.post(f"/chat?{SECRETS[2]}", json=said, headers=headers)

    assert run.progress.done == 2
    assert answer.status_code == 200, answer.text
    log = written.getvalue()
    lines = [json.loads(line) for line in log.splitlines()]
    (chat,) = (line for line in lines if line.get("route") == "/chat")
    assert chat["request_id"] == "chat-1"
    assert chat["principal"] == "user:default/jane"
    assert (chat["method"], chat["status"], chat["api"]) == ("POST", 200, "catalog")
    assert chat["duration_ms"] > 0
    # The model's answer was refused, and that was logged, without what it said.
    assert any(line["logger"] == "graph.models.choice" for line in lines)
    for secret in SECRETS:
        assert secret not in log
