"""Records as columns: what of them rules need, read at the speed of columns."""
