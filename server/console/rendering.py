"""Templates and what every page has: navigation, who looks, theme, what was said last."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from server.console.address import BASE, at
from server.console.assets import assets
from server.console.entry import entries
from server.console.figures import FILTERS
from server.console.form import FIELD, SAID, said_of
from server.console.highlight import code, mark
from server.console.markdown import rendered
from server.console.session import signed_in
from server.services import Services

THEME = "headwater_theme"
_THEMES = {"light", "dark"}


@cache
def templates() -> Environment:
    made = Environment(
        loader=PackageLoader("server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.filters.update(mark=mark, code=code, markdown=rendered)
    made.globals.update(at=at, asset=assets().address, module=_module, drawn=Markup)
    return made


def page(
    request: Request,
    template: str,
    *,
    title: str,
    status: int = HTTPStatus.OK,
    **given: Any,
) -> HTMLResponse:
    """A whole page; `given` is what the template names."""
    said = said_of(request)
    context = {**_always(request), "title": title, "said": said, **given}
    answer = HTMLResponse(templates().get_template(template).render(context), status)
    if said is not None:
        answer.delete_cookie(SAID, path=BASE)
    return answer


def part(request: Request, template: str, **given: Any) -> HTMLResponse:
    """A piece of a page, which a script puts into its place."""
    return HTMLResponse(templates().get_template(template).render({**_always(request), **given}))


def _always(request: Request) -> dict[str, Any]:
    services: Services | None = getattr(request.app.state, "services", None)
    csrf = getattr(request.state, "csrf", "")
    theme = request.cookies.get(THEME, "")
    return {
        "request": request,
        "path": request.url.path,
        "here": _here(request),
        "entries": entries(),
        "cluster": services.cluster if services else "",
        "open_server": bool(services and services.settings.open),
        "who": getattr(request.state, "who", None),
        "signed_in": signed_in(request.headers),
        "theme": theme if theme in _THEMES else "",
        "csrf": csrf,
        "csrf_field": lambda: Markup('<input type="hidden" name="{}" value="{}">').format(
            FIELD, csrf
        ),
    }


def _here(request: Request) -> str:
    """This page's address, to come back to."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def _module(name: str) -> Markup:
    return Markup('<script type="module" src="{}"></script>').format(assets().address(name))
