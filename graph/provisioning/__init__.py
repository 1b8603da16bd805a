"""Provisioning: the one place that writes to the cluster, after a recorded decision."""
