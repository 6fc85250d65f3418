"""People with evidence beside published targets."""
