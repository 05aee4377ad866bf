"""Records of agent benchmarks."""
