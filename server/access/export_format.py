"""The forms in which the audit log is handed out."""

from enum import StrEnum


class ExportFormat(StrEnum):
    NDJSON = "ndjson"
    CSV = "csv"
