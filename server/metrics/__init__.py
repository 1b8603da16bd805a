"""Figures for Prometheus. Labels come from the code, never from messages, topics or callers."""
