"""Whether a step that failed is worth another try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.approval import Step
from graph.provisioning.step import ClashError
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError
from tools.db.product_errors import ContractMismatchError, PortTakenError, ProductExistsError
from tools.db.provisioning import ThingClaimedError
from tools.kafka.errors import (
    AclsDisabledError,
    KafkaConfigError,
    KafkaDeniedError,
    KafkaUnreachableError,
    TopicExistsError,
    TopicNotFoundError,
)
from tools.registry.errors import (
    IncompatibleSchemaError,
    InvalidSchemaError,
    RegistryDeniedError,
    RegistryUnreachableError,
)

_AWAY = (
    KafkaUnreachableError,
    RegistryUnreachableError,
    DatabaseUnreachableError,
    DatabaseConflictError,
)
_FINAL = (
    ClashError,
    ThingClaimedError,
    TopicExistsError,
    TopicNotFoundError,
    AclsDisabledError,
    KafkaDeniedError,
    KafkaConfigError,
    IncompatibleSchemaError,
    InvalidSchemaError,
    RegistryDeniedError,
    PortTakenError,
    ProductExistsError,
    ContractMismatchError,
)
_ATTEMPTS = 3
"""At a step that is answered with an error which may pass, or may not."""


def is_away(error: Exception) -> bool:
    """Whether a server did not answer: it may be back any time."""
    return isinstance(error, _AWAY)


def is_final(error: Exception, step: Step, patience: timedelta) -> bool:
    """Whether to give the step up: trying again cannot help, or was tried for long enough."""
    if isinstance(error, _FINAL):
        return True
    if is_away(error):
        return step.started_at is not None and datetime.now(UTC) - step.started_at > patience
    return step.attempts >= _ATTEMPTS
