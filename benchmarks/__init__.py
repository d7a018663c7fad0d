"""The synthetic population, its portrait, and the benchmarks."""
