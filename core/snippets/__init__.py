"""Ready code for producers and consumers of a product."""

from core.snippets.snippet import Language, Role, Snippet
from core.snippets.writing import snippets_of

__all__ = ["Language", "Role", "Snippet", "snippets_of"]
