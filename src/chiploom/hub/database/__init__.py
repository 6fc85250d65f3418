"""What the hub remembers: tables, the way to them, and how they change from one version to the next."""
