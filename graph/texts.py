"""Texts of typed results with their limits, checked here and not told in the JSON Schema: strict
endpoints refuse a schema with limits of length."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def _of(least: int, most: int) -> AfterValidator:
    def check(text: str) -> str:
        plain = text.strip()
        if not least <= len(plain) <= most:
            raise ValueError(f"should have {least} to {most} characters, has {len(plain)}")
        return plain

    return AfterValidator(check)


Name = Annotated[str, _of(1, 200)]
Topic = Annotated[str, _of(1, 249)]
Sentence = Annotated[str, _of(1, 300)]
Paragraph = Annotated[str, _of(20, 600)]
Passage = Annotated[str, _of(1, 4_000)]
