"""Scripts for simulated stations: a small line language, parsed here and run against a living station."""
