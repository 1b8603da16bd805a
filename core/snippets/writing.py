"""All snippets of a product's port."""

from __future__ import annotations

from core.contract.port import Endpoint, PortView
from core.product import DataProduct
from core.snippets.java import java_snippets
from core.snippets.python import python_snippets
from core.snippets.shell import shell_snippets
from core.snippets.snippet import Snippet
from core.snippets.subject import About


def snippets_of(product: DataProduct, view: PortView, endpoint: Endpoint) -> list[Snippet]:
    """Producer and consumer in each language; consumers alone where no schema is known.

    `core.contract.port.promised` makes the view of a product's contract.
    """
    about = About(product, view, endpoint)
    return [*python_snippets(about), *java_snippets(about), *shell_snippets(about)]
