"""The box, the worker that stays warm, grading one submission and many, evidence."""
