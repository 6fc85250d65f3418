"""Die, yield, shuttle, NRE, finance."""
