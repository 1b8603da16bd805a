"""Notices at the API: listed, shown, and answered, here or by a signed link."""
