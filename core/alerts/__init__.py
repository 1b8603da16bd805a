"""What is wrong with a stream and worth telling: from a finding to an alert with a life."""
