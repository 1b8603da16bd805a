"""/alerts/{id}/explanation: one alert in words, with the facts that they rest on."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from graph.models.choice import Fallback
from server.alerts import examples
from server.alerts.routes import Id
from server.openapi import answers
from server.services import Running
from tools.incident_sheet import AlertSheet

router = APIRouter(tags=["alerts"])


class ExplanationView(BaseModel):
    """`written_by` names the model of the first sentences; all below them is written from
    `alert`."""

    model_config = ConfigDict(frozen=True)
    text: str = Field(description="Markdown")
    written_by: str
    fallback: Fallback | None
    alert: AlertSheet


@router.get(
    "/alerts/{alert_id}/explanation",
    operation_id="explainAlert",
    summary="What broke, since when, what came with it, whom it concerns, what to do",
    responses=answers(examples.EXPLANATION, 404, 503),
)
async def explain_alert(alert_id: Id, services: Running) -> ExplanationView:
    """From counts, events and the catalog as they stand now. A hosted model, where one is
    configured, writes the first sentences, at most sixty times an hour."""
    found = await services.explainer.explain(alert_id)
    return ExplanationView(
        text=found.text,
        written_by=found.author.model,
        fallback=found.author.fallback,
        alert=found.alert,
    )
