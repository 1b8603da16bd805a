"""Counts what is used, and keeps the counts by day."""
