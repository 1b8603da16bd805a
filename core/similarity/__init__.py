"""Which schemas say the same, field by field, and how sure that is; docs/evals.md has figures."""
