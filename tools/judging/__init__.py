"""Judges what watchers counted, once, and hands on what is wrong."""
