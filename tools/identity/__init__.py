"""Tokens that others issue: their public keys, and whether a token is good."""
