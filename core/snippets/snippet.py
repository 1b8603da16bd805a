"""A piece of code that is ready to run: it has the product's real topic, fields and settings."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Language(StrEnum):
    PYTHON = "python"
    JAVA = "java"
    SHELL = "shell"


class Role(StrEnum):
    PRODUCER = "producer"
    CONSUMER = "consumer"


class Snippet(BaseModel):
    """`requires` says how to get what it needs: a pip command, Maven coordinates, a program."""

    model_config = ConfigDict(frozen=True)
    topic: str
    language: Language
    role: Role
    title: str
    filename: str
    requires: str
    code: str
