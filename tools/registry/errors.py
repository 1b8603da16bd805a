"""What can go wrong with a Schema Registry, in words that say what to do."""

from __future__ import annotations


class RegistryFailedError(Exception):
    """The registry answered a request with an error."""


class RegistryUnreachableError(RegistryFailedError):
    """No registry answered in time."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(
            f"The Schema Registry at {url} does not answer ({cause}). Check that it runs and that"
            " HEADWATER_SCHEMA_REGISTRY is the base URL of its Confluent-compatible API."
        )


class RegistryDeniedError(RegistryFailedError):
    """The registry refused our credentials."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"The Schema Registry at {url} refused our credentials. Put them into the URL or the"
            " registry settings (basic.auth.user.info, bearer.auth.*, ssl.*)."
        )


class SubjectNotFoundError(RegistryFailedError):
    """The registry has no such subject or version."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"The Schema Registry has no subject {subject} or not that version of it.")


class IncompatibleSchemaError(RegistryFailedError):
    """The schema breaks the subject's compatibility level."""

    def __init__(self, subject: str, cause: str) -> None:
        super().__init__(
            f"The schema is incompatible with the versions of {subject}: {cause}. Change the schema"
            " or lower the subject's compatibility level."
        )


class InvalidSchemaError(RegistryFailedError):
    """The registry cannot read the schema."""

    def __init__(self, subject: str, cause: str) -> None:
        super().__init__(f"The registry refused the schema for {subject} as invalid: {cause}.")
