"""Alerts over HTTP: what is wrong, and what people do about it."""
