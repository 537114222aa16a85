"""Logs that stations upload, and what they hold of customers."""
