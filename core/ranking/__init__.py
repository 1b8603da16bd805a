"""How well a source answers a query: names, words and vectors as pure arithmetic."""
