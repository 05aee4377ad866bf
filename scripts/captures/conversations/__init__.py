"""The conversations, one file each.

A module names the provider's `HOST` and has `record(stub)`, which plays the conversation through a
real SDK and returns what to keep: file names under `fixtures/` and the recordings of each.
"""
