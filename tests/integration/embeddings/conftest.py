"""The fixtures of the small catalog."""

from tests.integration.search.fixtures import catalog, counting_model, empty_catalog

__all__ = ["catalog", "counting_model", "empty_catalog"]
