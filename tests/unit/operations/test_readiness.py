from __future__ import annotations

from datetime import UTC, datetime

from server.readiness import Impaired, PartState, Probes, ReadyStatus


class Part:
    """A server that answers, or is away."""

    def __init__(self) -> None:
        self.away: str | None = None

    async def __call__(self) -> None:
        if self.away is not None:
            raise ConnectionError(self.away)


def probes(kafka: Part, *, registry: bool = True) -> Probes:
    return Probes(
        {"postgres": Part(), "kafka": kafka, "schema_registry": Part() if registry else None}
    )


async def test_a_part_that_is_away_says_why_since_when_and_what_to_do() -> None:
    kafka = Part()
    asking = probes(kafka)
    before = (await asking.ask()).kafka

    kafka.away = "no route to 10.0.0.1:9092"
    found = await asking.ask()
    again = await asking.ask()

    assert (before.state, before.advice) == (PartState.READY, None)
    assert (found.ready, found.status) == (False, ReadyStatus.UNREADY)
    assert found.kafka.reason == "no route to 10.0.0.1:9092"
    assert "HEADWATER_BOOTSTRAP_SERVERS" in (found.kafka.advice or "")
    assert before.since < found.kafka.since == again.kafka.since


async def test_it_is_ready_again_as_soon_as_the_part_is_back() -> None:
    kafka = Part()
    kafka.away = "gone"
    asking = probes(kafka)
    await asking.ask()

    kafka.away = None

    assert (await asking.ask()).status is ReadyStatus.READY


async def test_what_fails_beside_makes_it_degraded_and_not_unready() -> None:
    worker = Impaired(what="worker judge", since=datetime.now(UTC), reason="fails", advice="wait")

    found = await probes(Part()).ask((worker,))

    assert (found.ready, found.status) == (True, ReadyStatus.DEGRADED)
    assert found.impaired == (worker,)


async def test_without_a_registry_it_works_and_says_what_is_missing() -> None:
    found = await probes(Part(), registry=False).ask()

    assert (found.ready, found.status) == (True, ReadyStatus.DEGRADED)
    assert found.schema_registry.state is PartState.NOT_CONFIGURED
    assert [each.what for each in found.impaired] == ["schema_registry"]
