from __future__ import annotations

from core.approval import Step, StepStatus
from core.provisioned import failure_of


def test_a_failure_tells_its_reason_and_what_was_undone_newest_first() -> None:
    told = failure_of(
        [
            Step(name="check", status=StepStatus.UNDONE, detail=""),
            Step(name="topic", status=StepStatus.UNDONE, detail="The topic a was deleted."),
            Step(name="schema", status=StepStatus.UNDONE, detail="Version 1 was deleted."),
            Step(name="product", status=StepStatus.FAILED, detail="It clashes."),
            Step(name="rules", status=StepStatus.WAITING),
        ]
    )
    assert told == (
        "The step product failed: It clashes. Version 1 was deleted. The topic a was deleted."
    )


def test_a_failure_before_anything_was_made_says_so() -> None:
    told = failure_of([Step(name="check", status=StepStatus.FAILED, detail="It clashes.")])
    assert told.endswith("It clashes. Nothing had been made before that.")
