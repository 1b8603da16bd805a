"""Notices on their way to teams' channels, from an outbox."""
