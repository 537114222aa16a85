"""Variable monitors: what is watched at a station, and what the monitors tell."""
