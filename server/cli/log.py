"""Where a running Headwater's log goes: all of it to a file, what a person should know shown."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from server import log_lines
from server.embedded.progress import Progress
from server.log_lines import LogFormat, lines_of

_FILE_BYTES = 16 * 1024 * 1024


class _Shown(logging.Handler):
    """Warnings of this project's own, each as one line; tracebacks are for the file."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.WARNING)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress.say(record.getMessage())


def log_to(file: Path, progress: Progress, form: LogFormat = LogFormat.TEXT) -> None:
    """From now on, for the whole process."""
    file.parent.mkdir(parents=True, exist_ok=True)
    to_file = RotatingFileHandler(file, maxBytes=_FILE_BYTES, backupCount=1, encoding="utf-8")
    to_file.setFormatter(lines_of(form))
    log_lines.log_to(to_file)
    shown = _Shown(progress)
    for package in log_lines.OWN_PACKAGES:
        logging.getLogger(package).addHandler(shown)
