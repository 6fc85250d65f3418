"""chiploom: a task and a submission become a proof, a counterexample or a measurement, as signed evidence."""

__version__ = "0.1.0"
