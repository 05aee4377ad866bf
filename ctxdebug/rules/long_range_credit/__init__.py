"""Weak long-range credit: whether earlier constraints could be, and were, obeyed."""
