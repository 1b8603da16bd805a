"""What can go wrong with Kafka, in words that say what to do."""

from __future__ import annotations

from confluent_kafka import KafkaError


class KafkaFailedError(Exception):
    """Kafka answered a request with an error."""


class KafkaUnreachableError(KafkaFailedError):
    """No broker answered in time."""

    def __init__(self, servers: str, cause: str) -> None:
        super().__init__(
            f"Kafka at {servers} does not answer ({cause}). Check that it runs, that"
            " HEADWATER_BOOTSTRAP_SERVERS names it and that this machine may connect to it."
        )


class KafkaDeniedError(KafkaFailedError):
    """The cluster refused our credentials or lacks a permission for us."""

    def __init__(self, what: str, cause: str) -> None:
        super().__init__(
            f"Kafka refused to let us {what} ({cause}). Check the security settings in"
            " HEADWATER_KAFKA_CONFIG and the ACLs of that user."
        )


class AclsDisabledError(KafkaFailedError):
    """The cluster has no authorizer: it keeps no ACLs and lets everybody do everything."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Could not {what}: the cluster has no authorizer. Set authorizer.class.name on its"
            " brokers, or unset HEADWATER_ACL_PRINCIPAL and ask for the product again."
        )


class TopicNotFoundError(KafkaFailedError):
    """The cluster has no topic of that name."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Could not {what}: the topic does not exist. Check its name.")


class TopicExistsError(KafkaFailedError):
    """The cluster already has a topic of that name."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Could not {what}: it exists already. Choose another name.")


class GroupNotFoundError(KafkaFailedError):
    """The cluster has no consumer group of that name."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Could not {what}: the consumer group does not exist. Check its name.")


class KafkaConfigError(KafkaFailedError):
    """A client setting is unknown or wrong."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"A Kafka client setting is wrong: {cause}. See HEADWATER_KAFKA_CONFIG.")


_UNREACHABLE = {
    KafkaError._TRANSPORT,
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._RESOLVE,
    KafkaError._TIMED_OUT,
    KafkaError._TIMED_OUT_QUEUE,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.BROKER_NOT_AVAILABLE,
}
_DENIED = {
    KafkaError._AUTHENTICATION,
    KafkaError._SSL,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
}


def translated(
    vendor: KafkaError, what: str, servers: str, last_error: str | None = None
) -> KafkaFailedError:
    """Our error for the vendor's; `what` completes "could not ...".

    `last_error` is what the connection complained of, which a mere time-out does not tell.
    """
    code, cause = vendor.code(), vendor.str()
    if code in _UNREACHABLE:
        return KafkaUnreachableError(servers, last_error or cause)
    if code in _DENIED:
        return KafkaDeniedError(what, cause)
    if code == KafkaError.SECURITY_DISABLED:
        return AclsDisabledError(what)
    if code in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC):
        return TopicNotFoundError(what)
    if code == KafkaError.GROUP_ID_NOT_FOUND:
        return GroupNotFoundError(what)
    if code == KafkaError.TOPIC_ALREADY_EXISTS:
        return TopicExistsError(what)
    return KafkaFailedError(f"Could not {what}: {cause}.")


def is_passing(answer: object) -> bool:
    """Whether an answer is an error that may be over in a moment: a leader or coordinator moves."""
    lasting = (KafkaUnreachableError, KafkaDeniedError, KafkaConfigError)
    return isinstance(answer, KafkaFailedError) and not isinstance(answer, lasting)
