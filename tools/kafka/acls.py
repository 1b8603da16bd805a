"""The ACLs of topics and consumer groups: which principals the cluster lets do what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from confluent_kafka.admin._acl import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
)
from confluent_kafka.admin._cluster import DescribeClusterResult
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from tools.kafka.errors import AclsDisabledError, KafkaDeniedError
from tools.kafka.request import AdminRequests

_TYPES = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}
_ANYWHERE = "*"
_NEEDED = {AclOperation.DESCRIBE, AclOperation.ALTER}
_AUTHORIZER = "authorizer.class.name"

_Parts = tuple[ResourceType, str, ResourcePatternType, str, str, AclOperation, AclPermissionType]
"""What the client makes a binding of, and a filter that matches this binding alone."""


@dataclass(frozen=True, order=True, slots=True)
class Acl:
    """Lets `principal` do `operation` (Kafka's name in small letters) on one resource, from any
    host.

    Refusals, and what is granted by host or by another pattern, are not told and never touched.
    """

    principal: str
    operation: str


@dataclass(frozen=True, order=True, slots=True)
class AclResource:
    """A `topic` or a `group` by its name; `prefixed` is all whose names begin so."""

    kind: str
    name: str
    prefixed: bool = False

    @property
    def pattern(self) -> ResourcePatternType:
        return ResourcePatternType.PREFIXED if self.prefixed else ResourcePatternType.LITERAL

    def __str__(self) -> str:
        return f"{self.kind} {self.name}{'...' if self.prefixed else ''}"


class ResourceAcls:
    """Asks and changes what is granted on a resource, which need not exist."""

    def __init__(self, requests: AdminRequests, resource: AclResource) -> None:
        self._requests = requests
        self._resource = resource

    async def granted(self) -> frozenset[Acl]:
        await require_acls(self._requests)
        return await self._look()

    async def create(self, acls: Collection[Acl]) -> None:
        """Those that are there stay as they are. Returns when the cluster shows all."""
        bindings = [AclBinding(*self._parts(acl)) for acl in sorted(acls)]
        if bindings:
            await self._requests.all(
                f"create ACLs of the {self._resource}",
                lambda: self._requests.client.create_acls(
                    bindings, request_timeout=self._requests.timeout
                ).values(),
            )
            await self._requests.settled(lambda: self._are_there(frozenset(acls)))

    async def delete(self, acls: Collection[Acl]) -> frozenset[Acl]:
        """Those that were there. Returns when the cluster shows none of them."""
        filters = [AclBindingFilter(*self._parts(acl)) for acl in sorted(acls)]
        if not filters:
            return frozenset()
        answers = await self._requests.all(
            f"delete ACLs of the {self._resource}",
            lambda: self._requests.client.delete_acls(
                filters, request_timeout=self._requests.timeout
            ).values(),
        )
        await self._requests.settled(lambda: self._are_gone(frozenset(acls)))
        return frozenset(_acl(found) for answer in answers for found in answer)

    async def _are_there(self, acls: frozenset[Acl]) -> bool:
        return acls <= await self._look()

    async def _are_gone(self, acls: frozenset[Acl]) -> bool:
        return acls.isdisjoint(await self._look())

    async def _look(self) -> frozenset[Acl]:
        """Empty also where the look is refused: the client does not tell the two apart."""
        every = AclBindingFilter(
            _TYPES[self._resource.kind],
            self._resource.name,
            self._resource.pattern,
            None,  # type: ignore[arg-type]
            _ANYWHERE,
            AclOperation.ANY,
            AclPermissionType.ALLOW,
        )
        (found,) = await self._requests.all(
            f"read ACLs of the {self._resource}",
            lambda: [
                self._requests.client.describe_acls(every, request_timeout=self._requests.timeout)
            ],
        )
        return frozenset(map(_acl, found))

    def _parts(self, acl: Acl) -> _Parts:
        return (
            _TYPES[self._resource.kind],
            self._resource.name,
            self._resource.pattern,
            acl.principal,
            _ANYWHERE,
            AclOperation[acl.operation.upper()],
            AclPermissionType.ALLOW,
        )


async def require_acls(requests: AdminRequests) -> None:
    """Raises AclsDisabledError, or KafkaDeniedError where we may not look at ACLs and change them.

    What a cluster does not tell of itself counts as given: the change itself will say so then.
    """
    found = await _described(requests)
    operations = found.authorized_operations
    if operations is not None and not set(operations) >= _NEEDED:
        raise KafkaDeniedError("change ACLs", "it takes Describe and Alter on the cluster")
    if await _authorizer(requests, (node.id for node in found.nodes)) == "":
        raise AclsDisabledError("change ACLs")


async def _described(requests: AdminRequests) -> DescribeClusterResult:
    found: DescribeClusterResult
    (found,) = await requests.all(
        "describe the cluster",
        lambda: [
            requests.client.describe_cluster(
                include_authorized_operations=True, request_timeout=requests.timeout
            )
        ],
    )
    return found


async def _authorizer(requests: AdminRequests, brokers: Iterable[int]) -> str | None:
    """The class that a broker has for it, empty where it has none; None where it is not told."""
    resource = ConfigResource(ConfigResource.Type.BROKER, str(next(iter(brokers))))
    try:
        (found,) = await requests.all(
            "read settings of a broker",
            lambda: requests.client.describe_configs(
                [resource], request_timeout=requests.timeout
            ).values(),
        )
    except KafkaDeniedError:
        return None
    entry = found.get(_AUTHORIZER)
    return None if entry is None else entry.value


def _acl(found: AclBinding) -> Acl:
    return Acl(found.principal, AclOperation(found.operation).name.lower())
