"""The background work of a server, by name: a process does all of it, some, or none."""

from __future__ import annotations

from enum import StrEnum


class Worker(StrEnum):
    """Any number of processes may do the same; each must be done by one at least."""

    DISCOVERY = "discovery"
    """Scans of all topics, by the hour and on demand."""
    ANALYSIS = "analysis"
    """Comparison of what a scan found changed."""
    GENERATION = "generation"
    """Drafts of products."""
    PROVISIONING = "provisioning"
    """Decided plans, and those whose time is over."""
    NOTICES = "notices"
    """Messages to teams."""
    ALERTS = "alerts"
    """Events of alerts, to their topic."""
    BRIDGES = "bridges"
    """The carrying of messages from old topics to new ones."""
    STREAMS = "streams"
    """Teaching, watching and judging of topics."""
    USAGE = "usage"
    """Counts of what is written, read and looked up."""
