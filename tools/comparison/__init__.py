"""Comparison of the catalog's sources: which say the same, and field by field in how far."""
