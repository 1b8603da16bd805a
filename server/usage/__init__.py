"""What is used, by whom and how much, over HTTP."""
