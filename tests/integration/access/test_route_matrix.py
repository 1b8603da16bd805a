"""Every operation of every API, asked by everybody: who gets in is a table, and nothing is missing
from it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest

from core.consolidation import Consolidation
from core.notices.notice import NoticeText
from core.plan import Plan
from core.recommendations.recommendation import Level, Proposal, Rating, RecommendationKind
from core.schema.document import to_document
from server.api import APIS, ApiName
from server.app import app_of
from server.catalog import examples
from server.embedded.stack import EmbeddedStack
from server.grants.examples import REQUEST
from server.principal import Reading
from server.services import Services, open_services
from server.settings import Settings
from tests.integration.access.callers import CALLERS, PRINCIPALS, TEAM, bearer
from tests.integration.alerts.ground import Ground, finding
from tests.integration.approvals.plans import a_plan, scores
from tests.integration.catalog.conftest import settings_of
from tests.integration.products.requests import ANY, draft
from tools.db.keys import KeyScope
from tools.db.notices import NoticeRepository
from tools.db.pool import Pool

OK, UNKNOWN, FORBIDDEN = 0, 401, 403
"""OK is whatever is neither 401 nor 403: who may ask, not whether it works."""

RULES: dict[str, tuple[int, ...]] = {
    #          nobody   wrong    viewer     stranger   owner      steward admin
    "open":   (OK,      OK,      OK,        OK,        OK,        OK,     OK),
    "read":   (OK,      UNKNOWN, OK,        OK,        OK,        OK,     OK),
    "write":  (UNKNOWN, UNKNOWN, FORBIDDEN, OK,        OK,        OK,     OK),
    "team":   (UNKNOWN, UNKNOWN, FORBIDDEN, FORBIDDEN, OK,        OK,     OK),
    "decide": (UNKNOWN, UNKNOWN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK,     OK),
    "known":  (UNKNOWN, UNKNOWN, OK,        OK,        OK,        OK,     OK),
    # Figures of its own team and of nobody else's.
    "own":    (FORBIDDEN, UNKNOWN, FORBIDDEN, FORBIDDEN, OK,      OK,     OK),
    # Whoever asked for it alone, and nobody here did.
    "mine":   (UNKNOWN, UNKNOWN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    # The address is the permission, and these were made up.
    "signed": (FORBIDDEN,) * 7,
}  # fmt: skip

MATRIX: dict[str, str] = {
    # search and sources
    "searchSources": "read", "listSources": "read", "getSource": "read", "getSourceSchema": "read",
    "listSourceVersions": "read", "listSourceChanges": "read", "listChanges": "read",
    # quality
    "getSourceQuality": "read", "listQuality": "read", "listLiveQuality": "read",
    "listSourceRules": "read", "putSourceRule": "team", "deleteSourceRule": "team",
    "switchSourceRule": "team",
    # comparison, recommendations, consolidation
    "compareSources": "read", "listRelatedSources": "read", "listFamilies": "read",
    "startAnalysis": "write", "listAnalyses": "read", "getAnalysis": "read",
    "listRecommendations": "read", "getRecommendation": "read", "acceptRecommendation": "team",
    "dismissRecommendation": "team", "consolidate": "write", "listConsolidations": "read",
    "getConsolidation": "read", "exportConsolidationAsFlinkSql": "read",
    "proposeConsolidation": "write", "getBridge": "read", "startBridge": "team",
    "stopBridge": "team", "promoteSource": "write",
    # alerts and notices
    "listAlerts": "read", "getAlert": "read", "explainAlert": "read", "acknowledgeAlert": "team",
    "resolveAlert": "team", "muteAlert": "team", "unmuteAlert": "team", "listNotices": "read",
    "getNotice": "read", "answerNotice": "team", "getAlertByLink": "signed",
    "acknowledgeAlertByLink": "signed", "getNoticeByLink": "signed",
    "answerNoticeByLink": "signed",
    # scans, conversations
    "startScan": "write", "listScans": "read", "getScan": "read", "watchScan": "read",
    "chat": "read", "getThread": "read",
    # generation and approvals
    "generateProduct": "write", "listGenerations": "read", "getGeneration": "read",
    "watchGeneration": "read", "listApprovals": "read", "getApproval": "read",
    "reviseApproval": "mine", "decideApproval": "decide", "createApprovalCallback": "decide",
    "getApprovalCallback": "signed", "decideByCallback": "signed",
    # products
    "listProducts": "read", "createProduct": "team", "getProduct": "read",
    "replaceProduct": "team", "changeProduct": "team", "deleteProduct": "team",
    "listProductVersions": "read", "getProductVersion": "read", "compareProductVersions": "read",
    "getContract": "read", "putContract": "team", "getOdps": "read", "getAsyncApi": "read",
    "submitProduct": "team", "activateProduct": "decide", "deprecateProduct": "team",
    "retireProduct": "team", "restoreProduct": "team", "getSnippets": "read",
    # access
    "whoAmI": "read", "createKey": "decide", "listKeys": "decide", "getKey": "decide",
    "rotateKey": "decide", "revokeKey": "decide", "listAudit": "decide", "exportAudit": "decide",
    # access to products
    "requestAccess": "team", "listAccessRequestsOfProduct": "read", "listAccessRequests": "read",
    "getAccessRequest": "read", "withdrawAccessRequest": "known", "listGrantsOfProduct": "read",
    "listGrants": "read", "getGrant": "read", "revokeGrant": "known",
    # dashboard, usage, costs
    "getDashboard": "read", "listActivity": "read", "listUsage": "read", "listUnused": "read",
    "listSearches": "decide", "listCosts": "read", "listSavings": "read", "getSourceCost": "own",
    # lineage, Backstage
    "getLineage": "read", "tellLineage": "write", "getSourceImpact": "read",
    "listLineageRuns": "read", "getBackstageCatalog": "read", "getBackstageCatalogPart": "read",
    "listBackstageEntities": "read", "getBackstageTemplate": "read",
    # probes
    "getHealth": "open", "getReadiness": "open", "getMetrics": "open",
}  # fmt: skip

BODIES: dict[str, Any] = {
    "putSourceRule": {"metric": "required", "field": "rating"},
    "switchSourceRule": {"active": False},
    "dismissRecommendation": {"reason": "They differ."},
    "resolveAlert": {"reason": "Rolled back."},
    "muteAlert": {"minutes": 5},
    "answerNotice": {"answer": "switch"},
    "acknowledgeAlertByLink": {"acknowledged_by": "user:default/jane"},
    "answerNoticeByLink": {"answered_by": "user:default/jane", "answer": "switch"},
    "decideByCallback": {"decided_by": "user:default/jane", "decision": "reject"},
    "decideApproval": {"decision": "reject"},
    "reviseApproval": {"changes": {"topic.partitions": 3}},
    "createApprovalCallback": {"decider": "user:default/bob"},
    "createProduct": draft(owner=TEAM),
    "replaceProduct": draft(owner=TEAM),
    "changeProduct": {"tags": []},
    "createKey": {"name": "k"},
    "requestAccess": {**REQUEST, "team": TEAM},
    "revokeGrant": {"reason": "no more"},
}
"""Where it depends on what is asked for; elsewhere who asks is looked at before the body."""


@dataclass
class House:
    """The three APIs over one database, in which something is of the team of the owner."""

    clients: dict[ApiName, httpx.AsyncClient]
    services: Services
    places: dict[str, str] = field(default_factory=dict)

    async def ask(self, api: ApiName, method: str, path: str, operation: str, who: str) -> int:
        body = BODIES.get(operation, {})
        given = {} if method in ("GET", "DELETE") else {"json": body}
        response = await self.clients[api].request(
            method,
            path.format(**self.places),
            headers={**ANY, **bearer(who)},
            params={"reason": "no more"} if operation == "deleteProduct" else None,
            **given,
        )
        return response.status_code


@pytest.fixture
async def house(stack: EmbeddedStack, database_url: str) -> AsyncIterator[House]:
    settings = settings_of(stack, database_url, principals=PRINCIPALS)
    async with open_services(settings) as services:
        house = House(_clients(services), services)
        await _furnish(house)
        yield house


def _clients(services: Services) -> dict[ApiName, httpx.AsyncClient]:
    return {
        name: httpx.AsyncClient(
            transport=httpx.ASGITransport(
                app_of(api, services.settings, services), raise_app_exceptions=False
            ),
            base_url="http://localhost",
        )
        for name, api in APIS.items()
    }


async def _furnish(house: House) -> None:
    pool = house.services.pool
    ground = Ground(pool, source="supplier-master")
    await ground.owned(TEAM)
    await ground.look(0, finding(source=ground.source))
    await house.services.recommendations.put("default", [_proposal(ground.source)], None)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    made = await house.services.keys.create(
        KeyScope("k", "user:default/steward", ("viewer",), (), tomorrow), "user:default/steward"
    )
    approval = await house.services.desk.approvals.create(
        _plan(), thread_id="t", requested_by="user:default/jane", lifetime=timedelta(hours=1)
    )
    worked_out = _worked_out()
    await house.services.worked_out.add(worked_out)
    await house.services.worked_out.proposed(worked_out.id, approval.id)
    product = await house.clients[ApiName.PRODUCTS].post(
        "/products", json=draft(id="p", owner=TEAM), headers=bearer("steward")
    )
    assert product.status_code == 201, product.text
    house.places = {
        "name": ground.source, "other": "elsewhere", "rule_id": "r", "alert_id": "1",
        "recommendation_id": "1", "notice_id": str(await _notice(pool)), "scan_id": "9",
        "analysis_id": "9", "thread_id": "t", "consolidation_id": worked_out.id,
        "approval_id": approval.id, "generation_id": "gen-0123456789ab", "product_id": "p",
        "version": "1.0.0", "before": "1.0.0", "after": "1.0.0", "key_id": made.key.id,
        "token": "made-up", "request_id": "apr-0", "grant_id": "gr-0", "parts": "16", "part": "1",
    }  # fmt: skip


def _worked_out() -> Consolidation:
    told = examples.CONSOLIDATION
    return Consolidation.model_validate(
        {**told, "unified": {**told["unified"], "tree": to_document(scores())}}
    )


def _plan() -> Plan:
    plan = a_plan(f"fraud.{secrets.token_hex(4)}.v1")
    return plan.model_copy(update={"product": plan.product.model_copy(update={"owner": TEAM})})


def _proposal(source: str) -> Proposal:
    easy = Rating(level=Level.LOW, why="it is small")
    return Proposal(
        kind=RecommendationKind.USE_MANAGED, sources=(source,), title="t", evidence=("e",),
        effort=easy, risk=easy, gist=("g",),
    )  # fmt: skip


async def _notice(pool: Pool) -> int:
    text = NoticeText(
        team=TEAM, why_them="w", source="supplier-master", instead="i", title="t", facts=("f",),
        options={"switch": "s"},
    )  # fmt: skip
    async with pool.connection() as connection:
        await NoticeRepository(pool).add(connection, "default", "fact", 1, text, ())
    (notice,) = (await NoticeRepository(pool).list("default")).items
    return notice.id


@cache
def operations() -> list[tuple[ApiName, str, str, str]]:
    """As the documents of the APIs tell them; what ends something comes last."""
    found = []
    for name, api in APIS.items():
        app = app_of(api, Settings(database_url="none", bootstrap_servers="none"))
        for path, methods in app.openapi()["paths"].items():
            for method, told in methods.items():
                found.append((name, method.upper(), path, told["operationId"]))
    ends = ("DELETE",)
    return sorted(found, key=lambda each: (each[1] in ends, each[3] == "retireProduct"))


def test_every_operation_has_its_line_and_no_line_is_left_over() -> None:
    assert {operation for *_, operation in operations()} == set(MATRIX)


async def test_everybody_gets_as_far_as_the_table_says(house: House) -> None:
    wrong = []
    for api, method, path, operation in operations():
        expected = RULES[MATRIX[operation]]
        for who, wanted in zip(CALLERS, expected, strict=True):
            status = await house.ask(api, method, path, operation, who)
            got = status if status in (UNKNOWN, FORBIDDEN) else OK
            if got != wanted or status >= 500:
                wrong.append(f"{api.value} {operation} as {who or 'nobody'}: {status}")
    assert wrong == []


async def test_where_reading_takes_a_token_nobody_gets_past_the_probes_and_signed_links(
    house: House,
) -> None:
    closed = house.services.settings.model_copy(update={"reading": Reading.TOKEN})
    house.clients = _clients(replace(house.services, settings=closed))
    wrong = []
    for api, method, path, operation in operations():
        public = MATRIX[operation] in ("open", "signed")
        status = await house.ask(api, method, path, operation, "")
        if (status == UNKNOWN) is public:
            wrong.append(f"{api.value} {operation}: {status}")
    for path in ("/console/", "/console/sources/supplier-master"):
        page = await house.clients[ApiName.CATALOG].get(path, headers={"Accept": "text/html"})
        assert page.status_code == UNKNOWN, path
    sign_in = await house.clients[ApiName.CATALOG].get("/console/sign-in")
    assert (wrong, sign_in.status_code) == ([], 200)
