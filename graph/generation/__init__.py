"""The generator: from a sentence to a checked plan; it writes nothing but the draft."""
