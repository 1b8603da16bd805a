"""What is unusual in series, in distributions and in shares of bad records."""
