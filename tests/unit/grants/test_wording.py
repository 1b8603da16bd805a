from __future__ import annotations

from datetime import timedelta

from core.access import Operation
from core.approval import Approval, ApprovalStatus
from core.impact import impact_of
from core.notices.access import access_message
from core.plan_diff import Effect, Existing, Silence
from graph.plan_words import plan_markdown, proposal
from tests.unit.grants.made import AT, access_to, asked


def test_an_approver_sees_each_permission_and_which_are_there_already() -> None:
    there = frozenset({asked().permissions[1]})

    diff = impact_of(access_to(), Existing(None, None, None, there), AT).diff

    assert diff.access is not None
    assert diff.access.effect is Effect.CREATE
    assert diff.access.lines[2].endswith("(allowed already: it stays when this access ends)")
    assert [part.effect for part in diff.parts[1:]] == [Effect.KEEP] * 3


def test_a_kafka_that_does_not_answer_leaves_the_access_unknown_and_says_so() -> None:
    impact = impact_of(access_to(), Existing(None, None, None, Silence("It is away.")), AT)

    assert impact.diff.access is not None
    assert impact.diff.access.effect is Effect.UNKNOWN
    assert "What exists is not fully known: It is away." in impact.risks


def test_what_an_owner_should_think_of_is_told() -> None:
    wide = asked(operations=(Operation.READ, Operation.WRITE), group="payments.", group_prefix=True)

    risks = impact_of(access_to(wide), Existing(None, None, None), AT).risks

    assert any("gets to write" in risk for risk in risks)
    assert any("any group that begins with payments." in risk for risk in risks)


def test_the_chat_words_it_as_access_and_not_as_a_new_topic() -> None:
    hostile = asked(purpose="see **bold** <script>")

    told = plan_markdown(access_to(hostile))

    assert "asks to read the product" in told
    assert "**bold**" not in told
    assert "<script>" not in told
    assert proposal(access_to()).startswith("`group:default/payments`")


def test_the_owner_is_told_who_wants_what_until_when_and_no_markup_of_theirs_works() -> None:
    plan = access_to(asked(purpose="<!channel> now"))
    approval = Approval(
        id="apr-1",
        status=ApprovalStatus.PENDING,
        plan=plan,
        plan_hash=plan.hash,
        requested_by="user:default/joe",
        thread_id="access-1",
        created_at=AT,
        expires_at=AT + timedelta(hours=72),
    )
    assert plan.grant is not None

    message = access_message(approval, plan.grant, "http://localhost/approvals/apr-1")

    assert "Until 2027-03-31 00:00 UTC; then it is taken back." in message.text
    assert "headwater approvals approve apr-1" in message.text
    assert "&lt;!channel&gt;" in str(message.slack)
    assert "<!channel>" not in str(message.slack)
    assert message.event["data"]["asked"]["principal"] == "User:payments"
