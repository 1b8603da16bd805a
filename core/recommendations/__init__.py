"""What to do about the sources of a cluster, each with its evidence, benefit, effort and risk."""
