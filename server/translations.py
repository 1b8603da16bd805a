"""The errors of adapters as problems for callers: which status, and whether to try again."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import psycopg

from core.alerts.deeds import AlertResolvedError, MuteEndError
from core.grant_request import AccessRefusedError
from core.lineage.node import InvalidNodeError
from core.plan_changes import InvalidChangesError
from core.promotion import InvalidOwnerError, PromotionRefusedError
from server.alerts.link import AlertLinkExpiredError, AlertLinkInvalidError
from server.approvals.link import LinkExpiredError, LinkInvalidError
from server.chat import ThreadNotFoundError
from server.grants.ends import GrantNotActiveError
from server.grants.requests import AccessAskedForError, AccessNotConfiguredError
from server.notices.link import NoticeLinkExpiredError, NoticeLinkInvalidError
from server.principal import InvalidReferenceError
from server.problems import RETRY_AFTER, FieldProblem, ProblemError, Translate
from server.products.refusals import PRODUCT_TRANSLATIONS
from server.promotions import AlreadyManagedError
from server.refusals import (
    AlreadyDecidedError,
    ApprovalExpiredError,
    DecisionForbiddenError,
    PlanChangedError,
    PlanRefusedError,
)
from server.workers.bridging import NotProvisionedError
from tools.comparison.comparer import NothingToCompareError
from tools.consolidation.consolidator import NotConsolidatedError
from tools.db.alerts import AlertNotFoundError
from tools.db.analyses import AnalysisNotFoundError
from tools.db.approvals import ApprovalNotFoundError
from tools.db.bridges import BridgeNotAskedForError
from tools.db.callbacks import CallbackUsedError
from tools.db.consolidations import ConsolidationNotFoundError
from tools.db.errors import (
    DatabaseMigratedError,
    DatabaseNotMigratedError,
    DatabaseUnreachableError,
    InvalidCursorError,
)
from tools.db.generations import GenerationNotFoundError
from tools.db.grants import GrantNotFoundError
from tools.db.keys import KeyEndedError, KeyNotFoundError
from tools.db.notices import NoticeNotFoundError
from tools.db.recommendations import RecommendationClosedError, RecommendationNotFoundError
from tools.db.rules import RuleInferredError, RuleNotFoundError, RuleOwnedError
from tools.db.scans import ScanNotFoundError
from tools.db.sources import SourceNotFoundError
from tools.embeddings.model import EmbeddingModelUnavailable
from tools.identity.errors import KeysUnreachableError
from tools.kafka.errors import KafkaFailedError
from tools.notifications.noticing import ExplanationMissingError
from tools.provenance.reader import FieldNotFoundError, NodeNotFoundError
from tools.registry.errors import RegistryFailedError
from tools.search.question import EmptyQueryError, QueryTooLongError


def _unavailable(slug: str) -> Translate:
    def translate(error: Exception) -> ProblemError:
        return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, slug, str(error), headers=RETRY_AFTER)

    return translate


def _not_found(slug: str) -> Translate:
    def translate(error: Exception) -> ProblemError:
        return ProblemError(HTTPStatus.NOT_FOUND, slug, str(error))

    return translate


def _refused(status: HTTPStatus, slug: str) -> Translate:
    def translate(error: Exception) -> ProblemError:
        return ProblemError(status, slug, str(error))

    return translate


def _invalid_changes(error: InvalidChangesError) -> ProblemError:
    places = tuple(
        FieldProblem(at=f"changes.{at}" if at != "changes" else at, detail=what)
        for at, what in error.problems
    )
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-changes", str(error), errors=places
    )


def _source_not_found(error: SourceNotFoundError) -> ProblemError:
    return ProblemError(
        HTTPStatus.NOT_FOUND, "source-not-found", str(error), near=tuple(error.near)
    )


def _rule_not_found(error: RuleNotFoundError) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, "rule-not-found", str(error), near=error.near)


def _field_not_found(error: FieldNotFoundError) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, "field-not-found", str(error), near=error.near)


def _invalid_cursor(error: InvalidCursorError) -> ProblemError:
    return ProblemError(HTTPStatus.BAD_REQUEST, "invalid-cursor", str(error))


def _invalid_value(error: psycopg.DataError) -> ProblemError:
    """A null character, or a number beyond what a column holds: no source can have it."""
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-value",
        f"A value of the request cannot be looked up: {str(error).splitlines()[0]}. Correct it.",
    )


def _invalid_query(error: EmptyQueryError | QueryTooLongError) -> ProblemError:
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-query", str(error))


TRANSLATIONS: Mapping[type[Exception], Translate] = {
    DatabaseUnreachableError: _unavailable("database-unreachable"),
    DatabaseMigratedError: _unavailable("database-migrated"),
    DatabaseNotMigratedError: _unavailable("database-not-migrated"),
    EmbeddingModelUnavailable: _unavailable("embedding-model-unavailable"),
    KafkaFailedError: _unavailable("kafka-failed"),
    RegistryFailedError: _unavailable("schema-registry-failed"),
    SourceNotFoundError: _source_not_found,
    RuleNotFoundError: _rule_not_found,
    RuleOwnedError: _refused(HTTPStatus.CONFLICT, "rule-of-a-product"),
    RuleInferredError: _refused(HTTPStatus.CONFLICT, "rule-inferred"),
    InvalidOwnerError: _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-owner"),
    PromotionRefusedError: _refused(HTTPStatus.CONFLICT, "cannot-be-promoted"),
    AlreadyManagedError: _refused(HTTPStatus.CONFLICT, "already-managed"),
    AccessRefusedError: _refused(HTTPStatus.CONFLICT, "access-refused"),
    AccessAskedForError: _refused(HTTPStatus.CONFLICT, "access-asked-for"),
    AccessNotConfiguredError: _refused(HTTPStatus.CONFLICT, "access-not-configured"),
    GrantNotActiveError: _refused(HTTPStatus.CONFLICT, "grant-not-active"),
    GrantNotFoundError: _not_found("grant-not-found"),
    ScanNotFoundError: _not_found("scan-not-found"),
    AnalysisNotFoundError: _not_found("analysis-not-found"),
    NoticeNotFoundError: _not_found("notice-not-found"),
    ExplanationMissingError: _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "explanation-missing"),
    NoticeLinkExpiredError: _refused(HTTPStatus.GONE, "link-expired"),
    NoticeLinkInvalidError: _refused(HTTPStatus.FORBIDDEN, "link-invalid"),
    AlertNotFoundError: _not_found("alert-not-found"),
    AlertLinkExpiredError: _refused(HTTPStatus.GONE, "link-expired"),
    AlertLinkInvalidError: _refused(HTTPStatus.FORBIDDEN, "link-invalid"),
    AlertResolvedError: _refused(HTTPStatus.CONFLICT, "alert-resolved"),
    MuteEndError: _refused(HTTPStatus.CONFLICT, "mute-end-invalid"),
    RecommendationNotFoundError: _not_found("recommendation-not-found"),
    RecommendationClosedError: _refused(HTTPStatus.CONFLICT, "recommendation-closed"),
    BridgeNotAskedForError: _not_found("bridge-not-asked-for"),
    NotProvisionedError: _refused(HTTPStatus.CONFLICT, "not-provisioned"),
    ConsolidationNotFoundError: _not_found("consolidation-not-found"),
    NotConsolidatedError: _refused(HTTPStatus.CONFLICT, "not-consolidated"),
    NothingToCompareError: _refused(HTTPStatus.CONFLICT, "nothing-to-compare"),
    KeyNotFoundError: _not_found("key-not-found"),
    KeyEndedError: _refused(HTTPStatus.CONFLICT, "key-ended"),
    KeysUnreachableError: _unavailable("issuer-unreachable"),
    GenerationNotFoundError: _not_found("generation-not-found"),
    ThreadNotFoundError: _not_found("thread-not-found"),
    NodeNotFoundError: _not_found("node-not-found"),
    InvalidNodeError: _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-node"),
    FieldNotFoundError: _field_not_found,
    InvalidCursorError: _invalid_cursor,
    ApprovalNotFoundError: _not_found("approval-not-found"),
    AlreadyDecidedError: _refused(HTTPStatus.CONFLICT, "already-decided"),
    ApprovalExpiredError: _refused(HTTPStatus.GONE, "approval-expired"),
    CallbackUsedError: _refused(HTTPStatus.GONE, "callback-used"),
    DecisionForbiddenError: _refused(HTTPStatus.FORBIDDEN, "decision-forbidden"),
    InvalidChangesError: _invalid_changes,
    InvalidReferenceError: _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-reference"),
    LinkExpiredError: _refused(HTTPStatus.GONE, "callback-expired"),
    LinkInvalidError: _refused(HTTPStatus.FORBIDDEN, "callback-invalid"),
    PlanChangedError: _refused(HTTPStatus.CONFLICT, "plan-changed"),
    PlanRefusedError: _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "plan-refused"),
    **PRODUCT_TRANSLATIONS,
    psycopg.DataError: _invalid_value,
    EmptyQueryError: _invalid_query,
    QueryTooLongError: _invalid_query,
}
