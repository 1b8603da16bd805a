"""The step `access`: the owning team may use the topic, by Kafka's ACLs."""

from __future__ import annotations

from core.plan import Plan
from graph.provisioning.step import Result, Work
from tools.kafka.admin import Acl, KafkaAdmin

BEFORE = "before"
"""Noted before anything is granted: the operations by principal that were granted already."""


class GrantAccess:
    """Grants what is not granted yet. What was there before this step began stays another's."""

    name = "access"

    def __init__(self, admin: KafkaAdmin) -> None:
        self._admin = admin

    async def do(self, work: Work) -> Result:
        topic, wanted = work.plan.topic.name, _acls(work.plan)
        if BEFORE not in work.noted:
            there = await self._admin.acls(topic) & wanted
            await work.note({BEFORE: [[acl.principal, acl.operation] for acl in sorted(there)]})
        await self._admin.create_acls(topic, wanted)
        return {"acls": len(wanted), "created": True}

    async def undo(self, plan: Plan, result: Result) -> str:
        if BEFORE not in result:
            return ""
        own = _acls(plan) - {Acl(*each) for each in result[BEFORE]}
        deleted = await self._admin.delete_acls(plan.topic.name, own)
        if not (deleted or (own and result.get("created"))):
            return ""
        principals = ", ".join(sorted({acl.principal for acl in own}))
        return f"The access of {principals} to the topic {plan.topic.name} was taken back."


def _acls(plan: Plan) -> frozenset[Acl]:
    return frozenset(
        Acl(access.principal, operation.value)
        for access in plan.access
        for operation in access.operations
    )
