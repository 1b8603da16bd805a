"""A contract's text, YAML or JSON, as a checked document, and a document as text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from core.contract.document import OdcsDocument
from core.contract.entries import refuse_bad_rules
from core.contract.standard import Flaw, InvalidContractError, check

MAX_NODES = 50_000
MAX_DEPTH = 100


def read_contract(text: str | bytes) -> OdcsDocument:
    """The contract in a YAML or JSON text (JSON is YAML too).

    Raises InvalidContractError: no such text, too large once its aliases are followed, no contract
    by the standard, or one with quality entries that cannot be watched though they say so.
    """
    return checked(_parsed(text))


def checked(value: Any) -> OdcsDocument:
    """A document that was parsed already. Raises InvalidContractError."""
    if not isinstance(value, Mapping):
        raise _flawed("it holds no members such as apiVersion, kind, id, version and status")
    for number, (depth, each) in enumerate(_nodes(value, 0)):
        if number > MAX_NODES or depth > MAX_DEPTH:
            raise _flawed(f"it has more than {MAX_NODES} values or {MAX_DEPTH} levels")
        if isinstance(each, float) and not math.isfinite(each):
            raise _flawed(f"{each} is no number of JSON")
        if isinstance(each, str) and ("\0" in each or _SURROGATE.search(each)):
            raise _flawed("a text holds characters that no text may have")
    check(value)
    contract = OdcsDocument(value)
    refuse_bad_rules(contract)
    return contract


def as_yaml(document: OdcsDocument) -> str:
    plain = json.loads(as_json(document))
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def as_json(document: OdcsDocument) -> str:
    return json.dumps(document.document, ensure_ascii=False, indent=2, allow_nan=False)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _parsed(text: str | bytes) -> Any:
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        return _json_or_yaml(decoded)
    except UnicodeDecodeError as error:
        raise _flawed("the text is not UTF-8") from error
    except RecursionError as error:
        raise _flawed(f"it has more than {MAX_DEPTH} levels") from error
    except (yaml.YAMLError, ValueError) as error:
        raise _flawed(f"the text is neither YAML nor JSON ({_first_line(error)})") from error


def _json_or_yaml(text: str) -> Any:
    """JSON by its own reader, which is faster and knows the pairs of surrogates."""
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_unique)
        except json.JSONDecodeError:
            pass  # YAML has braces too.
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader of our own)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(members := dict(pairs)) != len(pairs):
        raise ValueError("an object names a member twice")
    return members


class _Loader(yaml.SafeLoader):
    """Reads the values that JSON has: a date stays text, `yes` too. A member's name is text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        if any(not isinstance(key, yaml.ScalarNode) for key, _ in node.value):
            raise _at(node, "the name of a member is no text")
        names = [key.value for key, _ in node.value]
        if len(set(names)) != len(names):
            raise _at(node, "an object names a member twice")
        built = super().construct_mapping(node, deep=deep)
        return {str(key): value for key, value in built.items()}


def _at(node: Any, problem: str) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(problem=problem, problem_mark=node.start_mark)


_Loader.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
    ("null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        list("-+.0123456789"),
    ),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form, re.ASCII), _first)


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    """Decimal, as in YAML 1.2 and JSON: `010` is ten."""
    return int(str(loader.construct_scalar(node)))


def _float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    return float(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


class _Dumper(yaml.SafeDumper):
    """Quotes what a reader of YAML 1.1 would take for something else than text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _nodes(value: Any, depth: int) -> Iterator[tuple[int, Any]]:
    """Every value below, aliases followed; the caller stops where it is too much."""
    waiting = [(depth, value)]
    while waiting:
        at, each = waiting.pop()
        yield at, each
        if isinstance(each, Mapping):
            waiting += [(at + 1, member) for member in each.values()]
        elif isinstance(each, list):
            waiting += [(at + 1, member) for member in each]


def _flawed(detail: str) -> InvalidContractError:
    return InvalidContractError((Flaw("", detail),))


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
