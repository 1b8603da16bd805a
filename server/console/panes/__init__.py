"""The panes of the source page: each module is one; it is found by being here."""
