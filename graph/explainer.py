"""Alerts explained: the facts by rules, and a lead of a hosted model's where there is one.

A model is asked at most so often an hour, and once for each state of an alert; what it writes is
shown only where the facts bear it out.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from copy import copy

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field

import prompts
from graph import grounding
from graph.alert_words import sheet_lines
from graph.markdown import prose
from graph.models.choice import Author, Models
from graph.models.offline.quality_lead import alert_lead
from graph.models.structured import structured
from tools.clients import Clients
from tools.incident_sheet import AlertSheet, alert_sheet
from tools.incidents import AlertFindings
from tools.typed import fenced

PER_HOUR = 60
_HOUR = 3_600.0
_KEPT = 500

State = tuple[int, int, str]


class AlertLead(BaseModel):
    """One or two short sentences on what broke and what most likely broke it."""

    lead: str = Field(max_length=600, description="no numbers; topics and fields in backticks")


class Explanation(BaseModel):
    """`text` is Markdown: a lead by `author`, then the facts, which are in `alert` too."""

    model_config = ConfigDict(frozen=True)
    text: str
    author: Author
    alert: AlertSheet


class Explainer:
    """`per_hour` bounds how often a hosted model is asked; beyond it, rules write the lead."""

    def __init__(
        self,
        clients: Clients,
        models: Models,
        per_hour: int = PER_HOUR,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = clients
        self._models = models
        self._per_hour = per_hour
        self._clock = clock
        self._asked: deque[float] = deque()
        self._leads: OrderedDict[State, tuple[str, Author]] = OrderedDict()
        self._leads_of_others: OrderedDict[State, tuple[str, Author]] = OrderedDict()
        """Written from what those see who may not see all."""

    def reading(self, clients: Clients) -> Explainer:
        """The same, by what is read through these: as who asks may."""
        seen = copy(self)
        seen._clients = clients
        seen._leads = self._leads_of_others
        return seen

    async def explain(self, alert_id: int) -> Explanation:
        """Raises AlertNotFoundError."""
        sheet = await alert_sheet(self._clients, alert_id)
        lead, author = await self._lead(sheet)
        text = "\n\n".join([prose(lead), "\n".join(sheet_lines(sheet))])
        return Explanation(text=text, author=author, alert=sheet)

    async def _lead(self, sheet: AlertSheet) -> tuple[str, Author]:
        if self._models.hosted is None:
            return alert_lead(sheet), Author()
        state = (sheet.id, len(sheet.events), sheet.status.value)
        if state in self._leads:
            return self._leads[state]
        if not self._may_ask():
            return alert_lead(sheet), Author()
        written = await self._models.write(lambda model: self._written(model, sheet))
        found = (written.value, written.author)
        if written.author.fallback is None:
            self._keep(state, found)
        return found

    async def _written(self, model: BaseChatModel, sheet: AlertSheet) -> str:
        if model is self._models.offline:
            return alert_lead(sheet)
        told = [SystemMessage(prompts.load("explain_alert")), HumanMessage(fenced(sheet))]
        lead = (await structured(model, AlertLead, told)).lead
        return grounding.borne_out(lead, "", [AlertFindings(id=sheet.id, sheet=sheet)])

    def _may_ask(self) -> bool:
        now = self._clock()
        while self._asked and now - self._asked[0] > _HOUR:
            self._asked.popleft()
        if len(self._asked) >= self._per_hour:
            return False
        self._asked.append(now)
        return True

    def _keep(self, state: State, found: tuple[str, Author]) -> None:
        self._leads[state] = found
        while len(self._leads) > _KEPT:
            self._leads.popitem(last=False)
