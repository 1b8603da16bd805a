"""Data products drafted from a description, by grammar, lexicon and ontology alone."""
