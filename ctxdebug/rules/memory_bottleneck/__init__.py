"""Memory bottleneck: what the context window holds, loses and overlooks."""
