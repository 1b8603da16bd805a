"""Entities as a descriptor file: one YAML document after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

MEDIA_TYPE = "text/plain"
"""What Backstage gets of its descriptor files elsewhere. Readers of `application/yaml` expect one
document, and this is a stream of them."""

EMPTY = "# There is nothing of these kinds.\n"
"""A file without entities."""


class _Dumper(yaml.CSafeDumper):
    """Texts of several lines, such as AsyncAPI documents, stand as they are."""


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def descriptor(document: Mapping[str, Any]) -> str:
    """One entity with the line before it that parts documents."""
    text = yaml.dump(
        dict(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**31 - 1
    )
    return f"---\n{text}"
