"""Several sources as one: worked out, and proved on their own messages."""
