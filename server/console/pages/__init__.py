"""The pages: each module is one, with its routes; it is found by being here."""
