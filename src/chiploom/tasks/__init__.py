"""The Task model, variants, loading and admitting packs."""
