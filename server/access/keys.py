"""/keys: API keys by which programs act as somebody, and /whoami: as whom a request comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core.api_key import ApiKey
from server.access import examples
from server.access.key_views import IssuedView, Rotation, WhoView, Wish
from server.catalog.sources import Cursor, Limit, Page
from server.openapi import answers
from server.principal import Principal, Reader, Role, Steward, forbidden, reference
from server.services import Running, Services
from tools.db.keys import Issued, KeyNotFoundError, KeyScope

router = APIRouter(tags=["access"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{10}$", examples=["0123456789"])]

_PROBLEMS = (401, 403, 503)


@router.get(
    "/whoami",
    operation_id="whoAmI",
    summary="As whom this request comes",
    responses=answers(examples.WHO, 401, 503),
)
async def who_am_i(reader: Reader) -> WhoView:
    """To see what a token is worth."""
    return WhoView(
        principal=reader.ref,
        authenticated=reader.authenticated,
        roles=tuple(role for role in Role if role in reader.roles),
        teams=reader.teams,
        key_id=reader.key_id,
    )


@router.post(
    "/keys",
    operation_id="createKey",
    summary="Make an API key",
    status_code=201,
    responses=answers(examples.ISSUED, *_PROBLEMS, 413, 415, status=201),
)
async def create_key(
    wish: Wish, services: Running, steward: Steward, response: Response
) -> IssuedView:
    """Shows its secret, once. A key makes no keys: a lost one would live on in them."""
    _refuse_key(steward)
    issued = await services.keys.create(_scope(wish, steward), steward.ref)
    response.headers["Location"] = f"/keys/{issued.key.id}"
    return _shown(issued, response)


@router.get(
    "/keys",
    operation_id="listKeys",
    summary="List API keys",
    responses=answers({"items": [examples.KEY], "next_cursor": None}, *_PROBLEMS, 400),
)
async def list_keys(
    services: Running,
    steward: Steward,
    principal: Annotated[str | None, Query(max_length=150, description="acting as it")] = None,
    active: Annotated[bool | None, Query(description="default: ended ones too")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ApiKey]:
    """Newest first, without secrets. An admin sees all, a steward their own and those they made."""
    page = await services.keys.list(
        principal=principal,
        visible_to=None if steward.is_admin else steward.ref,
        active=active,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/keys/{key_id}",
    operation_id="getKey",
    summary="One API key",
    responses=answers(examples.KEY, *_PROBLEMS, 404),
)
async def get_key(key_id: Id, services: Running, steward: Steward) -> ApiKey:
    """When it was last used is exact to a minute."""
    return await _mine(services, key_id, steward)


@router.post(
    "/keys/{key_id}/rotate",
    operation_id="rotateKey",
    summary="Give a key a new secret",
    responses=answers(examples.ROTATED, *_PROBLEMS, 404, 409, 413, 415),
)
async def rotate_key(
    key_id: Id,
    services: Running,
    steward: Steward,
    response: Response,
    rotation: Rotation | None = None,
) -> IssuedView:
    """The old one is good for the overlap. The key still ends when it would have. A key may rotate
    itself, and no other."""
    if steward.key_id is not None and steward.key_id != key_id:
        _refuse_key(steward)
    await _mine(services, key_id, steward)
    overlap = timedelta(hours=(rotation or Rotation(overlap_hours=24)).overlap_hours)
    return _shown(await services.keys.rotate(key_id, overlap, steward.ref), response)


@router.delete(
    "/keys/{key_id}",
    operation_id="revokeKey",
    summary="Revoke a key",
    responses=answers(examples.REVOKED, *_PROBLEMS, 404),
)
async def revoke_key(key_id: Id, services: Running, steward: Steward) -> ApiKey:
    """At once and for good; it stays in the list."""
    await _mine(services, key_id, steward)
    return await services.keys.revoke(key_id, steward.ref)


async def _mine(services: Services, key_id: str, steward: Principal) -> ApiKey:
    """Raises KeyNotFoundError also for one that is there and nothing of theirs."""
    key = await services.keys.get(key_id)
    if not steward.is_admin and steward.ref not in (key.principal, key.made_by):
        raise KeyNotFoundError(key_id)
    return key


def _scope(wish: Wish, by: Principal) -> KeyScope:
    """Raises a problem (403) for more than who makes it has, and InvalidReferenceError."""
    principal = by.ref if wish.principal is None else reference(wish.principal)
    teams = by.teams if wish.teams is None else tuple(map(reference, wish.teams))
    roles = by.roles if wish.roles is None else wish.roles
    if not by.is_admin:
        _refuse_more(by, principal, roles, teams)
    ordered = tuple(role.value for role in Role if role in roles)
    expires_at = datetime.now(UTC) + timedelta(days=wish.expires_in_days)
    return KeyScope(wish.name, principal, ordered, tuple(dict.fromkeys(teams)), expires_at)


def _refuse_more(
    by: Principal, principal: str, roles: frozenset[Role], teams: tuple[str, ...]
) -> None:
    highest = max(by.roles, key=list(Role).index)
    above = [role.value for role in roles if list(Role).index(role) > list(Role).index(highest)]
    foreign = [team for team in teams if team not in by.teams]
    if principal != by.ref:
        raise forbidden(
            f"{by.ref} may make keys that act as themselves, not as {principal}. Ask an admin."
        )
    if above or foreign:
        raise forbidden(f"{by.ref} does not have {', '.join([*above, *foreign])}. Ask an admin.")


def _refuse_key(by: Principal) -> None:
    if by.key_id is not None:
        raise forbidden(
            f"The API key {by.key_id} makes no keys and rotates none but itself. Sign in as a "
            "person, or use a token of HEADWATER_PRINCIPALS."
        )


def _shown(issued: Issued, response: Response) -> IssuedView:
    """No cache may keep a secret."""
    response.headers["Cache-Control"] = "no-store"
    return IssuedView(key=issued.key, secret=issued.secret)
