"""Looks good on dataset: whether what was tested is what happens live."""
