"""Lineage as it is read, told and emitted."""
