"""What every page and every endpoint shares: who asks, in which language, how it is answered and kept safe."""
