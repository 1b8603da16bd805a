"""Why the gate refuses a decision, in words that say what to do."""

from __future__ import annotations

from collections.abc import Sequence

from core.approval import Approval
from server.principal import HEADER, Principal


class DecisionForbiddenError(Exception):
    """This principal may not decide so on this approval."""

    @classmethod
    def in_chat(cls) -> DecisionForbiddenError:
        return cls(
            "Nothing is decided by what is said in a chat unless the caller has proved who they "
            "are with a bearer token. Use POST /approvals/{id}/decision or `headwater approvals`."
        )

    @classmethod
    def no_approver(cls, ref: str) -> DecisionForbiddenError:
        return cls(f"{ref} may not decide. It takes the role steward or admin.")

    @classmethod
    def own_plan(cls, principal: Principal) -> DecisionForbiddenError:
        advice = (
            "Ask another steward; rejecting one's own plan is allowed."
            if principal.authenticated
            else f"Decide as another: {HEADER}, or --as on the command line, declares who asks. "
            "Rejecting one's own is allowed."
        )
        return cls(f"{principal.ref} asked for this plan and so cannot approve it. {advice}")

    @classmethod
    def not_requester(cls, ref: str, requester: str) -> DecisionForbiddenError:
        return cls(
            f"{ref} did not ask for this plan; {requester} did, and alone revises it. An approver "
            "decides `modify`, which approves it with changes."
        )

    @classmethod
    def not_for(cls, ref: str) -> DecisionForbiddenError:
        return cls(f"This link was made for somebody else than {ref}. Ask for one of your own.")


class AlreadyDecidedError(Exception):
    """Another decision was made first; the text says by whom, when and which."""

    def __init__(self, approval: Approval) -> None:
        decision = approval.decision
        assert decision is not None  # noqa: S101 (raised for decided ones only)
        said = f" ({decision.comment[:200]})" if decision.comment else ""
        super().__init__(
            f"{decision.by} decided {decision.verdict.value} at {decision.at:%Y-%m-%dT%H:%M:%SZ} "
            f"via {decision.via}{said}, and that stands. Ask for a new plan to have another one."
        )


class ApprovalExpiredError(Exception):
    """Nobody decided in time."""

    def __init__(self, approval: Approval) -> None:
        super().__init__(
            f"The approval {approval.id} expired undecided at "
            f"{approval.expires_at:%Y-%m-%dT%H:%M:%SZ}. Ask for the product again."
        )


class PlanChangedError(Exception):
    """The plan in force is not the one that was looked at."""

    def __init__(self, approval: Approval) -> None:
        super().__init__(
            f"The plan has changed since you looked: {approval.plan_hash} is in force. "
            f"GET /approvals/{approval.id} shows it."
        )


class PlanRefusedError(ValueError):
    """The changed plan cannot be carried out; `problems` says why."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"The changed plan cannot be carried out: {'; '.join(problems[:5])}")
