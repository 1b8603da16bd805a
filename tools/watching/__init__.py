"""Consumes topics without pause and counts what rules say of each record, exactly once."""
