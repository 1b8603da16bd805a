"""Templates of code beside this file: `$name` is filled in, empty lines of empty parts go."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template


def fill(name: str, **parts: str) -> str:
    return re.sub(r"\n{4,}", "\n\n\n", _template(name).substitute(parts))


@cache
def _template(name: str) -> Template:
    return Template((files("core.snippets") / "templates" / name).read_text(encoding="utf-8"))
