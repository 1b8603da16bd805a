"""What can go wrong with products, as problems for callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from core.contract.standard import InvalidContractError
from core.product import TransitionRefusedError
from server.problems import FieldProblem, ProblemError
from tools.db.product_errors import (
    ContractMismatchError,
    ContractNotFoundError,
    KeyReusedError,
    PortTakenError,
    ProductChangedError,
    ProductDeletedError,
    ProductExistsError,
    ProductNotFoundError,
    VersionNotFoundError,
)
from tools.lifecycle import NotReadyError, StillConsumedError


def _refused(status: HTTPStatus, slug: str) -> Callable[[Any], ProblemError]:
    return lambda error: ProblemError(status, slug, str(error))


def _not_found(error: ProductNotFoundError) -> ProblemError:
    return ProblemError(
        HTTPStatus.NOT_FOUND, "product-not-found", str(error), near=tuple(error.near)
    )


def _changed(error: ProductChangedError) -> ProblemError:
    etag = {"ETag": f'"{error.revision}"'}
    return ProblemError(HTTPStatus.PRECONDITION_FAILED, "product-changed", str(error), headers=etag)


def _invalid_contract(error: InvalidContractError) -> ProblemError:
    places = tuple(FieldProblem(at=flaw.at, detail=flaw.detail) for flaw in error.flaws)
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-contract", str(error), errors=places
    )


PRODUCT_TRANSLATIONS: Mapping[type[Exception], Callable[[Any], ProblemError]] = {
    ProductNotFoundError: _not_found,
    ProductDeletedError: _refused(HTTPStatus.GONE, "product-deleted"),
    ProductChangedError: _changed,
    ProductExistsError: _refused(HTTPStatus.CONFLICT, "product-exists"),
    PortTakenError: _refused(HTTPStatus.CONFLICT, "port-taken"),
    VersionNotFoundError: _refused(HTTPStatus.NOT_FOUND, "version-not-found"),
    ContractNotFoundError: _refused(HTTPStatus.NOT_FOUND, "contract-not-found"),
    ContractMismatchError: _refused(HTTPStatus.CONFLICT, "contract-mismatch"),
    KeyReusedError: _refused(HTTPStatus.CONFLICT, "idempotency-key-reused"),
    TransitionRefusedError: _refused(HTTPStatus.CONFLICT, "transition-refused"),
    StillConsumedError: _refused(HTTPStatus.CONFLICT, "still-consumed"),
    NotReadyError: _refused(HTTPStatus.CONFLICT, "product-not-ready"),
    InvalidContractError: _invalid_contract,
}
