"""Where data comes from and who depends on it: a graph of datasets and jobs, walked and judged."""
