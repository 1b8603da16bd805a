"""Rules that a stream teaches about itself: learnt from a sample, then held against all."""
