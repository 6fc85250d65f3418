"""Gates of a start-up, computed from evidence."""
