"""Learns rules for topics that nobody has stated any for."""
