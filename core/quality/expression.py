"""What fields must be to each other, as a small safe language: `shipped_at >= ordered_at`.

Python's own grammar, of which comparisons, `and`, `or`, `not`, arithmetic, literals, field paths
(`a.b`) and a few functions are taken and nothing else. A null makes a comparison unknown, and an
unknown expression holds, as a check constraint of SQL does.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST = 500
_DEEPEST = 30

Value = Any

_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip
FUNCTIONS = ("abs", "length", "lower", "time", "present")


class BadExpressionError(ValueError):
    """The expression is not in the language; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Node:
    """`op` is field, literal, a comparison, an arithmetic sign, and, or, not, or a function;
    `given` the path or the literal."""

    op: str
    parts: tuple[Node, ...] = ()
    given: Value = None


def parsed(text: str) -> Node:
    """Raises BadExpressionError."""
    if len(text) > LONGEST:
        raise BadExpressionError(f"it is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpressionError("it is no expression such as `end_at >= start_at`") from error
    node = _node(tree.body, 0)
    if node.op not in {*_COMPARISONS.values(), "and", "or", "not", "present"}:
        raise BadExpressionError("it says nothing that is true or false: compare two things")
    if not any(True for _ in fields_of(node)):
        raise BadExpressionError("it names no field")
    return node


def fields_of(node: Node) -> Iterator[str]:
    """The paths that it reads."""
    if node.op == "field":
        yield node.given
    for part in node.parts:
        yield from fields_of(part)


def holds(node: Node, value_of: Callable[[str], Value]) -> bool:
    """Whether it holds for one record, whose values by path `value_of` gives (None: none)."""
    return _evaluated(node, value_of) is not False


def _node(tree: ast.expr, depth: int) -> Node:
    if depth > _DEEPEST:
        raise BadExpressionError("it nests too deeply")
    deeper = depth + 1
    match tree:
        case ast.Compare():
            return _compared(tree, deeper)
        case ast.BoolOp():
            op = "and" if isinstance(tree.op, ast.And) else "or"
            return Node(op, tuple(_node(value, deeper) for value in tree.values))
        case ast.UnaryOp(op=ast.Not()):
            return Node("not", (_node(tree.operand, deeper),))
        case ast.UnaryOp(op=ast.USub()):
            return Node("-", (Node("literal", given=0), _node(tree.operand, deeper)))
        case ast.BinOp() if type(tree.op) in _ARITHMETIC:
            sides = (_node(tree.left, deeper), _node(tree.right, deeper))
            return Node(_ARITHMETIC[type(tree.op)], sides)
        case ast.Constant(value=bool() | int() | float() | str()):
            return Node("literal", given=tree.value)
        case ast.Name() | ast.Attribute():
            return Node("field", given=_path(tree))
        case ast.Call(func=ast.Name(id=name), args=[one], keywords=[]) if name in FUNCTIONS:
            return Node(name, (_node(one, deeper),))
        case ast.Call():
            raise BadExpressionError(f"of functions there are {', '.join(FUNCTIONS)}, of one value")
    raise BadExpressionError(f"it may not hold a {type(tree).__name__}")


def _compared(tree: ast.Compare, depth: int) -> Node:
    """`a < b < c` is two comparisons."""
    sides = [_node(side, depth) for side in (tree.left, *tree.comparators)]
    made = []
    for left, op, right in zip(sides, tree.ops, sides[1:], strict=False):
        if type(op) not in _COMPARISONS:
            raise BadExpressionError(f"it may not compare by {type(op).__name__}")
        made.append(Node(_COMPARISONS[type(op)], (left, right)))
    return made[0] if len(made) == 1 else Node("and", tuple(made))


def _path(tree: ast.expr) -> str:
    if isinstance(tree, ast.Attribute):
        return f"{_path(tree.value)}.{tree.attr}"
    if isinstance(tree, ast.Name):
        return tree.id
    raise BadExpressionError("a field is a name, or names with points between")


_OPERATORS: Mapping[str, Callable[[Value, Value], Value]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "+": operator.add, "-": operator.sub,
    "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def _evaluated(node: Node, value_of: Callable[[str], Value]) -> Value:
    """None is unknown."""
    match node.op:
        case "field":
            return value_of(node.given)
        case "literal":
            return node.given
        case "and" | "or":
            return _joined(node, value_of)
        case "not":
            told = _evaluated(node.parts[0], value_of)
            return None if told is None else not told
        case "present":
            return _evaluated(node.parts[0], value_of) is not None
    values = [_evaluated(part, value_of) for part in node.parts]
    if any(value is None for value in values):
        return None
    return _applied(node.op, values)


def _joined(node: Node, value_of: Callable[[str], Value]) -> bool | None:
    """As SQL has it: false and unknown is false, true or unknown is true."""
    decisive = node.op == "or"
    told = [_evaluated(part, value_of) for part in node.parts]
    if any(one is not None and bool(one) is decisive for one in told):
        return decisive
    return None if None in told else not decisive


def _applied(op: str, values: list[Value]) -> Value:
    """None where the values are of kinds that cannot be taken together."""
    try:
        match op:
            case "abs":
                return abs(values[0])
            case "length":
                return len(values[0])
            case "lower":
                return values[0].lower()
            case "time":
                return moment(values[0])
        return _OPERATORS[op](*values)
    except (TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError):
        return None


def moment(value: Value) -> float | None:
    """Seconds since 1970 of a text in RFC 3339 or ISO 8601, or of an epoch in seconds, milli- or
    microseconds, which their magnitudes tell; None for what is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        size = abs(value)
        return value / (1 if size < 1e11 else 1e3 if size < 1e14 else 1e6)
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
