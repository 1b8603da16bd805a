"""One schema for what is the same twice, and how each source's messages come into it."""
