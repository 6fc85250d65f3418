"""Keys, badges, verification."""
