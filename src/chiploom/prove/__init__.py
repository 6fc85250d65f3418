"""The product machine, the solvers, the trace and its independent replay."""
