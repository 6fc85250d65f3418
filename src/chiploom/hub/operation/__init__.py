"""Keeping a hub alive and honest: backup, health, limits, retention, and what each person may ask of their data."""
