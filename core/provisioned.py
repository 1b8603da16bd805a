"""How carrying out a plan ended: as data and in words."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from core.access import Access
from core.approval import Approval, ApprovalStatus, Step, StepStatus
from core.grant import GrantPlan
from core.listing import joined


class Provisioned(BaseModel):
    """What an approved plan has become; `seconds` is from the decision to the end."""

    model_config = ConfigDict(frozen=True)
    product_id: str
    topic: str
    partitions: int
    subject: str
    schema_id: int
    schema_version: int
    rules: int
    access: tuple[Access, ...] = ()
    seconds: float
    words: str


class AccessGiven(BaseModel):
    """The access that an approved plan has become; its end is kept with the grant itself."""

    model_config = ConfigDict(frozen=True)
    product_id: str
    grant_id: str
    grant: GrantPlan
    seconds: float
    words: str


def provisioned(approval: Approval) -> Provisioned | AccessGiven | None:
    """The result of an approval that is active; None while it is not."""
    if approval.status is not ApprovalStatus.ACTIVE:
        return None
    if approval.plan.grant is not None:
        return _given(approval, approval.plan.grant)
    results = {step.name: step.result for step in approval.steps}
    made = {
        "product_id": results["product"]["product_id"],
        "topic": results["topic"]["topic"],
        "partitions": results["topic"]["partitions"],
        "subject": results["schema"]["subject"],
        "schema_id": results["schema"]["schema_id"],
        "schema_version": results["schema"]["version"],
        "rules": results["rules"]["rules"],
        "access": approval.plan.access,
        "seconds": approval.seconds or 0.0,
    }
    return Provisioned(**made, words=_told(**made))


def _given(approval: Approval, grant: GrantPlan) -> AccessGiven:
    results = {step.name: step.result for step in approval.steps}
    return AccessGiven(
        product_id=approval.plan.product.id,
        grant_id=results["access"]["grant_id"],
        grant=grant,
        seconds=approval.seconds or 0.0,
        words=(
            f"{grant.principal} may {joined(grant.operations)} {joined(grant.topics)} until "
            f"{grant.ends} ({results['access']['grant_id']}); then it is taken back."
        ),
    )


def failure_of(steps: Iterable[Step]) -> str:
    """Why it failed and what became of what had been made, in words."""
    each = tuple(steps)
    failed = next((step for step in each if step.status is StepStatus.FAILED), None)
    if failed is None:
        return "It failed, and no step says why."
    undone = [step.detail for step in reversed(each) if step.status is StepStatus.UNDONE]
    told = " ".join(detail for detail in undone if detail)
    what = told or "Nothing had been made before that."
    return f"The step {failed.name} failed: {failed.detail or 'without a reason'} {what}"


def _told(
    product_id: str,
    topic: str,
    partitions: int,
    subject: str,
    schema_id: int,
    schema_version: int,
    rules: int,
    access: tuple[Access, ...],
    seconds: float,
) -> str:
    parts = "partition" if partitions == 1 else "partitions"
    watched = f"{rules} quality {'rule is' if rules == 1 else 'rules are'} on"
    watched += "".join(f", access of {each.line}" for each in access)
    return (
        f"The product {product_id} is active: topic {topic} with {partitions} {parts}, schema id "
        f"{schema_id} as version {schema_version} of {subject}, {watched}. It took {seconds:.1f} s "
        "from the decision."
    )
