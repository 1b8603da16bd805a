"""What a team should hear of, once: in words for people and in forms for machines."""
