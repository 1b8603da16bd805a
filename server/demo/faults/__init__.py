"""Faults planted on the live fleet, with an account of each that an alert can be held against."""
