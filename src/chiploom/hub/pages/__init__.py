"""The pages, one module per part of the hub, each with a ``router``."""
