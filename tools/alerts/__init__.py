"""Alerts in the catalog, on their topic and on their way to channels."""
