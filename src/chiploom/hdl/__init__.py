"""Verilog and SystemVerilog in: sources, diagnostics, policy, elaboration, netlist."""
