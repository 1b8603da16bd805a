"""From what was counted to what is wrong: rules, habits and silence, looked at every second."""
