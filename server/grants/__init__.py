"""Access to products for a while: asked for, given, and taken back."""
