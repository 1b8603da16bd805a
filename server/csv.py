"""Tables as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header, Query, Response

from server.openapi import Responses
from server.products.negotiation import JSON, weight

CSV = "text/csv"

Cell = str | int | float | Decimal | None

_STARTS_A_FORMULA = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)


class TableFormat(StrEnum):
    JSON = "json"
    CSV = "csv"


def wanted_table(
    given: Annotated[
        TableFormat | None, Query(alias="format", description="default: by Accept, else JSON")
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> TableFormat:
    if given is not None:
        return given
    return TableFormat.CSV if weight(accept, CSV) > weight(accept, JSON) else TableFormat.JSON


WantedTable = Annotated[TableFormat, Depends(wanted_table)]


def safe(cell: Cell) -> str:
    """As it is shown; a text that a spreadsheet would take for a formula is quoted by an
    apostrophe, since names come from whoever made a topic. Numbers stay numbers."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell


def csv_line(row: Iterable[Cell]) -> str:
    """A row with its end of line, for tables that are sent as they are read."""
    out = io.StringIO()
    csv.writer(out).writerow(map(safe, row))
    return out.getvalue()


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    return "".join(map(csv_line, (header, *rows)))


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """To be kept as `<name>.csv`, which is a name of ours."""
    return Response(
        csv_text(header, rows),
        media_type=f"{CSV}; charset=utf-8; header=present",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Vary": "Accept",
            "X-Content-Type-Options": "nosniff",
        },
    )


def or_csv(documented: Responses, example: str) -> Responses:
    """The documented answers with the table beside them."""
    documented[200]["content"][CSV] = {"example": example, "schema": {"type": "string"}}
    return documented
