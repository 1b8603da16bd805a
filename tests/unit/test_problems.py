"""Problems of requests that no route could take."""

from typing import Annotated

import httpx
from fastapi import APIRouter, Body, FastAPI

from server.problems import speak_problems

router = APIRouter()


@router.get("/things")
async def read() -> str:
    return "read"


@router.post("/things")
async def write(thing: Annotated[dict[str, int], Body()]) -> dict[str, int]:
    return thing


def client() -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(router)
    speak_problems(app, {})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def test_a_wrong_method_is_told_all_that_the_path_takes() -> None:
    async with client() as asking:
        answer = await asking.delete("/things")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


async def test_a_body_that_is_no_text_is_an_invalid_request() -> None:
    async with client() as asking:
        answer = await asking.post(
            "/things", content=b'{"a": "\xff"}', headers={"Content-Type": "application/json"}
        )

    assert answer.status_code == 422
    assert answer.json()["detail"] == "The body cannot be read. Send JSON in UTF-8."
