"""Frozen eval cases: exact request, recorded answer, expectation; redacted, and proven to tell bad from good."""
