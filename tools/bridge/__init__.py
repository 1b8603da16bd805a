"""Carries old topics into a unified one, exactly once."""
