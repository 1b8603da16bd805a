"""From a sentence to ACLs: where teams have names in Kafka, the owner may use its new topic."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.settings import Settings
from tests.integration.generation.conftest import JANE, Rig, opened
from tests.integration.kafka.bindings import Bindings

TOLD = "User:fraud-team: read, write, describe"


@pytest.fixture
async def granting(own_settings: Settings) -> AsyncIterator[Rig]:
    settings = own_settings.model_copy(update={"acl_principal": "User:{team}"})
    async with opened(settings) as rig:
        yield rig


async def test_the_owner_of_an_approved_product_may_use_its_topic(
    granting: Rig, bootstrap_servers: str
) -> None:
    view = await granting.generate()
    shown = (await granting.catalog.get(view["approval"])).json()

    assert (await granting.decide(view, "approve")).status_code == 200
    ended = await granting.until(
        f"/generations/{view['generation']['id']}",
        lambda seen: seen["generation"]["status"] in ("active", "failed"),
    )
    bindings = Bindings(bootstrap_servers, view["plan"]["topic"]["name"])
    granted = bindings.granted()
    bindings.clear()

    assert f"access of {TOLD}" in shown["impact"]["diff"]["topic"]["lines"]
    assert ended["generation"]["status"] == "active", ended
    assert granted == [("User:fraud-team", each) for each in ("describe", "read", "write")]


async def test_an_owner_whom_the_approver_names_is_granted_instead(granting: Rig) -> None:
    view = await granting.generate(name="handed on")
    changes = {"product.owner": "group:default/payments"}

    answer = await granting.generator.post(
        f"{view['approval']}/decision",
        json={"decision": "modify", "changes": changes},
        headers=JANE,
    )

    assert answer.status_code == 200, answer.text
    (access,) = answer.json()["plan"]["access"]
    assert access["principal"] == "User:payments"


async def test_without_names_for_teams_a_plan_grants_nothing(rig: Rig) -> None:
    view = await rig.generate(name="ungranted")

    assert view["plan"]["access"] == []
