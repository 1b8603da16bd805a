"""Switching a rule of a source off and on."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from server.catalog.rule_views import Activity
from server.catalog.rules import RuleId, switch_rule
from server.catalog.sources import Name
from server.console.address import at
from server.console.form import Posted, see_other
from server.principal import Writer
from server.services import Running

router = APIRouter()


@router.post("/sources/{name}/rules/{rule_id}")
async def switch(
    name: Name, rule_id: RuleId, services: Running, writer: Writer, form: Posted
) -> RedirectResponse:
    active = form.text("active") == "true"
    await switch_rule(name, rule_id, Activity(active=active), services, writer)
    said = f"The rule {rule_id} is {'watched again' if active else 'switched off'}."
    return see_other(at("sources", name, "rules"), said)
