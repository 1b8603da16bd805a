"""Names that nobody has: a product id, a topic or a subject that is taken gets a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from core.plan import Note, Plan
from core.plan_facts import PlanFacts, clashes

_VERSIONED = re.compile(r"(.*?)([._-]v\d+)?", re.DOTALL)
_LONGEST_STEM = 225


def is_free(plan: Plan, facts: PlanFacts) -> bool:
    """Whether none of the plan's names is taken."""
    return not any(clashes(plan, facts))


def freed(plan: Plan, facts: PlanFacts) -> Plan:
    """The plan under the first names that are free, with a note on each that had to change."""
    return _with_free_topic(_with_free_product(plan, facts), facts)


def _with_free_product(plan: Plan, facts: PlanFacts) -> Plan:
    taken = plan.product.id
    if taken not in facts.products:
        return plan
    numbered = (f"{taken[:90]}-{number}" for number in count(2))
    product_id = next(name for name in numbered if name not in facts.products)
    note = Note(about="product.id", because=f"a product {taken} exists already")
    product = plan.product.model_copy(update={"id": product_id})
    return plan.model_copy(update={"product": product, "notes": (*plan.notes, note)})


def _with_free_topic(plan: Plan, facts: PlanFacts) -> Plan:
    """The subject is named after the topic, so both change where one is taken."""
    if not _topic_taken(plan, facts):
        return plan
    note = Note(about="topic.name", because=f"{plan.topic.name} is taken")
    renamed = (_renamed(plan, number) for number in count(2))
    free = next(each for each in renamed if not _topic_taken(each, facts))
    return free.model_copy(update={"notes": (*plan.notes, note)})


def _renamed(plan: Plan, number: int) -> Plan:
    taken, subject = plan.topic.name, plan.schema_plan.subject
    found = _VERSIONED.fullmatch(taken)
    stem, version = (found[1], found[2] or "") if found else (taken, "")
    mark = "_" if "_" in stem and "-" not in stem else "-"
    name = f"{stem[:_LONGEST_STEM]}{mark}{number}{version}"
    named = subject.replace(taken, name) if taken in subject else f"{subject}-{number}"
    return plan.model_copy(
        update={
            "topic": plan.topic.model_copy(update={"name": name}),
            "schema_plan": plan.schema_plan.model_copy(update={"subject": named}),
        }
    )


def _topic_taken(plan: Plan, facts: PlanFacts) -> bool:
    return any(_about_topic(plan, facts))


def _about_topic(plan: Plan, facts: PlanFacts) -> Iterator[str]:
    return (said for said in clashes(plan, facts) if not said.startswith("product.id"))
