"""What is used, by whom and how much: counted from offsets, views and searches."""
