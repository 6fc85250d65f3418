"""And-inverter graph, bit-blasting, bit-parallel simulation."""
