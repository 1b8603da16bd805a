"""What topics, products and teams cost, over HTTP."""
