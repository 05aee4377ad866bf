"""Rows of datasets: training examples and preference pairs."""
