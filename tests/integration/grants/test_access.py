"""Access to a product, as Kafka itself sees it: one broker that refuses whoever has no grant."""

from __future__ import annotations

import asyncio

import pytest

from core.grant_life import Grant, grant_id_of
from graph.provisioning.grants import GiveAccess, Granting
from graph.provisioning.step import Result, Work
from server.grants.ends import GrantEnds
from tests.integration.grants.conftest import Ground
from tools.db.grants import GrantRepository
from tools.kafka.admin import Acl, AclResource, KafkaAdmin
from tools.kafka.connection import KafkaConnection

READS = {Acl("User:payments", "read"), Acl("User:payments", "describe")}


async def test_a_client_reads_while_it_has_access_and_neither_before_nor_after(
    ground: Ground,
) -> None:
    ground.broker.put(ground.topic, "a score")

    before = await ground.read(), await ground.fetch()
    grant = await ground.granted()
    while_granted = await ground.read(), await ground.fetch()
    of_another_group = await ground.read(group="other")
    of_another_user = await ground.fetch(user="risk")
    written = await asyncio.to_thread(ground.broker.write, "payments", ground.topic, "forged")
    await ground.time_is_over(grant["grant"]["id"])
    await ground.services.grant_ends.end_due()
    after = await ground.read(), await ground.fetch()

    assert before == after == ("group denied", "topic denied")
    assert while_granted == ("a score", "a score")
    assert (of_another_group, of_another_user) == ("group denied", "topic denied")
    assert written == "topic denied"
    ended = await ground.grant(grant["grant"]["id"])
    assert ended["grant"]["status"] == "expired"
    assert ended["grant"]["kept"] == []
    assert await acls(ground) == set()
    assert await ground.services.kafka.acls(AclResource("group", ground.group)) == set()


async def acls(ground: Ground) -> set[Acl]:
    return set(await ground.services.kafka.acls(ground.topic))


async def test_what_somebody_else_gave_stays_at_the_end_and_is_told(ground: Ground) -> None:
    theirs = Acl("User:payments", "describe")
    await ground.services.kafka.create_acls(ground.topic, {theirs})

    grant = await ground.granted()
    ended = (
        await ground.send(
            "ann", "POST", f"/grants/{grant['grant']['id']}/revoke", {"reason": "over"}
        )
    ).json()

    assert ended["grant"]["status"] == "revoked"
    assert await acls(ground) == {theirs}
    (kept,) = ended["grant"]["kept"]
    assert kept["because"] == "somebody else had given it before"
    assert f"It may still describe the topic {ground.topic}" in ended["words"]


async def test_a_prolonged_access_outlives_the_end_of_the_first_and_ends_with_its_own(
    ground: Ground,
) -> None:
    first, second = await ground.granted(), await ground.granted(operations=["read", "write"])

    await ground.time_is_over(first["grant"]["id"])
    await ground.services.grant_ends.end_due()
    between = await acls(ground)
    await ground.time_is_over(second["grant"]["id"])
    await ground.services.grant_ends.end_due()

    assert between == {*READS, Acl("User:payments", "write")}
    assert await acls(ground) == set()
    told = await ground.grant(first["grant"]["id"])
    assert {each["because"].split(" until")[0] for each in told["grant"]["kept"]} == {
        f"the grant {second['grant']['id']} gives it"
    }


async def test_an_end_waits_for_a_kafka_that_is_away_and_is_done_by_another_process_later(
    ground: Ground,
) -> None:
    grant_id = (await ground.granted())["grant"]["id"]
    await ground.time_is_over(grant_id)
    away = KafkaAdmin(KafkaConnection("127.0.0.1:1"), timeout=1.0)

    await GrantEnds(ground.services.pool, Granting(ground.services.pool, away)).end_due()
    waiting, still = await ground.grant(grant_id), await acls(ground)
    await ground.services.grant_ends.end_due()
    await ground.services.grant_ends.end_due()
    ended = await ground.grant(grant_id)

    assert (waiting["grant"]["status"], waiting["overdue"]) == ("ending", True)
    assert "does not answer" in waiting["words"]
    assert still == READS
    assert (ended["grant"]["status"], ended["overdue"]) == ("expired", False)
    assert ended["grant"]["error"] is None
    assert await acls(ground) == set()


class Killed(BaseException):
    """The process died here."""


class Dying(Granting):
    """Dies once Kafka has given all, and before that is noted."""

    async def give(self, grant_id: str) -> Grant:
        grant = await GrantRepository(self._pool).get(grant_id)
        await self._permissions.give(grant.own)
        raise Killed


async def test_a_process_that_dies_after_it_gave_leaves_one_grant_that_takes_all_back(
    ground: Ground,
) -> None:
    pool, kafka = ground.services.pool, ground.services.kafka
    request_id = (await ground.asked()).json()["id"]
    async with ground.server.idle():
        await ground.decided("ann", request_id)
        approval = await ground.services.desk.approvals.get(request_id)
        with pytest.raises(Killed):
            await GiveAccess(Dying(pool, kafka)).do(Work(approval, {}, nothing))
        noted = await ground.grant(grant_id_of(request_id))
        given = await acls(ground)

    ended = await ground.ended(request_id)
    await ground.time_is_over(ended["grant_id"])
    await ground.services.grant_ends.end_due()

    assert (noted["grant"]["status"], given, ended["state"]) == ("giving", READS, "granted")
    assert await acls(ground) == set()


async def nothing(result: Result) -> None:
    """Whoever died has noted nothing."""
