"""Training instability: whether the behaviour stays the same across versions and runs."""
