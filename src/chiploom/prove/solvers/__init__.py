"""One small module per way of deciding, behind one interface."""
