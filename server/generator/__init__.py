"""The API on port 8003: from a sentence to a plan that waits for a decision."""
