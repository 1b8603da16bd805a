"""Permissions of a grant as a cluster's ACLs, over several topics and groups at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection

from core.access import Operation
from core.grant import Permission, Resource
from tools.kafka.admin import Acl, AclResource, KafkaAdmin


class Permissions:
    """What of some permissions a cluster gives; gives them, and takes them back.

    Raises AclsDisabledError, KafkaDeniedError and other KafkaFailedErrors.
    """

    def __init__(self, admin: KafkaAdmin) -> None:
        self._admin = admin

    async def given(self, wanted: Collection[Permission]) -> frozenset[Permission]:
        """Those of the wanted ones that are there."""
        asked = _by_resource(wanted)
        found = await asyncio.gather(*(self._admin.acls(each) for each in asked))
        there = dict(zip(asked, found, strict=True))
        return frozenset(each for each in wanted if _acl(each) in there[_resource(each)])

    async def give(self, wanted: Collection[Permission]) -> None:
        for resource, each in _by_resource(wanted).items():
            await self._admin.create_acls(resource, frozenset(map(_acl, each)))

    async def take(self, given: Collection[Permission]) -> frozenset[Permission]:
        """Those that were there."""
        taken: set[Permission] = set()
        for resource, each in _by_resource(given).items():
            gone = await self._admin.delete_acls(resource, frozenset(map(_acl, each)))
            taken |= {_permission(resource, acl) for acl in gone}
        return frozenset(taken)


def _by_resource(wanted: Collection[Permission]) -> dict[AclResource, list[Permission]]:
    found: dict[AclResource, list[Permission]] = defaultdict(list)
    for each in wanted:
        found[_resource(each)].append(each)
    return found


def _resource(each: Permission) -> AclResource:
    return AclResource(each.resource.value, each.name, each.prefixed)


def _acl(each: Permission) -> Acl:
    return Acl(each.principal, each.operation.value)


def _permission(resource: AclResource, acl: Acl) -> Permission:
    return Permission(
        resource=Resource(resource.kind),
        name=resource.name,
        prefixed=resource.prefixed,
        principal=acl.principal,
        operation=Operation(acl.operation),
    )
