"""Search over the catalog's sources: an index that embeds what changed, and the ranking."""
