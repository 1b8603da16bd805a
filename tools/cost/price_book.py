"""Where the price book comes from: the user's file, or the built-in one."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from core.cost.price_book import PriceBook


class PriceBookMissingError(Exception):
    """The price book's file cannot be read."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            f"The price book {path} cannot be read ({cause.strerror}). Correct "
            "HEADWATER_PRICE_BOOK, or leave it out for the built-in one."
        )


def price_book_text(path: Path | None) -> str:
    """Of the file, or of the built-in book, whose prices are assumptions.

    Raises PriceBookMissingError.
    """
    if path is None:
        return (files("tools.cost") / "price_book.yaml").read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PriceBookMissingError(path, error) from error


def read_price_book(path: Path | None) -> PriceBook:
    """Raises PriceBookMissingError and `core.cost.price_book.PriceBookError`."""
    return PriceBook.from_yaml(price_book_text(path))
